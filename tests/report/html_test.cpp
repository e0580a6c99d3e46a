#include "report/golden.hpp"
#include "report/html_page.hpp"
#include <clairgate/base/bytes.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/report/html_assets.hpp>

#include <gtest/gtest.h>

namespace clairgate::report {
namespace {

// What stands between two marks that are there once.
std::string between(std::string const& text, std::string_view from, std::string_view to) {
    auto const begin = text.find(from);
    auto const end = text.find(to, begin + from.size());
    EXPECT_TRUE(begin != std::string::npos && end != std::string::npos) << from;
    EXPECT_EQ(text.find(from, begin + 1), std::string::npos) << from << " is there twice";
    return text.substr(begin + from.size(), end - begin - from.size());
}

// The page without its stylesheet and script, which are files that are read elsewhere.
std::string without_assets(std::string html) {
    for (auto const asset : {html_stylesheet(), html_script()})
        html.erase(html.find(asset.text()), asset.text().size());
    auto const hash_at = html.find("style-src 'sha256-");
    html.erase(hash_at, html.find("base-uri") - hash_at);
    return html;
}

TEST(Html, BlockedReportLooksLikeThis) {
    auto const html = sample::html_of(sample::report_of_two_platforms());
    expect_golden("platforms.html", without_assets(html));
}

TEST(Html, PolicyOfTheDocumentNamesExactlyItsOwnBytes) {
    auto const html = sample::html_of(sample::report());
    auto const hash = [](std::string const& text) { return "sha256-" + to_base64(sha256(text)); };
    auto const policy =
        between(html, "<meta http-equiv=\"Content-Security-Policy\" content=\"", "\">");
    EXPECT_EQ(policy,
              cat("default-src 'none'; style-src '",
                  hash(between(html, "<style>", "</style>")),
                  "'; script-src '",
                  hash(between(html, "<script>", "</script>")),
                  "'; base-uri 'none'; form-action 'none'"));
    for (auto const* bad : {" style=", " onclick=", " onload=", " src=", "<iframe", "<form"})
        EXPECT_EQ(without_assets(html).find(bad), std::string::npos) << bad;
}

TEST(Html, SaysTheVerdictInItsTitle) {
    EXPECT_TRUE(between(sample::html_of(sample::undecided_report()), "<title>", "</title>")
                    .starts_with("undecided – registry.example/team/shop@sha256"));
    EXPECT_NE(sample::html_of(sample::report()).find("data-verdict=\"block\""), std::string::npos);
}

TEST(Html, IsSmallWithoutFindings) {
    auto const report = sample::report_of(sample::scan(), policy::built_in());
    EXPECT_LT(sample::html_of(report).size(), 60'000U);
}

TEST(Html, SkipsAndJumpsToPlacesThatAreThere) {
    for (auto const& report : {sample::report(), sample::undecided_report()}) {
        auto const html = without_assets(sample::html_of(report));
        for (auto at = html.find("href=\"#"); at != std::string::npos;
             at = html.find("href=\"#", at + 1)) {
            auto const id = html.substr(at + 7, html.find('"', at + 7) - at - 7);
            EXPECT_NE(html.find(cat("id=\"", id, "\"")), std::string::npos) << id;
        }
    }
}

// The same elements, whatever texts say, and the texts come back.
TEST(Html, TextIsNeverMarkup) {
    auto const page = [](std::string const& text) {
        auto report = sample::report_of_two_platforms();
        for (auto& finding : report.scan.findings) {
            finding.package.name = finding.package.source_name = text;
            finding.package.version = finding.fixed_version = finding.description = text;
            finding.id = finding.updater = finding.vendor_severity_word = text;
            finding.aliases = {text};
            finding.links = {text};
        }
        for (auto& platform : report.scan.platforms)
            for (auto& one : platform.ecosystems)
                one.ecosystem = one.distribution = text;
        report.context["application"] = text;
        report.image.layers["linux/amd64"] = {{image::Digest::of("layer"), text}};
        report.comparison = Comparison{text, {{text, text, text, text, finding::Severity::low}}};
        auto const judged = sample::report_of(report.scan, *report.policy);
        report.verdict = judged.verdict;
        return without_assets(sample::html_of(report));
    };
    auto const plain = sample::html_read(page("plain"));
    for (std::string const text : {"</script><script>alert(1)</script>",
                                   "\"><img src=x onerror=alert(1)>",
                                   "' onclick='x",
                                   "::error::x",
                                   "##vso[task.complete result=Failed;]",
                                   "\n::stop-commands::x",
                                   "<!--",
                                   "]]>",
                                   "&lt;b&gt;",
                                   "a\x1b]0;x\x07"}) {
        auto const html = page(text);
        auto const read = sample::html_read(html);
        EXPECT_EQ(read.skeleton, plain.skeleton) << text;
        std::string scratch;
        EXPECT_NE(read.text.find(visible(text, scratch)), std::string::npos) << text;
        for (auto const* marker : {"::", "##", "\x1b", "</script"})
            EXPECT_EQ(html.find(marker, html.find("<body>")), std::string::npos) << text;
    }
}

TEST(Html, IsTheSameBytesEachTime) {
    EXPECT_EQ(sample::html_of(sample::report()), sample::html_of(sample::report()));
}

} // namespace
} // namespace clairgate::report
