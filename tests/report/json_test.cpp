#include "report/golden.hpp"
#include "report/sample_report.hpp"
#include <clairgate/base/json.hpp>
#include <clairgate/report/formats.hpp>
#include <clairgate/report/json.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace clairgate::report {
namespace {

using nlohmann::json;

json document_of(Report const& report) {
    return clairgate::json::parse(json_of(report)).value();
}

TEST(ReportJson, LooksAsItShould) {
    expect_golden("blocked.json", json_of(sample::report()));
    expect_golden("platforms.json", json_of(sample::report_of_two_platforms()));
    expect_golden("undecided.json", json_of(sample::undecided_report()));
}

TEST(ReportJson, HasTheMembersOfTheContract) {
    auto const root = document_of(sample::report());
    EXPECT_EQ(root["schema"], "clairgate/report/v1");
    EXPECT_EQ(root["image"]["digest"], image::Digest::of("index").text());
    EXPECT_EQ(root["image"]["reference"],
              "registry.example/team/shop@" + image::Digest::of("index").text());
    EXPECT_EQ(root["image"]["platforms"][0]["platform"], "linux/amd64");
    for (auto const* key : {"cluster", "environment", "application"})
        EXPECT_TRUE(root["context"][key].is_null()) << key;
    EXPECT_EQ(root["verdict"], "block");
    EXPECT_EQ(root["summary"], (json{{"block", 3}, {"warn", 2}, {"allow", 0}, {"waived", 0}}));
    for (auto const& finding : root["findings"])
        for (auto const* key : {"id",
                                "aliases",
                                "platform",
                                "package",
                                "distribution",
                                "layer",
                                "severity",
                                "cvss",
                                "dates",
                                "fixed_version",
                                "action",
                                "waived",
                                "decision"})
            EXPECT_TRUE(finding.contains(key)) << key;
    for (auto const* key : {"level", "file", "line", "rule", "sentence"})
        EXPECT_TRUE(root["findings"][0]["decision"].contains(key)) << key;
    EXPECT_EQ(root["policy"],
              (json{{"trusted", false},
                    {"source", "built-in"},
                    {"files", json::array()},
                    {"enforce", "block"},
                    {"not_enforced_by", nullptr},
                    {"notes", json::array()},
                    {"precedence", "nearest"}}));
    EXPECT_EQ(root["clairgate"]["version"], "0.1.0");
}

TEST(ReportJson, HoldsEveryFactOfAFinding) {
    auto const report = sample::report();
    auto const root = document_of(report);
    ASSERT_EQ(root["findings"].size(), report.scan.findings.size());
    json found;
    for (auto const& finding : root["findings"])
        if (finding["package"]["name"] == "libssl3")
            found = finding;
    EXPECT_EQ(found["aliases"], (json{"DSA-5000-1", "GHSA-aaaa-bbbb-cccc"}));
    EXPECT_EQ(found["package"]["source"]["name"], "openssl");
    EXPECT_EQ(found["package"]["ecosystem"], "debian");
    EXPECT_EQ(found["package"]["kind"], "binary");
    EXPECT_EQ(found["package"]["architecture"], "amd64");
    EXPECT_EQ(found["package"]["purl"].get<std::string>().substr(0, 10), "pkg:deb/de");
    EXPECT_EQ(found["distribution"], "debian 12 (bookworm)");
    EXPECT_EQ(found["layer"]["digest"], image::Digest::of("layer").text());
    EXPECT_EQ(found["dates"]["published"], "2026-02-03T04:05:06Z");
    EXPECT_EQ(found["severity_source"], "vendor");
    EXPECT_EQ(found["vendor_severity"], (json{{"normalized", "high"}, {"word", "High"}}));
    EXPECT_EQ(found["updater"], "debian/updater");
    EXPECT_EQ(found["decision"]["remedy"], "upgrade libssl3 to 3.0.17-1~deb12u2");
}

TEST(ReportJson, KeepsBothSeveritiesWhereTheScoreDecided) {
    auto const root = document_of(sample::report());
    for (auto const& finding : root["findings"]) {
        if (finding["id"] != "CVE-2099-0003")
            continue;
        EXPECT_EQ(finding["severity"], "critical");
        EXPECT_EQ(finding["severity_source"], "cvss");
        EXPECT_EQ(finding["vendor_severity"]["normalized"], "unknown");
        EXPECT_EQ(finding["cvss"][0]["score"], 9.8);
        EXPECT_EQ(finding["cvss"].size(), 2U);
    }
}

TEST(ReportJson, OnlyRunDiffersBetweenEqualRuns) {
    auto report = sample::report();
    auto const first = document_of(report);
    report.run = {sample::time("2030-01-01T00:00:00Z"), sample::time("2030-01-02T00:00:00Z"), {}};
    auto second = document_of(report);
    EXPECT_NE(first, second);
    second["run"] = first["run"];
    EXPECT_EQ(first, second);
}

TEST(ReportJson, KeysAreSortedAndTheIndentIsTwo) {
    auto const text = json_of(sample::report());
    EXPECT_EQ(clairgate::json::dump(clairgate::json::parse(text).value(), 2) + "\n", text);
}

TEST(ReportJson, ContextNamesWhatWasGiven) {
    auto report = sample::report();
    report.context = {{"environment", "prod"}, {"zone", "z"}};
    auto const context = document_of(report)["context"];
    EXPECT_EQ(context["environment"], "prod");
    EXPECT_EQ(context["zone"], "z");
    EXPECT_TRUE(context["cluster"].is_null());
}

TEST(ReportJson, AnUndecidedReportHasItsReasonAndNoDecisions) {
    auto const root = document_of(sample::undecided_report());
    EXPECT_EQ(root["verdict"], "undecided");
    EXPECT_NE(root["undecided_reason"], "");
    EXPECT_FALSE(root["coverage"]["platforms"][0].contains("state"));
}

TEST(VerdictWord, FollowsTheEffect) {
    EXPECT_EQ(verdict_word(sample::report()), "block");
    EXPECT_EQ(verdict_word(sample::undecided_report()), "undecided");
    EXPECT_EQ(verdict_word(sample::report_of(sample::scan(), policy::built_in())), "pass");
    auto const low = sample::scan({sample::finding(finding::Severity::low)});
    EXPECT_EQ(verdict_word(sample::report_of(low, policy::built_in())), "warn");
}

TEST(SummaryOf, CountsEachEffect) {
    auto const report = sample::report(sample::policy("[severity]\nlow = \"allow\""));
    auto const summary = account_of(report).summary;
    EXPECT_EQ(summary.block, 3U);
    EXPECT_EQ(summary.warn, 1U);
    EXPECT_EQ(summary.allow, 1U);
}

} // namespace
} // namespace clairgate::report
