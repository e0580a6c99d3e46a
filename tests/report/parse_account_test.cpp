#include "report/rendered.hpp"
#include "report/sample_report.hpp"
#include <clairgate/base/json.hpp>
#include <clairgate/report/formats.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <functional>

namespace clairgate::report {
namespace {

std::vector<Report> all_reports() {
    auto const strict =
        sample::policy("[severity]\nhigh = \"block\"\nlow = \"allow\"\n"
                       "[[lock]]\nkey = \"severity.high\"\n[budget]\nlow = 0\n"
                       "[scan]\npartly_covered = \"block\"\nenforce = \"report\"\n");
    auto compared = sample::report(strict);
    compared.comparison =
        Comparison{"registry.example/team/shop@sha256:0",
                   {{"CVE-2098-1", "linux/amd64", "gone", "1.0", finding::Severity::high}}};
    compared.scan.findings.front().is_new = false;
    auto layered = sample::report_of_two_platforms(strict);
    layered.image.layers["linux/amd64"] = {{image::Digest::of("layer"), "RUN x \"y\""}};
    layered.image.base = BaseImage{"registry.example/base:1", image::Digest::of("newer"), true};
    return {sample::report(),
            sample::report(strict),
            compared,
            layered,
            sample::report_of_two_platforms(),
            sample::undecided_report(),
            sample::report_of(sample::scan(), policy::built_in())};
}

TEST(ParseRecord, EveryFormatComesOutAsTheRunWroteIt) {
    for (auto const& report : all_reports()) {
        auto const stored = parse_record(json_of(report));
        ASSERT_TRUE(stored.has_value()) << stored.error().text();
        Record const again(stored->stored.report, stored->account);
        for (auto const& format : formats())
            EXPECT_EQ(rendered(format, again), rendered(format, Record(report))) << format.name;
    }
}

TEST(ParseRecord, AReportOfAnEarlierVersionHasNoLayersAndNamesItsRulesShortly) {
    auto root = nlohmann::json::parse(json_of(all_reports().at(1)));
    root.erase("rules");
    root.erase("comparison");
    root["image"].erase("base");
    root["policy"].erase("not_enforced_by");
    for (auto& platform : root["image"]["platforms"])
        platform.erase("layers");
    for (auto& platform : root["coverage"]["platforms"])
        platform.erase("stale");
    for (auto& finding : root["findings"])
        finding["decision"].erase("pinned");
    auto const stored = parse_record(root.dump());
    ASSERT_TRUE(stored.has_value()) << stored.error().text();
    ASSERT_FALSE(stored->account.rules.empty());
    for (auto const& rule : stored->account.rules)
        EXPECT_EQ(rule.text, rule.origin.rule);
}

// Each changes one thing so that the document contradicts itself or says nothing.
TEST(ParseRecord, RefusesWhatContradictsItself) {
    using Change = std::function<void(nlohmann::json&)>;
    struct {
        char const* name;
        Change change;
    } const cases[] = {
        {"a verdict that is too mild", [](auto& root) { root["verdict"] = "pass"; }},
        {"a verdict that is too strict",
         [](auto& root) {
             for (auto& finding : root["findings"])
                 finding["action"] = "allow";
         }},
        {"an action of no effect", [](auto& root) { root["findings"][0]["action"] = "maybe"; }},
        {"a level of none", [](auto& root) { root["findings"][0]["decision"]["level"] = "moon"; }},
        {"no decision", [](auto& root) { root["findings"][0].erase("decision"); }},
        {"a count that is wrong", [](auto& root) { root["summary"]["waived"] = 7; }},
        {"a line that is no line",
         [](auto& root) { root["findings"][0]["decision"]["line"] = 4294967296U; }},
        {"a state that is none",
         [](auto& root) { root["coverage"]["platforms"][0]["state"] = "sunny"; }},
        {"a layer without a digest",
         [](auto& root) { root["image"]["platforms"][0]["layers"] = {{{"instruction", "x"}}}; }},
        {"a base that is no object", [](auto& root) { root["image"]["base"] = 3; }},
        {"a comparison without a list",
         [](auto& root) { root["comparison"] = {{"baseline", "x"}}; }}};
    for (auto const& c : cases) {
        auto root = nlohmann::json::parse(json_of(sample::report()));
        c.change(root);
        EXPECT_FALSE(parse_record(root.dump()).has_value()) << c.name;
    }
    EXPECT_TRUE(parse_record(json_of(sample::report())).has_value());
}

} // namespace
} // namespace clairgate::report
