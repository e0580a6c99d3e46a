#include <clairgate/finding/finding.hpp>

#include <algorithm>
#include <iterator>
#include <tuple>

namespace clairgate::finding {

namespace {

auto key_of(Finding const& f) {
    return std::tie(f.platform, f.package, f.id, f.updater, f.fixed_version, f.distribution);
}

bool is_same(Finding const& a, Finding const& b) {
    bool const is_same_source = a.updater == b.updater || a.fixed_version == b.fixed_version;
    return a.platform == b.platform && a.package == b.package && a.id == b.id && is_same_source;
}

void unite(std::vector<std::string>& into, std::vector<std::string> const& from) {
    into.insert(into.end(), from.begin(), from.end());
    std::sort(into.begin(), into.end());
    into.erase(std::unique(into.begin(), into.end()), into.end());
}

// Advisories per product repeat one CVE for one package: the worst of them is the finding.
void fold(Finding& kept, Finding const& other) {
    if (other.severity > kept.severity) {
        kept.severity = other.severity;
        kept.severity_source = other.severity_source;
        kept.vendor_severity = other.vendor_severity;
        kept.vendor_severity_word = other.vendor_severity_word;
    }
    if (other.published && (!kept.published || *other.published < *kept.published))
        kept.published = other.published;
    if (kept.fixed_version.empty())
        kept.fixed_version = other.fixed_version;
    if (kept.cvss.empty())
        kept.cvss = other.cvss;
    unite(kept.aliases, other.aliases);
    unite(kept.links, other.links);
}

} // namespace

bool less_by_name(Finding const& a, Finding const& b) {
    return key_of(a) < key_of(b);
}

void normalise(std::vector<Finding>& findings) {
    std::stable_sort(findings.begin(), findings.end(), less_by_name);
    std::vector<Finding> kept;
    kept.reserve(findings.size());
    for (auto& finding : findings) {
        // Duplicates stand side by side but for their updater: look back over the same package and
        // id.
        auto const same = std::find_if(kept.rbegin(), kept.rend(), [&](Finding const& other) {
            return is_same(other, finding) || other.id != finding.id ||
                   other.package != finding.package || other.platform != finding.platform;
        });
        if (same != kept.rend() && is_same(*same, finding))
            fold(*same, finding);
        else
            kept.push_back(std::move(finding));
    }
    findings = std::move(kept);
}

} // namespace clairgate::finding
