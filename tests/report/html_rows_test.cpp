#include "report/sample_report.hpp"
#include <clairgate/report/html_rows.hpp>

#include <gtest/gtest.h>

namespace clairgate::report {
namespace {

TEST(HtmlRows, PutsFirstWhatBlocksThenWhatIsWorst) {
    auto const report = sample::report();
    Record const record(report);
    auto const rows = html_rows_of(record);
    std::vector<std::string_view> names;
    for (auto const& group : rows.groups)
        names.push_back(group.name);
    std::vector<std::string_view> const expected{"zlib1g", "openssl", "perl-base", "requests"};
    EXPECT_EQ(names, expected);
    EXPECT_EQ(rows.findings.size(), 5U);
    EXPECT_EQ(rows.rows.size(), 5U);
}

TEST(HtmlRows, KeepsTheBinariesOfASourcePackageTogether) {
    auto const report = sample::report();
    Record const record(report);
    auto const rows = html_rows_of(record);
    auto const& openssl = rows.groups.at(1);
    EXPECT_EQ(openssl.count, 2U);
    EXPECT_EQ(openssl.findings, 2U);
    EXPECT_EQ(openssl.blocking, 2U);
    EXPECT_EQ(openssl.fixable, 2U);
    EXPECT_EQ(openssl.fixed, "3.0.17-1~deb12u2");
    EXPECT_EQ(openssl.installed, "3.0.11-1~deb12u1");
    EXPECT_EQ(rows.groups.at(0).fixed, "");
}

TEST(HtmlRows, NamesTheVersionThatFixesAll) {
    auto findings = sample::findings();
    for (auto& finding : findings)
        if (finding.package.name == "openssl")
            finding.fixed_version = "3.0.9-1";
    auto const report = sample::report_of(sample::scan(findings), policy::built_in());
    Record const record(report);
    EXPECT_EQ(html_rows_of(record).groups.at(1).fixed, "3.0.17-1~deb12u2");
}

TEST(HtmlRows, JoinsWhatDiffersInPlatformAlone) {
    auto const report = sample::report_of_two_platforms();
    Record const record(report);
    auto const rows = html_rows_of(record);
    EXPECT_EQ(rows.findings.size(), 7U);
    EXPECT_EQ(rows.rows.size(), 6U);
    auto const& openssl = rows.groups.at(1);
    ASSERT_EQ(openssl.name, "openssl");
    EXPECT_EQ(openssl.findings, 3U);
    EXPECT_EQ(openssl.count, 2U);
    auto const both = rows.of(rows.rows.at(openssl.first));
    ASSERT_EQ(both.size(), 2U);
    EXPECT_NE(record.findings()[both[0]].platform, record.findings()[both[1]].platform);
}

TEST(HtmlRows, DoesNotJoinWhatIsDecidedDifferently) {
    auto report = sample::report_of_two_platforms();
    Account account = account_of(report);
    for (std::size_t i = 0; i < report.scan.findings.size(); ++i)
        if (report.scan.findings[i].platform == "linux/arm64")
            account.decisions[i].action = policy::Effect::allow;
    Record const record(report, account);
    EXPECT_EQ(html_rows_of(record).rows.size(), 7U);
}

TEST(HtmlRows, RanksExceptionsAboveWhatIsAllowedAnyway) {
    Decided decided(policy::Effect::allow, 0);
    EXPECT_EQ(rank_of(&decided), 0);
    decided.is_waived = true;
    EXPECT_EQ(rank_of(&decided), 1);
    decided.action = policy::Effect::warn;
    EXPECT_EQ(rank_of(&decided), 2);
    decided.action = policy::Effect::block;
    EXPECT_EQ(rank_of(&decided), 3);
    EXPECT_EQ(rank_of(nullptr), 0);
}

TEST(HtmlRows, CopesWithNothing) {
    auto const report = sample::undecided_report();
    Record const record(report);
    auto const rows = html_rows_of(record);
    EXPECT_TRUE(rows.groups.empty());
    EXPECT_TRUE(rows.rows.empty());
}

} // namespace
} // namespace clairgate::report
