#pragma once

#include <clairgate/finding/scan_report.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace clairgate::policy {

/// What was known before: a finding is the same when (CVE, else id; ecosystem; package name;
/// repository; platform) are (design section 8). Versions do not count: an upgrade that does not
/// mend it is nothing new.
class Baseline {
  public:
    /// `verified`: when the scan was made, where a signature proves it; then the baseline also says
    /// since when a finding and its fix are known.
    explicit Baseline(finding::ScanReport const& scan,
                      std::optional<SystemTime> verified = std::nullopt);
    bool holds(finding::Finding const& finding) const { return known(finding) != nullptr; }
    std::size_t size() const { return known_.size(); }

    /// Since when a finding, and its fix, have been known.
    struct Dates {
        std::optional<SystemTime> first_seen;
        std::optional<SystemTime> fix_first_seen;
    };
    /// Nothing for a finding it does not hold; no dates where nothing was verified.
    Dates dates(finding::Finding const& finding) const;

  private:
    using Known = std::pair<std::string, Dates>;
    Known const* known(finding::Finding const& finding) const;
    std::vector<Known> known_; ///< sorted by key
};

} // namespace clairgate::policy
