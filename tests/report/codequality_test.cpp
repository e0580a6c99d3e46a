#include "report/golden.hpp"
#include "report/json_document.hpp"
#include <clairgate/base/text.hpp>

#include <gtest/gtest.h>

#include <set>

namespace clairgate::report {
namespace {

nlohmann::json issues_of(Report const& report, RenderOptions const& options = {}) {
    return document_of(render_codequality, report, options);
}

TEST(Codequality, Golden) {
    RenderOptions options;
    options.source_file = "./Dockerfile";
    expect_golden("blocked.codequality.json",
                  rendered_by(render_codequality, sample::report(), options));
    expect_golden("undecided.codequality.json",
                  rendered_by(render_codequality, sample::undecided_report()));
}

TEST(Codequality, HasWhatTheWidgetAsksFor) {
    std::set<std::string> fingerprints;
    for (auto const& issue : issues_of(sample::report())) {
        EXPECT_FALSE(issue["description"].get<std::string>().empty());
        EXPECT_FALSE(issue["check_name"].get<std::string>().empty());
        EXPECT_TRUE(fingerprints.insert(issue["fingerprint"]).second);
        EXPECT_EQ(issue["location"]["path"], "team/shop");
        EXPECT_EQ(issue["location"]["lines"]["begin"], 1);
    }
    EXPECT_EQ(fingerprints.size(), 5U);
}

TEST(Codequality, WhatBlocksIsABlocker) {
    auto const issues = issues_of(sample::report());
    EXPECT_EQ(issues[0]["severity"], "blocker");
    EXPECT_EQ(issues[1]["severity"], "blocker");
    EXPECT_EQ(issues[3]["severity"], "minor") << "unknown, warned";
    EXPECT_EQ(issues[4]["severity"], "info") << "low, warned";
}

TEST(Codequality, WhatIsAllowedIsNoIssue) {
    auto const issues = issues_of(sample::report(policy_with_exception()));
    EXPECT_EQ(issues.size(), 4U);
    for (auto const& issue : issues)
        EXPECT_NE(issue["check_name"], "CVE-2099-0003");
    EXPECT_EQ(issues_of(sample::report(
                  sample::policy("[severity]\ncritical = \"allow\"\nhigh = \"allow\"\n"
                                 "low = \"allow\"\nunknown = \"allow\"\n"))),
              nlohmann::json::array());
}

TEST(Codequality, UndecidedIsOneBlocker) {
    auto report = sample::report();
    report.verdict.reset();
    report.undecided_reason = "no answer";
    auto const issues = issues_of(report);
    ASSERT_EQ(issues.size(), 1U);
    EXPECT_EQ(issues[0]["severity"], "blocker");
    EXPECT_EQ(issues[0]["check_name"], "clairgate/undecided");
    std::string const text = issues[0]["description"];
    EXPECT_TRUE(text.ends_with("no answer")) << text;
}

TEST(Codequality, NoFindingsIsNoIssue) {
    EXPECT_EQ(issues_of(report_with({})), nlohmann::json::array());
}

TEST(Codequality, FingerprintsAreStableFromPushToPush) {
    auto const first = issues_of(sample::report());
    auto const again = issues_of(pushed_again(sample::report()));
    EXPECT_EQ(first, again);
}

TEST(Codequality, WhatBlocksBesideFindingsIsABlocker) {
    auto const issues = issues_of(sample::report(sample::policy("[budget]\nlow = 0\n")));
    EXPECT_EQ(issues[0]["check_name"], "clairgate/budget");
    EXPECT_EQ(issues[0]["severity"], "blocker");
    auto const partly = issues_of(sample::report_of_two_platforms());
    EXPECT_EQ(partly[0]["check_name"], "clairgate/coverage");
    EXPECT_EQ(partly[0]["severity"], "major");
}

TEST(Codequality, WhatWasCutIsCounted) {
    auto const text =
        rendered_by(render_codequality, report_with(many(5'002, finding::Severity::low)));
    EXPECT_EQ(count_of("\"check_name\": ", text), 5'001U);
    EXPECT_EQ(count_of("\"description\": \"2 findings are not shown here", text), 1U);
}

TEST(Codequality, HostileTextComesBackAsWhatIsVisible) {
    for (auto const& text : hostile_texts()) {
        RenderOptions options;
        options.source_file = text;
        auto const issues = issues_of(
            report_with({sample::vulnerable(text, text, text, finding::Severity::high)}), options);
        std::string scratch;
        std::string const shown(visible(text, scratch));
        EXPECT_EQ(issues[0]["check_name"], shown);
        std::string const description = issues[0]["description"];
        EXPECT_TRUE(description.starts_with(cat(shown, " ", shown, " has ", shown, ".")));
    }
}

} // namespace
} // namespace clairgate::report
