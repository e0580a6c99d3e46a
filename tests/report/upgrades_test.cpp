#include "report/sample_report.hpp"
#include <clairgate/report/upgrades.hpp>

#include <gtest/gtest.h>

namespace clairgate::report {
namespace {

using finding::Severity;

std::size_t of(SeverityCounts const& counts, Severity severity) {
    return counts.at(static_cast<std::size_t>(severity));
}

TEST(Upgrades, BinariesOfOneSourceAreOneUpgrade) {
    auto const report = sample::report();
    auto const out = upgrades_of(Record(report));
    EXPECT_EQ(out.findings, 3U);
    EXPECT_EQ(out.without_fix, 1U);
    ASSERT_EQ(out.upgrades.size(), 1U);
    EXPECT_EQ(out.upgrades[0].package, "openssl");
    EXPECT_EQ(out.upgrades[0].installed, "3.0.11-1~deb12u1");
    EXPECT_EQ(out.upgrades[0].to, "3.0.17-1~deb12u2");
    EXPECT_EQ(out.upgrades[0].clears, 2U);
    EXPECT_EQ(of(out.upgrades[0].severities, Severity::high), 2U);
}

TEST(Upgrades, WhatClearsMostComesFirstAndTheNewestFixCounts) {
    std::vector<finding::Finding> findings{
        sample::vulnerable("CVE-2099-1", "a", "1", Severity::critical, "2"),
        sample::vulnerable("CVE-2099-2", "b", "1", Severity::critical, "10"),
        sample::vulnerable("CVE-2099-3", "b", "2", Severity::critical, "9"),
        sample::vulnerable("CVE-2099-4", "c", "1", Severity::low, "3")};
    auto const report = sample::report_of(sample::scan(findings), policy::built_in());
    auto const out = upgrades_of(Record(report));
    ASSERT_EQ(out.upgrades.size(), 2U);
    EXPECT_EQ(out.upgrades[0].package, "b");
    EXPECT_EQ(out.upgrades[0].to, "10");
    EXPECT_EQ(out.upgrades[0].installed, ""); // two versions are
    EXPECT_EQ(out.upgrades[0].clears, 2U);
    EXPECT_EQ(out.upgrades[1].package, "a");
    auto const warned = upgrades_of(Record(report), policy::Effect::warn);
    ASSERT_EQ(warned.upgrades.size(), 1U);
    EXPECT_EQ(warned.upgrades[0].package, "c");
}

TEST(Upgrades, VersionsThatCannotBeOrderedNameNone) {
    std::vector<finding::Finding> findings{
        sample::vulnerable("CVE-2099-2", "b", "1", Severity::critical, "2.0rc1"),
        sample::vulnerable("CVE-2099-3", "b", "1", Severity::critical, "2.0")};
    for (auto& finding : findings)
        finding.package.ecosystem = "pypi";
    auto const report = sample::report_of(sample::scan(findings), policy::built_in());
    EXPECT_EQ(upgrades_of(Record(report)).upgrades.at(0).to, "");
}

TEST(Upgrades, NothingThatBlocksNeedsNone) {
    auto const clean = sample::report_of(sample::scan(), policy::built_in());
    EXPECT_EQ(upgrades_of(Record(clean)).findings, 0U);
    EXPECT_TRUE(upgrades_of(Record(clean)).upgrades.empty());
    auto const undecided = sample::undecided_report();
    EXPECT_TRUE(upgrades_of(Record(undecided)).upgrades.empty());
}

TEST(SeverityCountsOf, CountsAllOrThoseOfOneEffect) {
    auto const report = sample::report();
    Record const record(report);
    EXPECT_EQ(of(severity_counts(record), Severity::high), 2U);
    EXPECT_EQ(of(severity_counts(record), Severity::low), 1U);
    EXPECT_EQ(of(severity_counts(record, policy::Effect::block), Severity::critical), 1U);
    EXPECT_EQ(of(severity_counts(record, policy::Effect::block), Severity::low), 0U);
}

TEST(TurningRedOf, TheNextOneComesFirst) {
    auto report = sample::report();
    auto account = account_of(report);
    account.decisions[0].turns_red = sample::time("2027-02-01T00:00:00Z");
    account.decisions[1].turns_red = sample::time("2027-01-01T00:00:00Z");
    account.decisions[2].turns_red = sample::time("2027-01-01T00:00:00Z");
    auto const red = turning_red(Record(report, account));
    ASSERT_EQ(red.size(), 3U);
    EXPECT_EQ(red[0].when, sample::time("2027-01-01T00:00:00Z"));
    EXPECT_EQ(red[2].when, sample::time("2027-02-01T00:00:00Z"));
    EXPECT_EQ(red[2].findings, 1U);
}

} // namespace
} // namespace clairgate::report
