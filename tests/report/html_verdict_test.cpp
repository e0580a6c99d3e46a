#include "report/html_page.hpp"

#include <gtest/gtest.h>

namespace clairgate::report {
namespace {

std::string text_of(Report const& report) {
    return sample::html_read(sample::html_part(report, html_verdict)).text;
}

TEST(HtmlVerdict, SaysWhatBlocksAndWhatUpgradesDo) {
    auto const text = text_of(sample::report());
    EXPECT_NE(text.find("✕Blocked"), std::string::npos);
    EXPECT_NE(text.find("registry.example/team/shop@sha256:"), std::string::npos);
    EXPECT_NE(text.find("2 of the 3 findings that block can be fixed by upgrading 1 package."),
              std::string::npos);
    EXPECT_NE(text.find("3 block 2 warn 0 allowed"), std::string::npos) << text;
    EXPECT_NE(text.find("linux/amd64 (100 packages)"), std::string::npos);
}

TEST(HtmlVerdict, SaysWhenNothingWasFound) {
    auto const text = text_of(sample::report_of(sample::scan(), policy::built_in()));
    EXPECT_NE(text.find("✓Allowed"), std::string::npos);
    EXPECT_NE(text.find("Nothing was found that policy objects to."), std::string::npos);
}

TEST(HtmlVerdict, SaysLoudlyThatNothingWasDecided) {
    auto const text = text_of(sample::undecided_report());
    EXPECT_NE(text.find("Undecided"), std::string::npos);
    EXPECT_NE(text.find("That is not a pass."), std::string::npos);
    EXPECT_NE(text.find("Reason: while indexing"), std::string::npos);
    EXPECT_EQ(text.find("allowed"), std::string::npos);
}

TEST(HtmlVerdict, NamesGroundsBesideFindings) {
    auto const policy = sample::policy("[scan]\npartly_covered = \"block\"\nenforce = \"report\"\n"
                                       "[budget]\nlow = 0\n");
    auto const text = text_of(sample::report_of_two_platforms(policy));
    EXPECT_NE(text.find("Blocks: linux/arm64 is partly covered"), std::string::npos) << text;
    EXPECT_NE(text.find("global.toml:"), std::string::npos);
    EXPECT_NE(text.find("Not enforced: policy says to report alone"), std::string::npos);
}

TEST(HtmlVerdict, TellsOfANewerBase) {
    auto report = sample::report();
    auto const digest = image::Digest::of("base");
    report.image.base = BaseImage{"docker.io/library/debian:12@" + digest.text(), digest, true};
    EXPECT_NE(text_of(report).find("(newest)"), std::string::npos);
    report.image.base->newest = image::Digest::of("newer");
    EXPECT_NE(text_of(report).find("a newer one is there: sha256:"), std::string::npos);
    report.image.base->is_below = false;
    EXPECT_NE(text_of(report).find("is not below this image"), std::string::npos);
}

TEST(HtmlVerdict, OfAForeignReportKnowsNoTimeOfTheScan) {
    auto report = sample::report();
    report.run = {};
    report.scan.scanner.updaters.clear();
    auto const text = text_of(report);
    EXPECT_EQ(text.find("1970"), std::string::npos);
    EXPECT_NE(text.find("age not known"), std::string::npos);
}

} // namespace
} // namespace clairgate::report
