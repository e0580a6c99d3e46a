#include <clairgate/base/bytes.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/clair/ecosystems.hpp>

#include <algorithm>

namespace clairgate::clair {

namespace {

enum class Release { any, in_name, code_name_in_name };

struct Row {
    Ecosystem ecosystem;
    std::string_view did;     ///< or the repository's name for a language
    std::string_view updater; ///< prefix of the names of its updaters
    Release release = Release::any;
};

constexpr Row table[] = {
    {{"debian", "deb", false, true}, "debian", "debian/updater"},
    {{"ubuntu", "deb", false, true}, "ubuntu", "ubuntu/updater/", Release::code_name_in_name},
    {{"alpine", "apk", false, true}, "alpine", "alpine-", Release::in_name},
    {{"rhel", "rpm", false, true}, "rhel", "rhel-vex"},
    {{"oracle", "rpm", false, true}, "ol", "oracle-"},
    {{"amazon", "rpm", false, true}, "amzn", "aws-"},
    {{"photon", "rpm", false, true}, "photon", "photon-updater-"},
    {{"suse", "rpm", false, true}, "sles", "suse"},
    {{"opensuse", "rpm", false, true}, "opensuse-leap", "suse"},
    {{"pypi", "pypi", true, true}, "pypi", "osv/pypi"},
    {{"maven", "maven", true, true}, "maven", "osv/maven"},
    {{"gem", "gem", true, true}, "rubygems", "osv/rubygems"},
    {{"golang", "golang", true, true}, "go", "osv/go"},
};

// RFC 3986 unreserved characters stay; purl-spec also keeps ':' in versions.
std::string encoded(std::string_view text, std::string_view kept = "") {
    std::string out;
    for (char const c : text) {
        bool const is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                              (c >= '0' && c <= '9') ||
                              std::string_view("-._~").find(c) != std::string_view::npos ||
                              kept.find(c) != std::string_view::npos;
        if (is_plain)
            out += c;
        else
            out += cat("%", to_hex({&c, 1}));
    }
    return out;
}

std::string pypi_name(std::string_view name) {
    auto out = to_lower(name);
    std::replace(out.begin(), out.end(), '_', '-');
    return out;
}

std::string name_part(finding::Package const& package, Ecosystem const& ecosystem) {
    if (ecosystem.name == "pypi")
        return encoded(pypi_name(package.name));
    auto const colon = package.name.find(':');
    if (ecosystem.name == "maven" && colon != std::string::npos)
        return cat(
            encoded(package.name.substr(0, colon)), "/", encoded(package.name.substr(colon + 1)));
    return encoded(package.name, ecosystem.name == "golang" ? "/" : "");
}

} // namespace

Ecosystem ecosystem_of(Habitat const& habitat) {
    for (auto const& row : table)
        if (row.ecosystem.is_language && row.did == habitat.repository_name)
            return row.ecosystem;
    for (auto const& row : table)
        if (!row.ecosystem.is_language && row.did == habitat.did)
            return row.ecosystem;
    if (habitat.did.empty() && habitat.repository_key == "rhel-cpe-repository")
        return {"rhel", "rpm", false, true};
    if (habitat.did.empty())
        return {"unknown", "", false, false};
    // Downstreams are named in the report, but Clair's matchers do not take them.
    return {habitat.did, "", false, false};
}

bool feeds(std::string_view updater, std::string_view ecosystem, std::string_view distribution) {
    auto const* const row = std::find_if(std::begin(table), std::end(table), [&](Row const& r) {
        return r.ecosystem.name == ecosystem;
    });
    if (row == std::end(table) || !updater.starts_with(row->updater))
        return false;
    if (row->release == Release::any)
        return true;
    // "ubuntu 22.04 (jammy)" is fed by ubuntu/updater/jammy, "alpine 3.19" by
    // alpine-main-v3.19-updater.
    auto const open = distribution.find('(');
    auto const close = distribution.find(')');
    if (row->release == Release::code_name_in_name)
        return open != std::string_view::npos && close != std::string_view::npos &&
               updater.substr(row->updater.size()) ==
                   to_lower(distribution.substr(open + 1, close - open - 1))
                       .substr(0, updater.size() - row->updater.size());
    auto const space = distribution.find(' ');
    return space != std::string_view::npos &&
           updater.find(cat("-v", distribution.substr(space + 1), "-")) != std::string_view::npos;
}

std::string distribution_text(Habitat const& habitat) {
    if (habitat.did.empty())
        return {};
    if (habitat.did == "alpine") {
        // VERSION_ID is 3.19.1, the data is for v3.19.
        auto const parts = split(habitat.version_id, '.');
        return parts.size() < 2 ? cat("alpine ", habitat.version_id)
                                : cat("alpine ", parts[0], ".", parts[1]);
    }
    auto const& version = habitat.version.empty() ? habitat.version_id : habitat.version;
    return version.empty() ? habitat.did : cat(habitat.did, " ", version);
}

std::string
purl_of(finding::Package const& package, Ecosystem const& ecosystem, Habitat const& habitat) {
    if (ecosystem.purl_type.empty() || package.name.empty())
        return {};
    auto out = cat("pkg:", ecosystem.purl_type, "/");
    if (!ecosystem.is_language)
        out += cat(encoded(habitat.did), "/");
    out += name_part(package, ecosystem);
    if (!package.version.empty())
        out += cat("@", encoded(package.version, ":"));
    if (ecosystem.is_language)
        return out;
    char separator = '?';
    if (!package.architecture.empty()) {
        out += cat("?arch=", encoded(package.architecture));
        separator = '&';
    }
    if (!habitat.did.empty() && !habitat.version_id.empty())
        out += cat(separator, "distro=", encoded(cat(habitat.did, "-", habitat.version_id)));
    return out;
}

} // namespace clairgate::clair
