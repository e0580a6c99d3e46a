#include "report/sample_report.hpp"
#include <clairgate/base/json.hpp>
#include <clairgate/report/formats.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace clairgate::report {
namespace {

nlohmann::json rendered(Report const& report) {
    return json::parse(json_of(report)).value();
}

TEST(JsonFindings, HoldEveryFactThatAConditionMayRead) {
    auto scan = sample::scan({sample::finding(finding::Severity::high, "2")});
    auto& finding = scan.findings[0];
    finding.is_base_layer = true;
    finding.is_known_exploited = false;
    finding.epss = 0.25;
    finding.first_seen = sample::time("2026-01-02T00:00:00Z");
    finding.fix_first_seen = sample::time("2026-01-03T00:00:00Z");
    finding.is_new = false;
    auto const text = json_of(sample::report_of(scan, policy::built_in()));
    auto const one = json::parse(text).value()["findings"][0];
    EXPECT_EQ(one["layer"]["base"], true);
    EXPECT_EQ(one["kev"], false);
    EXPECT_EQ(one["epss"], 0.25);
    EXPECT_EQ(one["dates"]["first_seen"], "2026-01-02T00:00:00Z");
    EXPECT_EQ(one["new"], false);
    auto const back = parse_report(text).value().report.scan.findings[0];
    EXPECT_EQ(back.is_base_layer, true);
    EXPECT_EQ(back.is_known_exploited, false);
    EXPECT_EQ(back.epss, 0.25);
    EXPECT_EQ(back.first_seen, finding.first_seen);
    EXPECT_EQ(back.fix_first_seen, finding.fix_first_seen);
    EXPECT_FALSE(back.is_new);
}

TEST(JsonFindings, SayWhichLockHoldsAndHowToExcept) {
    for (bool const is_waivable : {false, true}) {
        auto const global = std::string("schema = 1\n[severity]\ncritical = \"block\"\n"
                                        "[[lock]]\nkey = \"severity.critical\"\n") +
                            (is_waivable ? "waivable = true\n" : "");
        auto const policy = policy::load({{"global.toml", global},
                                          {"application/shop.toml",
                                           "schema = 1\n[severity]\ncritical = \"allow\"\n"}},
                                         {"", "", "shop"})
                                .value();
        auto const report =
            sample::report_of(sample::scan({sample::finding(finding::Severity::critical)}), policy);
        auto const decision = rendered(report)["findings"][0]["decision"];
        EXPECT_EQ(decision["file"], "application/shop.toml");
        EXPECT_EQ(decision["lock"]["file"], "global.toml");
        EXPECT_EQ(decision["lock"]["line"], 4);
        // No exception is offered where none would help.
        ASSERT_EQ(decision["exception"].is_string(), is_waivable);
        auto const text = decision["exception"].dump();
        EXPECT_EQ(text.find("[[allow]]") != std::string::npos, is_waivable) << text;
    }
}

} // namespace
} // namespace clairgate::report
