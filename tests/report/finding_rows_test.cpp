#include "report/sample_report.hpp"
#include <clairgate/report/finding_rows.hpp>

#include <gtest/gtest.h>

namespace clairgate::report {
namespace {

using finding::Severity;

TEST(FindingRows, StandWorstFirstThenByName) {
    auto const rows = finding_rows(sample::report(), policy::Effect::block);
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[0].package, "zlib1g");
    EXPECT_EQ(rows[0].severity_text, "critical 9.8");
    EXPECT_EQ(rows[1].package, "libssl3");
    EXPECT_EQ(rows[1].severity_text, "high");
    EXPECT_EQ(rows[1].fixed_in, "3.0.17-1~deb12u2");
    EXPECT_EQ(rows[2].package, "openssl");
    EXPECT_EQ(rows[2].origin.rule, "severity.high");
}

TEST(FindingRows, AreThoseOfOneEffectOnly) {
    auto const policy = sample::policy("[severity]\nlow = \"allow\"\n");
    auto const report = sample::report(policy);
    EXPECT_EQ(finding_rows(report, policy::Effect::block).size(), 3U);
    EXPECT_EQ(finding_rows(report, policy::Effect::warn).size(), 1U);
    auto const allowed = finding_rows(report, policy::Effect::allow);
    ASSERT_EQ(allowed.size(), 1U);
    EXPECT_EQ(allowed[0].id, "CVE-2099-0002");
}

TEST(FindingRows, OnePlatformMoreIsNoRowMore) {
    auto const rows = finding_rows(sample::report_of_two_platforms(), policy::Effect::block);
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[1].package, "libssl3");
    EXPECT_EQ(rows[1].platforms, (std::set<std::string>{"linux/amd64", "linux/arm64"}));
    EXPECT_EQ(rows[1].findings, 2U);
    EXPECT_EQ(rows[2].platforms, (std::set<std::string>{"linux/amd64"}));
}

TEST(FindingRows, AnotherFixOrSeverityIsAnotherRow) {
    auto const one = sample::finding(Severity::critical, "2");
    auto other_fix = one;
    other_fix.fixed_version = "3";
    auto other_score = one;
    other_score.severity_source = "cvss";
    other_score.cvss = {{"3.1", "", 9.05}};
    auto const rows = finding_rows(
        sample::report_of(sample::scan({one, other_fix, other_score}), policy::built_in()),
        policy::Effect::block);
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[1].severity_text, "critical 9.1");
}

TEST(FindingRows, AnUndecidedReportHasNone) {
    EXPECT_TRUE(finding_rows(sample::undecided_report(), policy::Effect::block).empty());
}

} // namespace
} // namespace clairgate::report
