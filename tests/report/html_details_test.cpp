#include "report/html_page.hpp"

#include <gtest/gtest.h>

namespace clairgate::report {
namespace {

// The details of the first line about a package.
std::string details_of(Report const& report, std::string_view package) {
    return sample::html_part(report, [&](HtmlPage& page) {
        for (auto const row : page.rows.rows) {
            auto const& finding = page.record.findings()[page.rows.of(row).front()];
            if (finding.package.name == package)
                return html_details(page, row);
        }
    });
}

TEST(HtmlDetails, TellDecisionOriginAndRemedy) {
    auto const policy = sample::policy("[severity]\nhigh = \"block\"\n");
    auto const html = details_of(sample::report(policy), "libssl3");
    auto const text = sample::html_read(html).text;
    EXPECT_NE(text.find("high, fixed in 3.0.17-1~deb12u2: severity.high is block"),
              std::string::npos);
    EXPECT_NE(text.find("Decided byseverity.high is block "), std::string::npos) << text;
    EXPECT_NE(text.find("global.toml:3:1"), std::string::npos);
    EXPECT_NE(text.find("What helpsupgrade libssl3 to 3.0.17-1~deb12u2"), std::string::npos);
    EXPECT_NE(text.find("[[allow]]\nid      = [\"CVE-2099-0001\"]\n"), std::string::npos);
    EXPECT_NE(text.find("A \"quoted\" text\nof two lines, with naïve 漢字."), std::string::npos);
    EXPECT_NE(text.find("DSA-5000-1, GHSA-aaaa-bbbb-cccc"), std::string::npos);
    EXPECT_NE(html.find("href=\"https://example.org/CVE-2099-0001\""), std::string::npos);
}

TEST(HtmlDetails, SayWhyNoExceptionHelps) {
    auto report = sample::report();
    auto account = account_of(report);
    for (auto& decided : account.decisions) {
        decided.exception.clear();
        decided.pinned = "lock severity.critical (global.toml:3:1)";
    }
    Record const record(report, account);
    std::string text;
    Out out([&](std::string_view piece) { text += piece; });
    HtmlWriter html(out);
    auto const rows = html_rows_of(record);
    HtmlLayers const layers(record);
    auto const upgrades = upgrades_of(record);
    HtmlPage page{record, html, rows, layers, upgrades, false, {}};
    html_details(page, rows.rows.front());
    out.finish();
    EXPECT_NE(text.find("no exception of an application lifts lock severity.critical"),
              std::string::npos);
    EXPECT_EQ(text.find("<pre>"), std::string::npos);
}

TEST(HtmlDetails, NameTheLayerOfEachPlatform) {
    auto report = sample::report_of_two_platforms();
    report.image.layers["linux/amd64"] = {{image::Digest::of("layer"), "RUN apt-get install <x>"}};
    auto const text = sample::html_read(details_of(report, "libssl3")).text;
    EXPECT_NE(text.find("linux/amd64 RUN apt-get install <x> sha256:"), std::string::npos) << text;
    EXPECT_NE(text.find("linux/arm64 RUN apt-get install <x> sha256:"), std::string::npos);
}

TEST(HtmlDetails, OfAnUndecidedFindingTellNoDecision) {
    auto report = sample::report();
    report.verdict.reset();
    auto const text = sample::html_read(details_of(report, "libssl3")).text;
    EXPECT_EQ(text.find("Decided by"), std::string::npos);
    EXPECT_NE(text.find("built from openssl 3.0.11-1~deb12u1"), std::string::npos);
}

TEST(HtmlDetails, ShowScores) {
    auto report = sample::report();
    for (auto& finding : report.scan.findings) {
        finding.epss = 0.1234;
        finding.is_known_exploited = true;
        finding.cvss.resize(9, {"3.1", "AV:N", 7.25});
    }
    auto const text = sample::html_read(details_of(report, "zlib1g")).text;
    EXPECT_NE(text.find("CVSS 3.1 9.8 CVSS:3.1/AV:N"), std::string::npos);
    EXPECT_NE(text.find("… and 5 more"), std::string::npos);
    EXPECT_NE(text.find("EPSS 12.3 %"), std::string::npos);
    EXPECT_NE(text.find("known to be exploited"), std::string::npos);
}

} // namespace
} // namespace clairgate::report
