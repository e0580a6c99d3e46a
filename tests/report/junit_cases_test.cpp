#include "report/written_samples.hpp"
#include <clairgate/report/junit_cases.hpp>

#include <gtest/gtest.h>

namespace clairgate::report {
namespace {

using Outcome = TestCase::Outcome;

TEST(TestCases, AreOnePerIdAndPackageWhateverTheVersion) {
    auto scanned = sample::scan();
    for (auto const* version : {"1.0", "2.0", "3.0"})
        scanned.findings.push_back(
            sample::vulnerable("CVE-1", "go", version, finding::Severity::critical));
    scanned.findings.push_back(
        sample::vulnerable("CVE-2", "go", "1.0", finding::Severity::critical));
    finding::normalise(scanned.findings);
    auto const report = sample::report_of(scanned, policy::built_in());
    Record const record(report);
    TestCases const cases(record);
    auto const all = cases.of_platform(0);
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(cases.findings(all[0]).size(), 3U);
    EXPECT_EQ(cases.findings(all[1]).size(), 1U);
    EXPECT_EQ(record.findings()[cases.findings(all[1]).front()].id, "CVE-2");
    EXPECT_TRUE(cases.of_platform(1).empty());
}

TEST(TestCases, AreAsBadAsTheirWorstFinding) {
    auto scanned = sample::scan();
    scanned.findings = {
        sample::vulnerable("CVE-1", "a", "1.0", finding::Severity::low),
        sample::vulnerable("CVE-1", "a", "2.0", finding::Severity::critical),
        sample::vulnerable("CVE-2", "b", "1.0", finding::Severity::high),
    };
    finding::normalise(scanned.findings);
    auto const report = sample::report_of(scanned, policy::built_in());
    Record const record(report);
    TestCases const cases(record);
    auto const all = cases.of_platform(0);
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].outcome, Outcome::failed);
    EXPECT_EQ(all[0].severity, finding::Severity::critical);
    EXPECT_EQ(record.findings()[cases.findings(all[0]).front()].package.version, "2.0");
    EXPECT_EQ(all[1].outcome, Outcome::passed);
}

TEST(TestCases, PutWhatIsSkippedLast) {
    auto const report = sample::report_with_everything();
    Record const record(report);
    TestCases const cases(record);
    auto const all = cases.of_platform(0);
    ASSERT_EQ(all.size(), 5U);
    EXPECT_EQ(all.front().outcome, Outcome::failed);
    EXPECT_EQ(all.back().outcome, Outcome::skipped);
}

TEST(TestCases, AreSkippedWhereNothingWasDecided) {
    auto const report = sample::undecided_with_findings();
    TestCases const cases((Record(report)));
    for (auto const& test : cases.of_platform(0))
        EXPECT_EQ(test.outcome, Outcome::skipped);
}

TEST(TestCases, StayWithTheirPlatform) {
    auto const report = sample::report_of_two_platforms();
    Record const record(report);
    TestCases const cases(record);
    for (std::size_t platform : {0U, 1U})
        for (auto const& test : cases.of_platform(platform))
            for (auto const i : cases.findings(test))
                EXPECT_EQ(record.findings()[i].platform, report.scan.platforms[platform].platform);
    EXPECT_EQ(cases.of_platform(0).size() + cases.of_platform(1).size(),
              report.scan.findings.size());
}

} // namespace
} // namespace clairgate::report
