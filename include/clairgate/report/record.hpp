#pragma once

#include <clairgate/report/report.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace clairgate::report {

/// Something that decided: a severity, a rule, an exception or a lock of a policy file.
struct Rule {
    policy::Origin origin;
    std::string text; ///< "severity.high is block-if-fixed"
};

/// What became of one finding, in words. All texts may hold words of the image and of policy files.
struct Decided {
    Decided(policy::Effect effect, std::uint32_t decider) : action(effect), rule(decider) {}

    policy::Effect action;
    std::uint32_t rule;                     ///< of the account's rules: what decided before locks
    std::optional<std::uint32_t> lock = {}; ///< of the account's rules: what made it stricter
    bool is_waived = false;
    bool is_assumed = false;
    std::string sentence;
    std::string remedy;    ///< "upgrade openssl to …"; "" when nothing would change it
    std::string exception; ///< the `[[allow]]` that would let it pass; "" when none would
    std::string pinned;    ///< "lock … (global.toml:3:1)": why none would; "" otherwise
    std::optional<SystemTime> turns_red;

    /// What counts in the end.
    std::uint32_t by() const { return lock.value_or(rule); }
};

/// How one exception fared.
struct ExceptionUse {
    policy::Origin origin;
    std::vector<std::string> ids;
    std::string owner;
    std::string reason;
    std::string expires;  ///< a date; "" for a statement of VEX
    std::string state;    ///< "active", "expired", "not-yet", "refused"
    std::string sentence; ///< what is worth saying; "" when nothing is
    std::uint64_t matched = 0;
    std::uint64_t waived = 0;
    bool is_break_glass = false;
    bool expires_soon = false;
    bool is_over_broad = false;
    bool is_shadowed = false;
};

/// What decided, and where it came from.
struct PolicyAccount {
    std::vector<policy::FileRecord> files; ///< empty: the built-in policy
    std::vector<std::string> notes;
    std::string source;
    bool is_trusted = false;
    bool is_devtron = false;
    bool is_enforced = true;
    std::optional<policy::Origin> not_enforced_by; ///< where `[scan] enforce = "report"` stands
};

/// How many findings have each effect.
struct Summary {
    std::size_t block = 0;
    std::size_t warn = 0;
    std::size_t allow = 0;
    std::size_t waived = 0; ///< of those allowed: by an exception
};

/// A verdict in words: made from one (`account_of`), or read back from report.json. It holds no
/// power to let an image pass: only a policy::Verdict does.
struct Account {
    std::optional<policy::Effect> effect; ///< nothing: undecided
    Summary summary;
    std::vector<Rule> rules;
    std::vector<Decided> decisions; ///< one per finding, in order; empty where undecided
    std::vector<policy::CoverageDecision> coverage; ///< one per platform; empty where undecided
    std::vector<policy::BudgetDecision> budget;
    std::vector<ExceptionUse> exceptions;
    PolicyAccount policy;
};
Account account_of(Report const& report);

/// What every format is rendered from: the facts of a report and the account of its verdict. The
/// report must outlive it.
class Record {
  public:
    explicit Record(Report const& report) : Record(report, account_of(report)) {}
    explicit Record(Report&&) = delete;
    /// The account must be of that report: one decision per finding or none (asserted).
    Record(Report const& report, Account account);
    Record(Report&&, Account) = delete;

    image::Reference const& reference() const { return report_.reference; }
    /// "sha256:…" of what was scanned: the index or the manifest.
    std::string digest() const;
    std::string const& media_type() const { return report_.media_type; }
    std::map<std::string, std::string> const& context() const { return report_.context; }
    finding::ScanReport const& scan() const { return report_.scan; }
    std::vector<finding::Finding> const& findings() const { return report_.scan.findings; }
    std::string const& undecided_reason() const { return report_.undecided_reason; }
    std::string const& clairgate_version() const { return report_.clairgate_version; }
    RunFacts const& run() const { return report_.run; }
    ImageFacts const& image() const { return report_.image; }
    std::optional<Comparison> const& comparison() const { return report_.comparison; }

    Account const& account() const { return account_; }
    bool is_decided() const { return account_.effect.has_value(); }
    /// "pass", "warn", "block", or "undecided".
    std::string_view verdict_word() const;
    /// Of the finding at that place; nullptr where undecided.
    Decided const* decision(std::size_t i) const;
    /// The rule that counts for it; nullptr where undecided.
    Rule const* rule(std::size_t i) const;
    /// What made the layer that brought the finding in; "" when not known.
    std::string_view instruction(finding::Finding const& finding) const;
    /// The newest data that the scan used, when that is known.
    std::optional<SystemTime> data_date() const;

  private:
    Report const& report_;
    Account account_;
    std::unordered_map<std::string_view, std::string_view> instructions_; ///< by layer's digest
};

} // namespace clairgate::report
