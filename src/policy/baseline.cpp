#include <clairgate/base/text.hpp>
#include <clairgate/policy/baseline.hpp>

#include <algorithm>

namespace clairgate::policy {

namespace {

// Advisories of other databases name the same vulnerability differently; its CVE does not.
std::string_view stable_id(finding::Finding const& finding) {
    if (finding.id.starts_with("CVE-"))
        return finding.id;
    for (auto const& alias : finding.aliases)
        if (alias.starts_with("CVE-"))
            return alias;
    return finding.id;
}

std::string key_of(finding::Finding const& finding) {
    constexpr char separator = '\n'; // in no name that a package database can hold
    auto const& package = finding.package;
    return cat(stable_id(finding),
               separator,
               package.ecosystem,
               separator,
               package.name,
               separator,
               package.repository,
               separator,
               finding.platform);
}

} // namespace

Baseline::Baseline(finding::ScanReport const& scan) {
    keys_.reserve(scan.findings.size());
    for (auto const& finding : scan.findings)
        keys_.push_back(key_of(finding));
    std::sort(keys_.begin(), keys_.end());
    keys_.erase(std::unique(keys_.begin(), keys_.end()), keys_.end());
}

bool Baseline::holds(finding::Finding const& finding) const {
    return std::binary_search(keys_.begin(), keys_.end(), key_of(finding));
}

} // namespace clairgate::policy
