#include "report/golden.hpp"
#include "report/json_document.hpp"

#include <gtest/gtest.h>

namespace clairgate::report {
namespace {

nlohmann::json scan_of(Report const& report) {
    return document_of(render_gitlab, report)["scan"];
}

TEST(Gitlab, Golden) {
    expect_golden("blocked.gitlab.json", rendered_by(render_gitlab, sample::report()));
    expect_golden("platforms.gitlab.json",
                  rendered_by(render_gitlab, sample::report_of_two_platforms()));
    expect_golden("undecided.gitlab.json", rendered_by(render_gitlab, sample::undecided_report()));
}

TEST(Gitlab, IsAReportOfAKnownVersion) {
    auto const document = document_of(render_gitlab, sample::report());
    EXPECT_EQ(document["version"], "15.2.1");
    EXPECT_TRUE(document["remediations"].empty());
    auto const& scan = document["scan"];
    EXPECT_EQ(scan["type"], "container_scanning");
    EXPECT_EQ(scan["status"], "success");
    EXPECT_EQ(scan["analyzer"]["id"], "clairgate");
    EXPECT_EQ(scan["scanner"]["version"], "4.9.0");
}

TEST(Gitlab, TimesHaveNoZone) {
    auto const scan = scan_of(sample::report());
    EXPECT_EQ(scan["start_time"], "2026-11-24T12:00:00");
    EXPECT_EQ(scan["end_time"], "2026-11-24T12:00:03");
    auto report = sample::report();
    report.run = {};
    EXPECT_EQ(scan_of(report)["start_time"], "1970-01-01T00:00:00");
}

TEST(Gitlab, UndecidedIsAFailureWithAFatalMessage) {
    auto const document = document_of(render_gitlab, sample::undecided_report());
    EXPECT_EQ(document["scan"]["status"], "failure");
    ASSERT_EQ(document["scan"]["messages"].size(), 1U);
    EXPECT_EQ(document["scan"]["messages"][0]["level"], "fatal");
    EXPECT_TRUE(document["vulnerabilities"].empty());
}

TEST(Gitlab, NoFindingsSaysSo) {
    auto const document = document_of(render_gitlab, report_with({}));
    EXPECT_TRUE(document["vulnerabilities"].is_array());
    EXPECT_TRUE(document["vulnerabilities"].empty());
    EXPECT_EQ(document["scan"]["messages"][0]["value"],
              "Verdict of clairgate: pass. No known vulnerability was found.");
}

TEST(Gitlab, WhatBlocksBesideFindingsIsAMessage) {
    auto const messages =
        scan_of(sample::report(sample::policy("[budget]\nlow = 0\n")))["messages"];
    ASSERT_EQ(messages.size(), 2U);
    EXPECT_EQ(messages[0]["level"], "warn");
    std::string const text = messages[0]["value"];
    EXPECT_TRUE(text.starts_with("Blocked: ")) << text;
}

TEST(Gitlab, WhatWasCutIsAMessage) {
    auto const text = rendered_by(render_gitlab, report_with(many(5'003, finding::Severity::low)));
    EXPECT_EQ(count_of("\"severity\": \"Low\"", text), 5'000U);
    EXPECT_EQ(count_of("\"value\": \"3 findings are not shown here", text), 1U);
}

TEST(Gitlab, VersionsThatAreNotKnownAreSaidSo) {
    auto report = sample::report();
    report.scan.scanner.version.clear();
    report.clairgate_version.clear();
    EXPECT_EQ(scan_of(report)["scanner"]["version"], "unknown");
    EXPECT_EQ(scan_of(report)["analyzer"]["version"], "unknown");
}

} // namespace
} // namespace clairgate::report
