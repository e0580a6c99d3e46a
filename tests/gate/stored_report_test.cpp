#include <clairgate/base/text.hpp>
#include <clairgate/gate/stored_report.hpp>
#include <clairgate/report/formats.hpp>

#include <gtest/gtest.h>

#include <gate/sample_report.hpp>

namespace clairgate::gate {
namespace {

TEST(ParseAnyReport, ReadsOursWithoutItsVerdict) {
    auto const report = test::sample_report(finding::Severity::low, "2");
    auto const read = parse_any_report("r.json", report::render_json(report, {}));
    ASSERT_TRUE(read.has_value()) << read.error().text();
    EXPECT_EQ(read->scan.findings.size(), 1U);
    EXPECT_FALSE(read->verdict.has_value());
    EXPECT_TRUE(read->undecided_reason.empty());
}

TEST(ParseAnyReport, KeepsThatARunCouldNotDecide) {
    auto report = test::sample_report(finding::Severity::low, "");
    report.verdict.reset();
    auto const read = parse_any_report("r.json", report::render_json(report, {}));
    ASSERT_TRUE(read.has_value()) << read.error().text();
    EXPECT_FALSE(read->undecided_reason.empty());
}

TEST(ParseAnyReport, RefusesWhatIsNone) {
    for (auto const* text : {"", "{}", "[]", "null", "{\"schema\":\"another\"}"})
        EXPECT_FALSE(parse_any_report("r.json", text).has_value()) << text;
}

} // namespace
} // namespace clairgate::gate
