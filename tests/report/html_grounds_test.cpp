#include "report/html_page.hpp"

#include <gtest/gtest.h>

namespace clairgate::report {
namespace {

std::string text_of(Report const& report) {
    return sample::html_read(sample::html_part(report, html_grounds)).text;
}

TEST(HtmlGrounds, TellCoverageOfEachPlatform) {
    auto const text = text_of(sample::report_of_two_platforms());
    EXPECT_NE(text.find("linux/amd64: covered"), std::string::npos);
    EXPECT_NE(text.find("linux/arm64: partly covered"), std::string::npos);
    EXPECT_NE(text.find("arch rolling is not supported by Clair"), std::string::npos);
    EXPECT_NE(text.find("debian debian 12 (bookworm)88yesdebian/updater2026-11-24 06:00 UTC"),
              std::string::npos)
        << text;
}

TEST(HtmlGrounds, TellPolicyFilesWithTheirDigest) {
    EXPECT_NE(text_of(sample::report()).find("Built-in: critical blocks"), std::string::npos);
    auto const policy = sample::policy("[severity]\nhigh = \"block\"\n");
    auto const text = text_of(sample::report(policy));
    EXPECT_NE(text.find("global.toml"), std::string::npos);
    EXPECT_NE(text.find(policy.files.at(0).digest), std::string::npos);
    EXPECT_NE(text.find("which is not a trusted source"), std::string::npos);
}

TEST(HtmlGrounds, TellHowExceptionsFared) {
    auto const policy = sample::policy("[[allow]]\nid = [\"CVE-2099-0003\"]\npackage = \"zlib1g\"\n"
                                       "reason = \"not reachable <here>\"\nowner = \"team-shop\"\n"
                                       "expires = 2026-12-01\n");
    auto const text = text_of(sample::report(policy));
    EXPECT_NE(text.find("CVE-2099-0003active expires soon2026-12-01team-shop"
                        "not reachable <here>"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("global.toml:2:1"), std::string::npos) << text;
}

TEST(HtmlGrounds, TellTheAgeOfTheData) {
    auto report = sample::report();
    EXPECT_NE(text_of(report).find("of 2026-11-24 06:00 UTC, 6h00m old at the scan."),
              std::string::npos);
    report.scan.scanner.updaters.clear();
    EXPECT_NE(text_of(report).find("The age of its vulnerability data is not known."),
              std::string::npos);
}

TEST(HtmlGrounds, ListLayersWithTheirInstruction) {
    auto report = sample::report();
    report.image.layers["linux/amd64"] = {{image::Digest::of("base"), "ADD file:1 in /"},
                                          {image::Digest::of("layer"), "RUN apt-get"},
                                          {image::Digest::of("top"), ""}};
    auto const text = text_of(report);
    EXPECT_NE(text.find("1ADD file:1 in /"), std::string::npos);
    EXPECT_NE(text.find("2RUN apt-get"), std::string::npos);
    EXPECT_NE(text.find("3not known"), std::string::npos);
}

TEST(HtmlGrounds, OfAnUndecidedReportJudgeNoCoverage) {
    auto const text = text_of(sample::undecided_report());
    EXPECT_EQ(text.find("linux/amd64: "), std::string::npos);
    EXPECT_NE(text.find("osv/pypi"), std::string::npos);
}

} // namespace
} // namespace clairgate::report
