#pragma once

#include <clairgate/finding/scan_report.hpp>
#include <clairgate/policy/id_index.hpp>
#include <clairgate/policy/policy.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::policy {

/// One opinion of a Policy by its place: an index, so that decisions are small and copy with it.
struct OpinionRef {
    enum class Kind : std::uint8_t { severity, rule, waiver, lock };
    std::uint32_t layer = 0;
    Kind kind = Kind::severity;
    std::uint32_t index = 0; ///< of the layer's rules, waivers or locks; the severity's number
    friend bool operator==(OpinionRef const&, OpinionRef const&) = default;
};
Origin const& origin_of(Policy const& policy, OpinionRef opinion);
/// "severity.high is block-if-fixed", "rule.exploited is block", "lock severity.critical".
std::string text_of(Policy const& policy, OpinionRef opinion);

/// What becomes of one finding and who says so; `explain` has the words.
struct Decision {
    Effect effect;
    OpinionRef by;                       ///< what decided before locks
    std::optional<OpinionRef> lock;      ///< the lock that made it stricter than `by` alone
    std::optional<OpinionRef> waiver;    ///< the exception that matched, also one without effect
    bool is_waived = false;              ///< `by` is an exception, and it counts
    bool is_assumed = false;             ///< an unknown fact was tried both ways
    std::optional<SystemTime> turns_red; ///< when an allowed finding will block, if it is known
    std::optional<OpinionRef> pinned_by; ///< of one that blocks: the outer lock that no exception
                                         ///< of the application lifts
};

/// A decision about something other than a finding.
struct Judgement {
    Effect effect;
    Origin origin;
    std::string sentence;
};

enum class CoverageState { covered, partly, uncovered };
std::string_view to_string(CoverageState state);

struct CoverageDecision {
    std::string platform;
    CoverageState state;
    std::vector<std::string> reasons; ///< one sentence per ecosystem that is not covered
    Judgement decision;
    bool is_stale = false; ///< the data is too old, and nothing else is wrong
};

struct BudgetDecision {
    finding::Severity severity;
    std::uint64_t unwaived; ///< findings
    std::uint64_t allowed;
    Judgement decision;
};

/// How one exception fared in this verdict.
struct WaiverUse {
    OpinionRef waiver;
    std::size_t matched = 0; ///< findings it speaks of
    std::size_t waived = 0;  ///< of those, allowed because of it
    enum class State { active, expired, not_yet, refused } state = State::active;
    bool expires_soon = false;  ///< within 14 days
    bool is_shadowed = false;   ///< matched, and something stricter or nearer decided each time
    bool is_over_broad = false; ///< lifts many packages without naming one
    std::string sentence;       ///< what is worth saying; "" when nothing is
};

/// The judgement of one image. No default constructor: only an Evaluator makes one.
class Verdict {
  public:
    Effect effect() const { return effect_; }
    /// One per finding of the report, in the same order.
    std::vector<Decision> const& decisions() const { return decisions_; }
    /// One per platform of the report, in the same order.
    std::vector<CoverageDecision> const& coverage() const { return coverage_; }
    std::vector<BudgetDecision> const& budget() const { return budget_; }
    /// One per exception of the policy.
    std::vector<WaiverUse> const& waivers() const { return waivers_; }

  private:
    friend class Evaluator;
    explicit Verdict(Effect effect) : effect_(effect) {}
    Effect effect_;
    std::vector<Decision> decisions_;
    std::vector<CoverageDecision> coverage_;
    std::vector<BudgetDecision> budget_;
    std::vector<WaiverUse> waivers_;
};

/// What is judged beside the scan itself.
struct Question {
    std::string repository;  ///< "registry.example/team/app"
    SystemTime now;          ///< for expiry, ages and the end of life
    std::string digest = {}; ///< "sha256:…" of what was named: the index or the manifest
};

/// A policy made ready to judge many scans: exceptions are found by id, not searched. The policy
/// must outlive it.
class Evaluator {
  public:
    explicit Evaluator(Policy const& policy);
    /// Total and pure. A report without platforms is a programmer's error (asserted); one without
    /// findings is judged by its coverage.
    Verdict judge(finding::ScanReport const& scan, Question const& question) const;
    /// One finding alone.
    Decision decide(Facts const& facts) const;

  private:
    struct Match { // an exception whose ids and scope fit the finding
        OpinionRef waiver;
        bool is_active;
    };
    using Matches = std::span<Match const>; // nearest first
    enum class Pass { everything, ids_only, but_ids };

    static void fold(std::vector<Match>& matches);
    void find_matches(Facts const& facts, std::vector<Match>& out) const;
    struct Candidate { // what is decided before locks
        Effect effect;
        OpinionRef by;
        bool is_assumed;
    };
    struct Passed {
        std::optional<Candidate> candidate;
        bool is_settled; ///< whatever the unknown facts are, nothing farther out has a say
    };
    Passed decide_in(Facts const& facts, Matches matches, Pass pass) const;
    void apply_locks(Facts const& facts, Matches matches, Decision& decision) const;
    struct HeldLock { // a lock of what a finding may come to
        std::uint32_t layer;
        std::uint32_t index; ///< of the layer's locks
        Lock::Kind kind;     ///< severity or rule
        std::uint32_t of;    ///< the severity's number, or the index of the rule
        Action action;       ///< what that says
        bool is_waivable;
    };
    struct Floor {
        Effect effect;
        bool is_assumed; ///< an unknown fact was tried both ways
    };
    void hold_locks();
    Waiver const& waiver_of(OpinionRef ref) const;
    bool lifts(Match const& match, HeldLock const& held) const;
    std::optional<Floor>
    floor_above(Effect effect, HeldLock const& held, Facts const& facts, Matches matches) const;
    std::optional<OpinionRef> pinned_by(Facts const& facts) const;
    static std::optional<OpinionRef> told_of(Matches matches, OpinionRef by);
    Decision decide_with(Facts const& facts, Matches matches) const;
    std::optional<SystemTime> turns_red(Facts const& facts, Decision const& today) const;

    Policy const& policy_;
    std::vector<OpinionRef> waivers_; // nearest first
    IdIndex by_id_;                   // of `waivers_`
    std::vector<std::uint32_t> without_id_;
    std::vector<HeldLock> locks_; // outermost first
    using Stated = std::array<std::optional<Action>, finding::severities.size()>;
    std::vector<Stated> stated_; // of each layer, by the severity's number
};

/// `Evaluator(policy).judge(scan, question)`.
Verdict evaluate(Policy const& policy, finding::ScanReport const& scan, Question const& question);

/// A decision in words.
struct Explanation {
    Origin origin;
    std::optional<Origin> lock; ///< that made it stricter
    std::string sentence;       ///< "high, fixed in 3.0.17-1: severity.high is block-if-fixed"
    std::string remedy; ///< what would change it: "upgrade openssl to …"; "" when nothing would
};
Explanation
explain(Policy const& policy, finding::Finding const& finding, Decision const& decision);

/// An `[[allow]]` for this finding, with the fields to fill in; TOML.
std::string exception_snippet(finding::Finding const& finding);

/// Coverage of one platform under a maximum age of data (design section 7), with the reasons.
CoverageDecision judge_coverage(Policy const& policy,
                                finding::Scanner const& scanner,
                                finding::PlatformScan const& platform,
                                SystemTime now);

} // namespace clairgate::policy
