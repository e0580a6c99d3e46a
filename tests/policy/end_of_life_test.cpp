#include <clairgate/base/text.hpp>
#include <clairgate/policy/end_of_life.hpp>

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

// The last day with support.
std::string day(std::string_view distribution) {
    auto const end = end_of_life(distribution);
    if (!end)
        return "";
    auto const last = to_rfc3339(*end - std::chrono::seconds(1));
    EXPECT_TRUE(last.ends_with("T23:59:59Z")) << last;
    return last.substr(0, 10);
}

struct Row {
    std::string_view distribution;
    std::string_view day;
};

TEST(EndOfLife, KnowsEachDistributionAsClairNamesIt) {
    Row const rows[] = {{"debian 8 (jessie)", "2020-06-30"},
                        {"debian 11 (bullseye)", "2026-08-31"},
                        {"debian 12 (bookworm)", "2028-06-30"},
                        {"debian 13 (trixie)", "2030-06-30"},
                        {"ubuntu 18.04 (Bionic)", "2023-05-31"},
                        {"ubuntu 20.04.2 LTS (Focal Fossa)", "2025-05-31"},
                        {"ubuntu 22.04 (Jammy)", "2027-06-01"},
                        {"ubuntu 23.10 (Mantic)", "2024-07-11"},
                        {"alpine 3.1", "2016-11-01"},
                        {"alpine 3.10", "2021-05-01"},
                        {"alpine 3.19", "2025-11-01"},
                        {"alpine 3.24", "2028-06-01"},
                        {"rhel 7", "2024-06-30"},
                        {"rhel 8", "2029-05-31"},
                        {"rhel 10", "2035-05-31"},
                        {"ol 8", "2029-07-31"},
                        {"ol 9", "2032-06-30"},
                        {"amzn 2018.03", "2023-12-31"},
                        {"amzn 2", "2026-06-30"},
                        {"amzn 2023", "2029-06-30"},
                        {"sles 11", "2019-03-31"},
                        {"sles 12", "2024-10-31"},
                        {"sles 15.4", "2023-12-31"},
                        {"sles 15.7", "2031-07-31"},
                        {"opensuse-leap 15.5", "2024-12-31"},
                        {"opensuse 42.3", "2019-07-01"},
                        {"photon 3.0", "2025-10-02"},
                        {"photon 4.0", "2027-10-11"}};
    for (auto const& row : rows)
        EXPECT_EQ(day(row.distribution), row.day) << row.distribution;
}

TEST(EndOfLife, APointReleaseIsItsRelease) {
    EXPECT_EQ(day("debian 12.5 (bookworm)"), day("debian 12 (bookworm)"));
    EXPECT_EQ(day("debian 12"), day("debian 12 (bookworm)"));
    EXPECT_EQ(day("alpine 3.19.1"), day("alpine 3.19"));
    EXPECT_EQ(day("rhel 8.10"), day("rhel 8"));
    EXPECT_EQ(day("ol 9.3"), day("ol 9"));
    EXPECT_EQ(day("amzn 2023.5.20240708"), day("amzn 2023"));
    EXPECT_EQ(day("photon 3"), day("photon 3.0"));
    EXPECT_EQ(day("sles 15-SP4"), day("sles 15.4"));
    EXPECT_EQ(day("sles 12-SP4"), "2020-06-30");
    EXPECT_EQ(day("sles 12.5"), "2024-10-31");
}

TEST(EndOfLife, WhatIsNotKnownIsNothing) {
    for (std::string const text : {"",
                                   " ",
                                   "debian",
                                   "debian ",
                                   "debian  12",
                                   "debian sid",
                                   "debian (bookworm)",
                                   "debian 14 (forky)",
                                   "debian 1",
                                   "debian 120",
                                   "debian -12",
                                   "debian 12x",
                                   "Debian 12 (bookworm)",
                                   " debian 12",
                                   "debian\t12",
                                   "ubuntu 22",
                                   "ubuntu 22.0",
                                   "ubuntu 22.040",
                                   "alpine edge",
                                   "alpine 3",
                                   "alpine 3.190",
                                   "rhel 80",
                                   "ol 10",
                                   "amzn 2022",
                                   "sles 15",
                                   "sles 16",
                                   "sles 15-SP",
                                   "sles 15-SP44",
                                   "opensuse 20240101",
                                   "opensuse-tumbleweed 20240101",
                                   "photon 5.0",
                                   "wolfi",
                                   "wolfi 12",
                                   "almalinux 9.1",
                                   "centos 7",
                                   "fedora 40"})
        EXPECT_EQ(day(text), "") << text;
    EXPECT_EQ(end_of_life("debian " + std::string(1'000'000, '1')), std::nullopt);
    EXPECT_EQ(end_of_life(std::string("debian 12\0", 10)), std::nullopt);
}

} // namespace
} // namespace clairgate::policy
