#include "report/sample_report.hpp"
#include <clairgate/report/upgrades.hpp>

#include <gtest/gtest.h>

namespace clairgate::report {
namespace {

using finding::Severity;

TEST(Upgrades, BinariesOfOneSourceAreOneUpgrade) {
    auto const out = upgrades_of(sample::report());
    EXPECT_EQ(out.blocking, 3U);
    EXPECT_EQ(out.without_fix, 1U);
    ASSERT_EQ(out.upgrades.size(), 1U);
    EXPECT_EQ(out.upgrades[0].package, "openssl");
    EXPECT_EQ(out.upgrades[0].to, "3.0.17-1~deb12u2");
    EXPECT_EQ(out.upgrades[0].clears, 2U);
}

TEST(Upgrades, WhatClearsMostComesFirstAndDifferentFixesNameNoVersion) {
    std::vector<finding::Finding> findings{
        sample::vulnerable("CVE-2099-1", "a", "1", Severity::critical, "2"),
        sample::vulnerable("CVE-2099-2", "b", "1", Severity::critical, "2"),
        sample::vulnerable("CVE-2099-3", "b", "1", Severity::critical, "3"),
        sample::vulnerable("CVE-2099-4", "c", "1", Severity::low, "3")};
    auto const out =
        upgrades_of(sample::report_of(sample::scan(std::move(findings)), policy::built_in()));
    ASSERT_EQ(out.upgrades.size(), 2U);
    EXPECT_EQ(out.upgrades[0].package, "b");
    EXPECT_EQ(out.upgrades[0].to, "");
    EXPECT_EQ(out.upgrades[0].clears, 2U);
    EXPECT_EQ(out.upgrades[1].package, "a");
}

TEST(Upgrades, NothingThatBlocksNeedsNone) {
    auto const clean = upgrades_of(sample::report_of(sample::scan(), policy::built_in()));
    EXPECT_EQ(clean.blocking, 0U);
    EXPECT_TRUE(clean.upgrades.empty());
    EXPECT_TRUE(upgrades_of(sample::undecided_report()).upgrades.empty());
}

} // namespace
} // namespace clairgate::report
