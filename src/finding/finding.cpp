#include <clairgate/finding/finding.hpp>

#include <algorithm>
#include <cstddef>
#include <tuple>

namespace clairgate::finding {

namespace {

// How far back a duplicate is looked for: duplicates of one updater are neighbours, so only the
// folding of different updaters with one fix is bounded by it.
constexpr std::size_t look_back_max = 64;

auto key_of(Finding const& f) {
    return std::tie(f.platform, f.package, f.id, f.updater, f.fixed_version, f.distribution);
}

// Every other fact, so that equal keys in another order give the same bytes.
auto facts_of(Finding const& f) {
    return std::tie(f.severity_source,
                    f.vendor_severity,
                    f.vendor_severity_word,
                    f.published,
                    f.description,
                    f.layer,
                    f.links,
                    f.aliases);
}

auto facts_of(Cvss const& cvss) {
    return std::tie(cvss.score, cvss.version, cvss.vector);
}

bool is_same_place(Finding const& a, Finding const& b) {
    return a.id == b.id && a.package == b.package && a.platform == b.platform;
}

bool is_same_source(Finding const& a, Finding const& b) {
    return a.updater == b.updater || a.fixed_version == b.fixed_version;
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
    if (kept.description.empty())
        kept.description = other.description;
    if (!kept.layer)
        kept.layer = other.layer;
    if (kept.cvss.empty())
        kept.cvss = other.cvss;
    unite(kept.aliases, other.aliases);
    unite(kept.links, other.links);
    if (kept.links.size() > links_max)
        kept.links.resize(links_max);
}

} // namespace

bool less_by_name(Finding const& a, Finding const& b) {
    if (auto const order = key_of(a) <=> key_of(b); order != 0)
        return order < 0;
    if (a.severity != b.severity)
        return a.severity > b.severity;
    if (auto const order = facts_of(a) <=> facts_of(b); order != 0)
        return order < 0;
    return std::lexicographical_compare(
        a.cvss.begin(), a.cvss.end(), b.cvss.begin(), b.cvss.end(), [](auto& x, auto& y) {
            return facts_of(x) < facts_of(y);
        });
}

void normalise(std::vector<Finding>& findings) {
    // In place: a large report's findings exist once.
    std::sort(findings.begin(), findings.end(), less_by_name);
    std::size_t kept = 0;
    std::size_t run = 0; // first of the kept ones of the same platform, package and id
    for (std::size_t i = 0; i < findings.size(); ++i) {
        auto& finding = findings[i];
        if (kept == 0 || !is_same_place(findings[kept - 1], finding))
            run = kept;
        auto const first = std::max(run, kept - std::min(kept, look_back_max));
        auto const end = findings.begin() + static_cast<std::ptrdiff_t>(kept);
        auto const same = std::find_if(findings.begin() + static_cast<std::ptrdiff_t>(first),
                                       end,
                                       [&](auto& other) { return is_same_source(other, finding); });
        if (same != end) {
            fold(*same, finding);
            continue;
        }
        if (kept != i)
            findings[kept] = std::move(finding);
        ++kept;
    }
    findings.erase(findings.begin() + static_cast<std::ptrdiff_t>(kept), findings.end());
}

} // namespace clairgate::finding
