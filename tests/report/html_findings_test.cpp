#include "report/html_page.hpp"

#include <gtest/gtest.h>

namespace clairgate::report {
namespace {

std::size_t count_of(std::string_view text, std::string_view piece) {
    std::size_t count = 0;
    for (auto at = text.find(piece); at != std::string_view::npos; at = text.find(piece, at + 1))
        ++count;
    return count;
}

std::string findings_of(Report const& report) {
    return sample::html_part(report, html_findings);
}

TEST(HtmlFindings, EachLineHasWhatTheScriptFiltersBy) {
    auto const html = findings_of(sample::report());
    EXPECT_EQ(count_of(html, "<tr class=\"f\""), 5U);
    EXPECT_NE(html.find("<tr class=\"f\" data-s=\"5\" data-a=\"block\" data-f=\"0\">"),
              std::string::npos);
    EXPECT_NE(
        html.find("<tr class=\"f\" data-s=\"4\" data-a=\"block\" data-f=\"1\" data-l=\"0 \">"),
        std::string::npos);
    EXPECT_EQ(count_of(html, "data-a=\"warn\""), 2U);
}

TEST(HtmlFindings, HeadOnlyGroupsOfSeveral) {
    auto const html = findings_of(sample::report());
    EXPECT_EQ(count_of(html, "<tr class=\"g\">"), 1U);
    auto const text = sample::html_read(html).text;
    EXPECT_NE(text.find("openssl 3.0.11-1~deb12u1 → 3.0.17-1~deb12u2 fixes 2 2 block"),
              std::string::npos)
        << text;
}

TEST(HtmlFindings, NameThePlatformWhereThereAreMore) {
    auto const text = sample::html_read(findings_of(sample::report_of_two_platforms())).text;
    EXPECT_NE(text.find("Platform"), std::string::npos);
    EXPECT_NE(text.find("Blocksall 2"), std::string::npos);
    EXPECT_NE(text.find("Warnslinux/arm64"), std::string::npos);
    auto const one = sample::html_read(findings_of(sample::report())).text;
    EXPECT_EQ(one.find("Platform"), std::string::npos);
}

TEST(HtmlFindings, MarkWhatIsNewWhereThereIsABaseline) {
    auto report = sample::report();
    EXPECT_EQ(findings_of(report).find("<mark>new"), std::string::npos);
    report.comparison = Comparison{"registry.example/team/shop@sha256:0", {}};
    for (auto& finding : report.scan.findings)
        finding.is_new = finding.package.name == "requests";
    auto const html = findings_of(report);
    EXPECT_EQ(count_of(html, "<mark>new</mark>"), 1U);
    EXPECT_EQ(count_of(html, "data-n=\"1\""), 1U);
    EXPECT_EQ(count_of(html, "data-n=\"0\""), 4U);
    EXPECT_NE(html.find("<select id=\"n\">"), std::string::npos);
}

TEST(HtmlFindings, OfAnUndecidedReportAreNoCleanResult) {
    auto report = sample::undecided_report();
    EXPECT_NE(findings_of(report).find("That is no clean result"), std::string::npos);
    report.scan.findings = sample::findings();
    auto const html = findings_of(report);
    EXPECT_EQ(count_of(html, "data-a=\"none\""), 5U);
    EXPECT_EQ(html.find("Allowed"), std::string::npos);
    EXPECT_EQ(html.find("<select id=\"a\">"), std::string::npos);
}

TEST(HtmlFindings, SayWhenThereAreNone) {
    auto const report = sample::report_of(sample::scan(), policy::built_in());
    EXPECT_NE(findings_of(report).find("No vulnerability was found"), std::string::npos);
}

TEST(HtmlFindings, CountWhatIsLeftOut) {
    auto one = sample::vulnerable("CVE-2099-1", "a", "1", finding::Severity::low);
    std::vector<finding::Finding> many(html_rows_max + 7, one);
    for (std::size_t i = 0; i < many.size(); ++i)
        many[i].id = "CVE-2099-" + std::to_string(i);
    auto const html = findings_of(sample::report_of(sample::scan(many), policy::built_in()));
    EXPECT_EQ(count_of(html, "<tr class=\"f\""), html_rows_max);
    EXPECT_NE(html.find("… and 7 more: <code>-o json=FILE</code>"), std::string::npos);
}

} // namespace
} // namespace clairgate::report
