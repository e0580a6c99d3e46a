#pragma once

#include <clairgate/finding/scan_report.hpp>

#include <string>
#include <vector>

namespace clairgate::policy {

/// What was known before: a finding is the same when (CVE, else id; ecosystem; package name;
/// repository; platform) are (design section 8). Versions do not count: an upgrade that does not
/// mend it is nothing new.
class Baseline {
  public:
    explicit Baseline(finding::ScanReport const& scan);
    bool holds(finding::Finding const& finding) const;
    std::size_t size() const { return keys_.size(); }

  private:
    std::vector<std::string> keys_; ///< sorted
};

} // namespace clairgate::policy
