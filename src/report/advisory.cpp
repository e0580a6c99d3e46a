#include <clairgate/base/text.hpp>
#include <clairgate/report/advisory.hpp>

#include <algorithm>
#include <iterator>

namespace clairgate::report {

namespace {

struct Source {
    std::string_view prefix;
    std::string_view type;
    std::string_view before; ///< of the id in the page's URL; "": no such page is known
    std::string_view after = {};
};

constexpr Source sources[] = {
    {"CVE-", "cve", "https://nvd.nist.gov/vuln/detail/"},
    {"GHSA-", "ghsa", "https://github.com/advisories/"},
    {"RHSA-", "rhsa", "https://access.redhat.com/errata/"},
    {"RHBA-", "rhba", "https://access.redhat.com/errata/"},
    {"RHEA-", "rhea", "https://access.redhat.com/errata/"},
    {"ELSA-", "elsa", "https://linux.oracle.com/errata/", ".html"},
    {"USN-", "usn", "https://ubuntu.com/security/notices/"},
    {"DSA-", "dsa", "https://security-tracker.debian.org/tracker/"},
    {"DLA-", "dla", "https://security-tracker.debian.org/tracker/"},
    {"GO-", "go", "https://pkg.go.dev/vuln/"},
    {"PYSEC-", "pysec", "https://osv.dev/vulnerability/"},
    {"RUSTSEC-", "rustsec", "https://osv.dev/vulnerability/"},
    {"MAL-", "mal", "https://osv.dev/vulnerability/"},
    {"ALAS", "alas", ""},
    {"SUSE-", "suse", ""},
};

bool is_plain(std::string_view id) {
    constexpr std::size_t id_bytes_max = 64;
    return id.size() <= id_bytes_max && std::all_of(id.begin(), id.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == ':' || c == '.' || c == '_';
           });
}

Source const* source_of(std::string_view id) {
    auto const* const found = std::find_if(
        std::begin(sources), std::end(sources), [&](auto& s) { return id.starts_with(s.prefix); });
    return found == std::end(sources) || !is_plain(id) ? nullptr : found;
}

} // namespace

std::string_view advisory_type(std::string_view id) {
    auto const* const source = source_of(id);
    return source == nullptr ? "advisory" : source->type;
}

std::optional<std::string> advisory_url(std::string_view id) {
    auto const* const source = source_of(id);
    if (source == nullptr || source->before.empty())
        return std::nullopt;
    return cat(source->before, id, source->after);
}

} // namespace clairgate::report
