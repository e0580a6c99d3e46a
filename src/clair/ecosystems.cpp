#include <clairgate/base/bytes.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/clair/ecosystems.hpp>

#include <algorithm>
#include <utility>

namespace clairgate::clair {

namespace {

// Which part of an updater's name must tell the image's release.
enum class Release { any, alpine, ubuntu, amazon, photon, suse, opensuse };

struct Row {
    Ecosystem ecosystem;
    std::string_view did;     ///< or the repository's name for a language
    std::string_view updater; ///< prefix of the names of its updaters
    Release release = Release::any;
};

constexpr Row table[] = {
    {{"debian", "deb", false, true}, "debian", "debian/updater"},
    {{"ubuntu", "deb", false, true}, "ubuntu", "ubuntu/updater/", Release::ubuntu},
    {{"alpine", "apk", false, true}, "alpine", "alpine-", Release::alpine},
    {{"rhel", "rpm", false, true}, "rhel", "rhel-vex"},
    {{"oracle", "rpm", false, true}, "ol", "oracle-"},
    {{"amazon", "rpm", false, true}, "amzn", "aws-", Release::amazon},
    {{"photon", "rpm", false, true}, "photon", "photon-updater-", Release::photon},
    {{"suse", "rpm", false, true}, "sles", "suse-updater-", Release::suse},
    {{"opensuse", "rpm", false, true}, "opensuse-leap", "suse-updater-", Release::opensuse},
    {{"opensuse", "rpm", false, true}, "opensuse", "suse-updater-", Release::opensuse},
    {{"pypi", "pypi", true, true}, "pypi", "osv/pypi"},
    {{"maven", "maven", true, true}, "maven", "osv/maven"},
    {{"gem", "gem", true, true}, "rubygems", "osv/rubygems"},
    {{"golang", "golang", true, true}, "go", "osv/go"},
};

// What Clair's scanners put before the path of a language's package database.
constexpr std::pair<std::string_view, std::string_view> databases[] = {{"python:", "pypi"},
                                                                       {"maven:", "maven"},
                                                                       {"jar:", "maven"},
                                                                       {"file:", "maven"},
                                                                       {"ruby:", "rubygems"},
                                                                       {"go:", "go"}};

std::string_view first_word(std::string_view text) {
    return text.substr(0, text.find_first_of(" )"));
}

std::string_view major_of(std::string_view version) {
    return version.substr(0, version.find('.'));
}

// Whether `rest` of an updater's name, after its prefix, is about the release `version`, which is
// what follows the id in a distribution's text.
bool is_of_release(Release release, std::string_view rest, std::string_view version) {
    auto const number = first_word(version);
    if (version.empty())
        return release == Release::any;
    switch (release) {
    case Release::any:
        return true;
    case Release::alpine: // main-v3.19-updater, community-edge-updater
        return rest.find(number == "edge" ? std::string("-edge-") : cat("-v", number, "-")) !=
               std::string_view::npos;
    case Release::ubuntu: { // "22.04 (Jammy)": jammy
        auto const open = version.find('(');
        return open != std::string_view::npos &&
               rest == to_lower(first_word(version.substr(open + 1)));
    }
    case Release::amazon: // AL2-updater; 2018.03 is AL1
        return rest == cat("AL", number == "2018.03" ? std::string_view("1") : number, "-updater");
    case Release::photon:
        return rest == cat("photon", major_of(number)) || rest == number;
    case Release::suse:
        return rest == cat("suse.linux.enterprise.server.", number) ||
               rest == cat("suse.linux.enterprise.server.", major_of(number));
    case Release::opensuse:
        return rest == cat("opensuse.leap.", number);
    }
    return false;
}

// Alpine's data is by branch, which only the pretty name tells in every version of Clair.
std::string alpine_branch(Habitat const& habitat) {
    auto const& pretty = habitat.pretty_name;
    if (pretty.ends_with("edge"))
        return "edge";
    auto const v = pretty.rfind(" v");
    auto const version = v != std::string::npos    ? pretty.substr(v + 2)
                         : habitat.version.empty() ? habitat.version_id
                                                   : habitat.version;
    auto const parts = split(version, '.');
    return parts.size() < 2 ? version : cat(parts[0], ".", parts[1]);
}

std::string upper_hex(char c) {
    auto hex = to_hex({&c, 1});
    std::transform(hex.begin(), hex.end(), hex.begin(), [](char digit) {
        return digit >= 'a' && digit <= 'f' ? static_cast<char>(digit - 'a' + 'A') : digit;
    });
    return hex;
}

// Percent-encodes all but RFC 3986's unreserved characters and `kept` (purl-spec keeps ':').
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
            out += cat("%", upper_hex(c));
    }
    return out;
}

// pkg:rpm names Red Hat by its vendor.
std::string_view namespace_of(std::string_view did) {
    return did == "rhel" ? "redhat" : did;
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
    if (ecosystem.name == "golang")
        return encoded(to_lower(package.name), "/");
    return encoded(package.name);
}

} // namespace

Ecosystem ecosystem_of(Habitat const& habitat) {
    for (auto const& row : table)
        if (row.ecosystem.is_language && row.did == habitat.repository_name)
            return row.ecosystem;
    for (auto const& row : table)
        if (!row.ecosystem.is_language && row.did == habitat.did)
            return row.ecosystem;
    bool const is_red_hat = habitat.repository_key == "rhel-cpe-repository" ||
                            habitat.repository_key == "rhcc-container-repository" ||
                            habitat.repository_name == "Red Hat Container Catalog";
    if (habitat.did.empty() && is_red_hat)
        return {"rhel", "rpm", false, true};
    if (habitat.did.empty())
        return {"unknown", "", false, false};
    // Downstreams are named in the report, but Clair's matchers do not take them.
    return {habitat.did, "", false, false};
}

std::string_view repository_of_database(std::string_view package_db) {
    for (auto const& [prefix, repository] : databases)
        if (package_db.starts_with(prefix))
            return repository;
    return {};
}

bool is_language_repository(std::string_view name) {
    return std::any_of(std::begin(table), std::end(table), [&](Row const& row) {
        return row.ecosystem.is_language && row.did == name;
    });
}

bool feeds(std::string_view updater, std::string_view ecosystem, std::string_view distribution) {
    auto const space = distribution.find(' ');
    auto const version =
        space == std::string_view::npos ? std::string_view() : distribution.substr(space + 1);
    return std::any_of(std::begin(table), std::end(table), [&](Row const& row) {
        return row.ecosystem.name == ecosystem && updater.starts_with(row.updater) &&
               is_of_release(row.release, updater.substr(row.updater.size()), version);
    });
}

std::string distribution_text(Habitat const& habitat) {
    if (habitat.did.empty())
        return {};
    auto const version = habitat.did == "alpine"   ? alpine_branch(habitat)
                         : habitat.version.empty() ? habitat.version_id
                                                   : habitat.version;
    return version.empty() ? habitat.did : cat(habitat.did, " ", version);
}

std::string
purl_of(finding::Package const& package, Ecosystem const& ecosystem, Habitat const& habitat) {
    if (ecosystem.purl_type.empty() || package.name.empty())
        return {};
    bool const is_rpm = ecosystem.purl_type == "rpm";
    auto const colon = is_rpm ? package.version.find(':') : std::string::npos;
    auto const version = colon == std::string::npos ? package.version // "epoch:version-release"
                                                    : package.version.substr(colon + 1);
    auto out = cat("pkg:", ecosystem.purl_type, "/");
    auto const did = habitat.did.empty() && is_rpm ? ecosystem.name : habitat.did;
    if (!ecosystem.is_language)
        out += cat(encoded(namespace_of(did)), "/");
    out += name_part(package, ecosystem);
    if (!version.empty())
        out += cat("@", encoded(version, ":"));
    if (ecosystem.is_language)
        return out;
    char separator = '?';
    auto const qualify = [&](std::string_view key, std::string_view value) {
        if (!value.empty())
            out += cat(std::exchange(separator, '&'), key, "=", encoded(value, ":"));
    };
    auto const release = ecosystem.name == "alpine" ? alpine_branch(habitat) : habitat.version_id;
    qualify("arch", package.architecture);
    qualify("distro", habitat.did.empty() || release.empty() ? "" : cat(habitat.did, "-", release));
    qualify("epoch", colon == std::string::npos ? "" : package.version.substr(0, colon));
    return out;
}

} // namespace clairgate::clair
