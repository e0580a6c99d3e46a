#pragma once

#include <clairgate/finding/scan_report.hpp>
#include <clairgate/policy/policy.hpp>

#include <string>
#include <vector>

namespace clairgate::policy {

/// Why one finding (or one platform's coverage) is allowed, warned of or blocked.
struct Decision {
    Effect effect;
    Origin origin;
    std::string sentence; ///< "high with a fix (3.0.17-1~deb12u2): severity.high is block-if-fixed"
    std::string remedy;   ///< what would change it: "upgrade openssl to …"; "" when nothing would
};

enum class CoverageState { covered, partly, uncovered };
std::string_view to_string(CoverageState state);

struct CoverageDecision {
    std::string platform;
    CoverageState state;
    std::vector<std::string> reasons; ///< one sentence per ecosystem that is not covered
    Decision decision;
};

/// The judgement of one image. No default constructor: only `evaluate` makes one.
class Verdict {
  public:
    Effect effect() const { return effect_; }
    /// One per finding of the report, in the same order.
    std::vector<Decision> const& decisions() const { return decisions_; }
    /// One per platform of the report, in the same order.
    std::vector<CoverageDecision> const& coverage() const { return coverage_; }

  private:
    friend Verdict evaluate(Policy const&, finding::ScanReport const&, SystemTime);
    Verdict(Effect effect, std::vector<Decision> decisions, std::vector<CoverageDecision> coverage)
        : effect_(effect), decisions_(std::move(decisions)), coverage_(std::move(coverage)) {}
    Effect effect_;
    std::vector<Decision> decisions_;
    std::vector<CoverageDecision> coverage_;
};

/// Judges a scan. Total and pure: `now` is only used for the age of data. A report without
/// platforms is a programmer's error (asserted); one without findings is judged by its coverage.
Verdict evaluate(Policy const& policy, finding::ScanReport const& scan, SystemTime now);

/// Coverage of one platform under a maximum age of data (design section 7), with the reasons.
CoverageDecision judge_coverage(Policy const& policy,
                                finding::Scanner const& scanner,
                                finding::PlatformScan const& platform,
                                SystemTime now);

} // namespace clairgate::policy
