#include <clairgate/base/text.hpp>
#include <clairgate/policy/baseline.hpp>

#include <algorithm>
#include <tuple>

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

Baseline::Baseline(finding::ScanReport const& scan, std::optional<SystemTime> verified) {
    known_.reserve(scan.findings.size());
    for (auto const& finding : scan.findings) {
        Dates dates;
        if (verified) {
            dates.first_seen = finding.first_seen ? finding.first_seen : verified;
            if (!finding.fixed_version.empty())
                dates.fix_first_seen = finding.fix_first_seen ? finding.fix_first_seen : verified;
        }
        known_.emplace_back(key_of(finding), dates);
    }
    // Of duplicates the earliest dates stay: they come first.
    std::sort(known_.begin(), known_.end(), [](Known const& a, Known const& b) {
        return std::tie(a.first, a.second.first_seen, a.second.fix_first_seen) <
               std::tie(b.first, b.second.first_seen, b.second.fix_first_seen);
    });
    known_.erase(std::unique(known_.begin(),
                             known_.end(),
                             [](Known const& a, Known const& b) { return a.first == b.first; }),
                 known_.end());
}

Baseline::Dates Baseline::dates(finding::Finding const& finding) const {
    auto const* const found = known(finding);
    return found == nullptr ? Dates{} : found->second;
}

Baseline::Known const* Baseline::known(finding::Finding const& finding) const {
    auto const key = key_of(finding);
    auto const found =
        std::lower_bound(known_.begin(), known_.end(), key, [](Known const& a, auto const& b) {
            return a.first < b;
        });
    return found != known_.end() && found->first == key ? &*found : nullptr;
}

} // namespace clairgate::policy
