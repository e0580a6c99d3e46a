#include <clairgate/base/text.hpp>
#include <clairgate/policy/end_of_life.hpp>

#include <algorithm>
#include <chrono>
#include <span>

namespace clairgate::policy {

namespace {

constexpr std::chrono::sys_days on(int year, unsigned month, unsigned day) {
    return std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day);
}

// A version matches what begins with its components: 3.1 stands for 3.1.4, not for 3.10. The first
// one that matches counts.
struct Release {
    std::string_view version;
    std::chrono::sys_days ends; // the last day with support
};

// End of LTS: wiki.debian.org/LTS; where there was none, of the security team's support.
constexpr Release debian[] = {{"4", on(2010, 2, 15)},
                              {"5", on(2012, 2, 6)},
                              {"6", on(2016, 2, 29)},
                              {"7", on(2018, 5, 31)},
                              {"8", on(2020, 6, 30)},
                              {"9", on(2022, 6, 30)},
                              {"10", on(2024, 6, 30)},
                              {"11", on(2026, 8, 31)},
                              {"12", on(2028, 6, 30)},
                              {"13", on(2030, 6, 30)}};

// End of standard support, without ESM: ubuntu.com/about/release-cycle, distro-info-data.
constexpr Release ubuntu[] = {
    {"10.04", on(2015, 4, 30)}, {"10.10", on(2012, 4, 10)}, {"11.04", on(2012, 10, 28)},
    {"11.10", on(2013, 5, 9)},  {"12.04", on(2017, 4, 28)}, {"12.10", on(2014, 5, 16)},
    {"13.04", on(2014, 1, 27)}, {"13.10", on(2014, 7, 17)}, {"14.04", on(2019, 4, 25)},
    {"14.10", on(2015, 7, 23)}, {"15.04", on(2016, 2, 4)},  {"15.10", on(2016, 7, 28)},
    {"16.04", on(2021, 4, 30)}, {"16.10", on(2017, 7, 20)}, {"17.04", on(2018, 1, 13)},
    {"17.10", on(2018, 7, 19)}, {"18.04", on(2023, 5, 31)}, {"18.10", on(2019, 7, 18)},
    {"19.04", on(2020, 1, 23)}, {"19.10", on(2020, 7, 17)}, {"20.04", on(2025, 5, 31)},
    {"20.10", on(2021, 7, 22)}, {"21.04", on(2022, 1, 20)}, {"21.10", on(2022, 7, 14)},
    {"22.04", on(2027, 6, 1)},  {"22.10", on(2023, 7, 20)}, {"23.04", on(2024, 1, 25)},
    {"23.10", on(2024, 7, 11)}, {"24.04", on(2029, 5, 31)}, {"24.10", on(2025, 7, 10)},
    {"25.04", on(2026, 1, 15)}, {"25.10", on(2026, 7, 9)},  {"26.04", on(2031, 5, 29)}};

// alpinelinux.org/releases; edge has no end.
constexpr Release alpine[] = {
    {"2.6", on(2015, 5, 1)},   {"2.7", on(2015, 11, 1)},   {"3.0", on(2016, 5, 1)},
    {"3.1", on(2016, 11, 1)},  {"3.2", on(2017, 5, 1)},    {"3.3", on(2017, 11, 1)},
    {"3.4", on(2018, 5, 1)},   {"3.5", on(2018, 11, 1)},   {"3.6", on(2019, 5, 1)},
    {"3.7", on(2019, 11, 1)},  {"3.8", on(2020, 5, 1)},    {"3.9", on(2020, 11, 1)},
    {"3.10", on(2021, 5, 1)},  {"3.11", on(2021, 11, 1)},  {"3.12", on(2022, 5, 1)},
    {"3.13", on(2022, 11, 1)}, {"3.14", on(2023, 5, 1)},   {"3.15", on(2023, 11, 1)},
    {"3.16", on(2024, 5, 23)}, {"3.17", on(2024, 11, 22)}, {"3.18", on(2025, 5, 9)},
    {"3.19", on(2025, 11, 1)}, {"3.20", on(2026, 4, 1)},   {"3.21", on(2026, 11, 1)},
    {"3.22", on(2027, 5, 1)},  {"3.23", on(2027, 11, 1)},  {"3.24", on(2028, 6, 1)}};

// End of maintenance support, without ELS: access.redhat.com/support/policy/updates/errata
constexpr Release red_hat[] = {{"4", on(2012, 2, 29)},
                               {"5", on(2017, 3, 31)},
                               {"6", on(2020, 11, 30)},
                               {"7", on(2024, 6, 30)},
                               {"8", on(2029, 5, 31)},
                               {"9", on(2032, 5, 31)},
                               {"10", on(2035, 5, 31)}};

// End of Premier Support, the last day of the month that Oracle names: Oracle Lifetime Support
// Policy, Oracle Linux.
constexpr Release oracle[] = {{"5", on(2017, 6, 30)},
                              {"6", on(2021, 3, 31)},
                              {"7", on(2024, 12, 31)},
                              {"8", on(2029, 7, 31)},
                              {"9", on(2032, 6, 30)}};

// aws.amazon.com/amazon-linux-2/faqs, docs.aws.amazon.com/linux/al2023/ug/release-cadence.html; the
// first Amazon Linux after its maintenance phase.
constexpr Release amazon[] = {
    {"2018.03", on(2023, 12, 31)}, {"2", on(2026, 6, 30)}, {"2023", on(2029, 6, 30)}};

// End of general support, without LTSS: suse.com/lifecycle. A bare major is known when all of its
// service packs have ended.
constexpr Release sles[] = {{"11", on(2019, 3, 31)},
                            {"12.0", on(2016, 6, 30)},
                            {"12.1", on(2017, 5, 31)},
                            {"12.2", on(2018, 3, 31)},
                            {"12.3", on(2019, 6, 30)},
                            {"12.4", on(2020, 6, 30)},
                            {"12", on(2024, 10, 31)},
                            {"15.0", on(2019, 12, 31)},
                            {"15.1", on(2021, 1, 31)},
                            {"15.2", on(2021, 12, 31)},
                            {"15.3", on(2022, 12, 31)},
                            {"15.4", on(2023, 12, 31)},
                            {"15.5", on(2024, 12, 31)},
                            {"15.6", on(2025, 12, 31)},
                            {"15.7", on(2031, 7, 31)},
                            {"16.0", on(2027, 11, 30)}};

// en.opensuse.org/Lifetime
constexpr Release leap[] = {{"13.1", on(2016, 2, 3)},
                            {"13.2", on(2017, 1, 17)},
                            {"42.1", on(2017, 5, 17)},
                            {"42.2", on(2018, 1, 26)},
                            {"42.3", on(2019, 7, 1)},
                            {"15.0", on(2019, 12, 3)},
                            {"15.1", on(2021, 2, 2)},
                            {"15.2", on(2022, 1, 4)},
                            {"15.3", on(2022, 12, 31)},
                            {"15.4", on(2023, 12, 7)},
                            {"15.5", on(2024, 12, 31)},
                            {"15.6", on(2026, 4, 30)},
                            {"16.0", on(2027, 10, 31)}};

// VMware's announcements of the end of 1.x and 2.0; 3.0 and 4.0 end with vSphere 7 and 8.
constexpr Release photon[] = {{"1", on(2022, 2, 28)},
                              {"2", on(2022, 12, 1)},
                              {"3", on(2025, 10, 2)},
                              {"4", on(2027, 10, 11)}};

struct Distribution {
    std::string_view id; // os-release's
    std::span<Release const> releases;
};
constexpr Distribution distributions[] = {{"debian", debian},
                                          {"ubuntu", ubuntu},
                                          {"alpine", alpine},
                                          {"rhel", red_hat},
                                          {"ol", oracle},
                                          {"amzn", amazon},
                                          {"sles", sles},
                                          {"opensuse-leap", leap},
                                          {"opensuse", leap},
                                          {"photon", photon}};

// "12" of "12 (bookworm)", "22.04.3" of "22.04.3 LTS (Jammy)", "15.4" of "15-SP4".
std::string version_of(std::string_view text) {
    auto const word = text.substr(0, text.find(' '));
    constexpr std::string_view service_pack = "-SP";
    auto const at = word.find(service_pack);
    return at == std::string_view::npos
               ? std::string(word)
               : cat(word.substr(0, at), ".", word.substr(at + service_pack.size()));
}

bool begins_with(std::string_view version, std::string_view components) {
    return version.starts_with(components) &&
           (version.size() == components.size() || version[components.size()] == '.');
}

} // namespace

std::optional<SystemTime> end_of_life(std::string_view distribution) {
    auto const space = distribution.find(' ');
    auto const id = distribution.substr(0, space);
    auto const* const known = std::find_if(std::begin(distributions),
                                           std::end(distributions),
                                           [&](Distribution const& d) { return d.id == id; });
    if (space == std::string_view::npos || known == std::end(distributions))
        return std::nullopt;
    auto const version = version_of(distribution.substr(space + 1));
    for (auto const& release : known->releases)
        if (begins_with(version, release.version))
            return release.ends + std::chrono::days(1);
    return std::nullopt;
}

} // namespace clairgate::policy
