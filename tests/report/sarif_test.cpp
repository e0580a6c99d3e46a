#include "report/golden.hpp"
#include "report/json_document.hpp"

#include <gtest/gtest.h>

namespace clairgate::report {
namespace {

nlohmann::json run_of(Report const& report, RenderOptions const& options = {}) {
    return document_of(render_sarif, report, options)["runs"][0];
}

TEST(Sarif, Golden) {
    expect_golden("blocked.sarif", rendered_by(render_sarif, sample::report()));
    expect_golden("platforms.sarif", rendered_by(render_sarif, sample::report_of_two_platforms()));
    expect_golden("undecided.sarif", rendered_by(render_sarif, sample::undecided_report()));
    expect_golden("waived.sarif",
                  rendered_by(render_sarif, sample::report(policy_with_exception())));
}

TEST(Sarif, IsAVersionThatReadersKnow) {
    auto const document = document_of(render_sarif, sample::report());
    EXPECT_EQ(document["version"], "2.1.0");
    std::string const schema = document["$schema"];
    EXPECT_TRUE(schema.ends_with("/sarif-schema-2.1.0.json"));
    EXPECT_EQ(document["runs"][0]["tool"]["driver"]["name"], "clairgate");
    EXPECT_EQ(document["runs"][0]["tool"]["driver"]["semanticVersion"], "0.1.0");
}

TEST(Sarif, OnlyASemanticVersionIsCalledOne) {
    for (char const* const version : {"", "1", "1.2", "1.2.3 ", "1.2.x", "1.2.3-", "\x1b[1.2.3"}) {
        auto report = sample::report();
        report.clairgate_version = version;
        EXPECT_FALSE(run_of(report)["tool"]["driver"].contains("semanticVersion")) << version;
    }
    auto report = sample::report();
    report.clairgate_version = "1.2.3-rc.1+a";
    EXPECT_EQ(run_of(report)["tool"]["driver"]["semanticVersion"], "1.2.3-rc.1+a");
}

TEST(Sarif, UndecidedIsAFailedInvocationAndAnErrorAndNeverACleanRun) {
    auto const run = run_of(sample::undecided_report());
    EXPECT_EQ(run["invocations"][0]["executionSuccessful"], false);
    auto const& notes = run["invocations"][0]["toolExecutionNotifications"];
    ASSERT_EQ(notes.size(), 1U);
    EXPECT_EQ(notes[0]["level"], "error");
    ASSERT_EQ(run["results"].size(), 1U);
    EXPECT_EQ(run["results"][0]["ruleId"], "clairgate/undecided");
    EXPECT_EQ(run["results"][0]["level"], "error");
    EXPECT_EQ(run["properties"]["verdict"], "undecided");
    EXPECT_FALSE(run["properties"]["counts"].contains("block"));
}

TEST(Sarif, UndecidedFindingsHaveNoDecision) {
    auto report = sample::report();
    report.verdict.reset();
    auto const results = run_of(report)["results"];
    ASSERT_EQ(results.size(), 6U);
    EXPECT_EQ(results[1]["properties"]["action"], "undecided");
}

TEST(Sarif, NoFindingsIsAResultOfItsOwn) {
    auto const run = run_of(report_with({}));
    EXPECT_EQ(run["invocations"][0]["executionSuccessful"], true);
    EXPECT_TRUE(run["results"].is_array());
    EXPECT_TRUE(run["results"].empty());
    EXPECT_EQ(run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"],
              "No known vulnerability in 100 packages.");
    EXPECT_EQ(run["properties"]["verdict"], "pass");
}

TEST(Sarif, WhatWasCutIsCountedAndAResult) {
    auto const text = rendered_by(render_sarif, report_with(many(5'100, finding::Severity::low)));
    EXPECT_EQ(count_of("\"ruleId\": ", text), 5'000U) << "what GitHub shows";
    EXPECT_EQ(count_of("\"ruleId\": \"clairgate/cut\"", text), 1U);
    EXPECT_EQ(count_of("\"id\": \"clairgate/cut\"", text), 1U);
    EXPECT_EQ(count_of("\"resultsNotShown\": 101,", text), 1U);
    EXPECT_EQ(count_of("\"findings\": 5100,", text), 1U);
    EXPECT_EQ(count_of("\"text\": \"101 findings are not shown here", text), 2U)
        << "a notification and a result";
}

TEST(Sarif, ACategoryIsOfTheImageAndItsOnlyPlatform) {
    EXPECT_EQ(run_of(sample::report())["automationDetails"]["id"],
              "clairgate/team/shop/linux/amd64/");
    EXPECT_EQ(run_of(sample::report_of_two_platforms())["automationDetails"]["id"],
              "clairgate/team/shop/");
}

TEST(Sarif, ARefusedSourceFileIsTold) {
    RenderOptions options;
    options.source_file = "/src/Dockerfile";
    auto const run = run_of(sample::report(), options);
    EXPECT_EQ(run["invocations"][0]["toolExecutionNotifications"].size(), 1U);
    EXPECT_EQ(run_of(sample::report())["invocations"][0]["toolExecutionNotifications"].size(), 0U);
}

TEST(Sarif, AStoredReportOfOthersHasNoTimes) {
    auto report = sample::report();
    report.run = {};
    EXPECT_FALSE(run_of(report)["invocations"][0].contains("startTimeUtc"));
    EXPECT_TRUE(run_of(sample::report())["invocations"][0].contains("startTimeUtc"));
}

// GitHub counts an empty text as missing.
bool has_empty_text(nlohmann::json const& root) {
    std::vector<nlohmann::json const*> open{&root};
    while (!open.empty()) {
        auto const* const value = open.back();
        open.pop_back();
        if (value->is_string() && value->get<std::string>().empty())
            return true;
        if (value->is_structured())
            for (auto const& one : *value)
                open.push_back(&one);
    }
    return false;
}

TEST(Sarif, NoTextIsEmpty) {
    auto undecided = sample::undecided_report();
    undecided.undecided_reason.clear();
    auto blank = report_with({sample::vulnerable("", "", "", finding::Severity::high)});
    blank.scan.findings[0].platform.clear();
    blank.scan.findings[0].package.ecosystem.clear();
    blank.clairgate_version.clear();
    for (auto const& report : {sample::report(), undecided, blank})
        EXPECT_FALSE(has_empty_text(document_of(render_sarif, report)));
}

} // namespace
} // namespace clairgate::report
