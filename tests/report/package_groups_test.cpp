#include "report/sample_report.hpp"
#include <clairgate/base/text.hpp>
#include <clairgate/report/package_groups.hpp>

#include <gtest/gtest.h>

namespace clairgate::report {
namespace {

using policy::Effect;

TEST(PackageGroups, BinariesOfOneSourceStandTogetherUnderOneFix) {
    auto const report = sample::report();
    auto const groups = package_groups(Record(report), Effect::block);
    ASSERT_EQ(groups.size(), 2U);
    EXPECT_EQ(groups[0].package, "zlib1g"); // critical
    EXPECT_EQ(groups[0].with_fix, 0U);
    EXPECT_EQ(groups[0].to, "");
    auto const& openssl = groups[1];
    EXPECT_EQ(openssl.package, "openssl");
    EXPECT_EQ(openssl.installed, "3.0.11-1~deb12u1");
    EXPECT_EQ(openssl.to, "3.0.17-1~deb12u2");
    EXPECT_EQ(openssl.binaries, (std::vector<std::string_view>{"libssl3", "openssl"}));
    EXPECT_EQ(openssl.findings, 2U);
    ASSERT_EQ(openssl.lines.size(), 1U);
    EXPECT_EQ(openssl.lines[0].ids, std::vector<std::string_view>{"CVE-2099-0001"});
    EXPECT_EQ(openssl.severities.at(static_cast<std::size_t>(finding::Severity::high)), 2U);
}

TEST(PackageGroups, TheNewestFixCountsWhereVersionsCanBeOrdered) {
    std::vector<finding::Finding> findings;
    for (auto const* fix : {"3.0.9-1", "3.0.17-1", "3.0.11-1"})
        findings.push_back(sample::vulnerable(cat("CVE-2099-1", findings.size()),
                                              "openssl",
                                              "3.0.1-1",
                                              finding::Severity::critical,
                                              fix));
    auto report = sample::report_of(sample::scan(findings), policy::built_in());
    EXPECT_EQ(package_groups(Record(report), Effect::block).at(0).to, "3.0.17-1");
    for (auto& finding : report.scan.findings)
        finding.package.ecosystem = "unheard-of";
    auto const other = sample::report_of(report.scan, policy::built_in());
    EXPECT_EQ(package_groups(Record(other), Effect::block).at(0).to, "");
}

TEST(PackageGroups, PlatformsOfALineAreThoseOfItsFindings) {
    auto const report = sample::report_of_two_platforms();
    auto const groups = package_groups(Record(report), Effect::block);
    ASSERT_FALSE(groups.empty());
    EXPECT_EQ(groups[0].lines[0].platforms, PlatformSet{1}); // zlib1g
    EXPECT_EQ(groups[1].lines[0].platforms, PlatformSet{3}); // openssl: on both
}

TEST(PackageGroups, NothingWhereNothingWasDecided) {
    auto const undecided = sample::undecided_report();
    EXPECT_TRUE(package_groups(Record(undecided), Effect::block).empty());
}

} // namespace
} // namespace clairgate::report
