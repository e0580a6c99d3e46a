#include <clairgate/base/json.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/policy/cve_id.hpp>
#include <clairgate/policy/imports.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace clairgate::policy::imports {

namespace {

constexpr std::size_t entry_bytes_max = 120;
constexpr std::size_t why_bytes_max = 300;
constexpr std::size_t id_bytes_max = 128;

// Advisories that scanners name findings by; what trivy calls AVD-… or DS002 is none.
constexpr std::string_view schemes[] = {
    "ALBA-",       "ALINUX2-SA-", "ALINUX3-SA-",  "ALPINE-CVE-", "ALSA-",    "AZL-",     "BIT-",
    "CGA-",        "CURL-",       "DEBIAN-CVE-",  "DLA-",        "DSA-",     "DTSA-",    "ELBA-",
    "ELSA-",       "GMS-",        "GO-",          "GSD-",        "HSEC-",    "LSN-",     "MAL-",
    "MGASA-",      "OSV-",        "PHSA-",        "PSF-",        "PYSEC-",   "RHBA-",    "RHEA-",
    "RHSA-",       "RLSA-",       "RUSTSEC-",     "RXSA-",       "SUSE-RU-", "SUSE-SU-", "TEMP-",
    "UBUNTU-CVE-", "USN-",        "openSUSE-RU-", "openSUSE-SU-"};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_alnum(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// GHSA-xxxx-xxxx-xxxx
bool is_ghsa(std::string_view text) {
    auto const groups = split(text, '-');
    return groups.size() == 4 && std::all_of(groups.begin(), groups.end(), [](std::string_view g) {
               return g.size() == 4 && std::all_of(g.begin(), g.end(), is_alnum);
           });
}

// Amazon has one scheme for each of its repositories: ALAS2023-2023-001, ALAS2DOCKER-2021-001.
std::size_t scheme_bytes(std::string_view text) {
    for (auto const scheme : schemes)
        if (text.starts_with(scheme))
            return scheme.size();
    auto const dash = text.find('-');
    return text.starts_with("ALAS") && dash != std::string_view::npos ? dash + 1 : 0;
}

} // namespace

void Draft::leave(std::string_view entry, std::string_view why) {
    left.push_back({printable(entry, entry_bytes_max), printable(why, why_bytes_max)});
}

DraftFile& Draft::only_file() {
    if (files.empty())
        files.emplace_back();
    return files.front();
}

bool is_vulnerability_id(std::string_view text) {
    if (text.empty() || text.size() > id_bytes_max || !is_alnum(text.back()))
        return false;
    if (text.starts_with("CVE-"))
        return cve_key(text).has_value();
    if (text.starts_with("GHSA-"))
        return is_ghsa(text);
    auto const scheme = scheme_bytes(text);
    auto const rest = text.substr(scheme);
    bool const is_plain = std::all_of(text.begin(), text.end(), [](char c) {
        return is_alnum(c) || std::string_view("-._:").find(c) != std::string_view::npos;
    });
    return scheme > 0 && is_plain && std::any_of(rest.begin(), rest.end(), is_digit);
}

std::optional<Day> parse_day(std::string_view text) {
    auto const midnight = parse_rfc3339(cat(text, "T00:00:00Z"));
    if (text.size() != 10 || !midnight.has_value())
        return std::nullopt;
    return std::chrono::floor<std::chrono::days>(*midnight);
}

std::string to_string(Day day) {
    return to_rfc3339(day).substr(0, 10);
}

Day last_day_before(SystemTime end) {
    return std::chrono::floor<std::chrono::days>(end) - std::chrono::days(1);
}

std::string text_of(nlohmann::json const& object, std::string_view key) {
    auto const* const member = json::find(object, key);
    return member != nullptr && member->is_string() ? member->get<std::string>() : std::string();
}

} // namespace clairgate::policy::imports
