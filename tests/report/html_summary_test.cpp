#include "report/html_page.hpp"

#include <gtest/gtest.h>

namespace clairgate::report {
namespace {

std::string text_of(Report const& report, void (*part)(HtmlPage&)) {
    return sample::html_read(sample::html_part(report, part)).text;
}

TEST(HtmlSummary, BeginsWithTheUpgradeThatClearsMost) {
    auto const text = text_of(sample::report(), html_first_steps);
    EXPECT_NE(text.find("Upgrade openssl 3.0.11-1~deb12u1 to 3.0.17-1~deb12u2 clears 2 of 3"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("1 finding that blocks has no known fix"), std::string::npos);
}

TEST(HtmlSummary, AdvisesOnWarningsWhereNothingBlocks) {
    auto const policy = sample::policy("[severity]\ncritical = \"warn\"\nhigh = \"warn\"\n");
    auto const text = text_of(sample::report(policy), html_first_steps);
    EXPECT_NE(text.find("clears 2 of 5"), std::string::npos) << text;
    EXPECT_NE(text.find("2 findings that warn have no known fix"), std::string::npos);
}

TEST(HtmlSummary, SaysWhatTurnsRedLater) {
    auto report = sample::report();
    auto account = account_of(report);
    account.decisions.back().turns_red = sample::time("2027-01-01T00:00:00Z");
    Record const record(report, account);
    std::string text;
    Out out([&](std::string_view piece) { text += piece; });
    HtmlWriter html(out);
    HtmlRows const rows;
    HtmlLayers const layers(record);
    auto const upgrades = upgrades_of(record);
    HtmlPage page{record, html, rows, layers, upgrades, false, {}};
    html_first_steps(page);
    out.finish();
    EXPECT_NE(sample::html_read(text).text.find("2027-01-01 00:00 UTC: CVE-"), std::string::npos);
}

TEST(HtmlSummary, DrawsABarForEachSeverity) {
    auto const html = sample::html_part(sample::report(), html_severities);
    EXPECT_NE(html.find("<rect class=\"all\" height=\"1\" width=\"1000\"/>"
                        "<rect height=\"1\" width=\"1000\"/>"),
              std::string::npos); // high: two of two fixable
    EXPECT_NE(html.find("<rect class=\"all\" height=\"1\" width=\"500\"/>"
                        "<rect height=\"1\" width=\"0\"/>"),
              std::string::npos); // critical: one, no fix
    auto const text = sample::html_read(html).text;
    EXPECT_NE(text.find("critical101high222medium000low100negligible000unknown110"),
              std::string::npos)
        << text;
    EXPECT_EQ(text_of(sample::undecided_report(), html_severities), "");
}

TEST(HtmlSummary, TellsWhatTheChangeBrought) {
    auto report = sample::report();
    EXPECT_EQ(text_of(report, html_comparison), "");
    report.comparison =
        Comparison{"registry.example/team/shop@sha256:0",
                   {{"CVE-2098-1", "linux/amd64", "<curl>", "7.1", finding::Severity::high}}};
    for (auto& finding : report.scan.findings)
        finding.is_new = finding.package.name == "requests";
    auto const text = text_of(report, html_comparison);
    EXPECT_NE(text.find("1 new 1 fixed 4 unchanged"), std::string::npos) << text;
    EXPECT_NE(text.find("highCVE-2098-1<curl>7.1linux/amd64"), std::string::npos) << text;
    EXPECT_NE(text.find("Compared with registry.example/team/shop@sha256:0"), std::string::npos);
}

} // namespace
} // namespace clairgate::report
