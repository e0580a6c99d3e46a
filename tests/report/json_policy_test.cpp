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

TEST(JsonPolicy, TellsExceptionsBudgetsAndFiles) {
    auto const policy = sample::policy("[budget]\nhigh = 0\n[[allow]]\nid = [\"CVE-2024-0001\"]\n"
                                       "reason = \"r\"\nowner = \"o\"\nexpires = 2026-11-30\n");
    auto other = sample::finding(finding::Severity::high);
    other.id = "CVE-2024-0002";
    auto const root = rendered(sample::report_of(
        sample::scan({sample::finding(finding::Severity::critical), other}), policy));
    EXPECT_EQ(root["verdict"], "block");
    EXPECT_EQ(root["summary"]["waived"], 1);
    ASSERT_EQ(root["exceptions"].size(), 1U);
    EXPECT_EQ(root["exceptions"][0]["waived"], 1);
    EXPECT_EQ(root["exceptions"][0]["expires_soon"], true);
    EXPECT_EQ(root["exceptions"][0]["owner"], "o");
    ASSERT_EQ(root["budget"].size(), 1U);
    EXPECT_EQ(root["budget"][0]["action"], "block");
    EXPECT_EQ(root["budget"][0]["unwaived"], 1);
    EXPECT_EQ(root["policy"]["enforce"], "block");
    EXPECT_EQ(root["policy"]["files"][0]["path"], "global.toml");
}

TEST(JsonPolicy, OfAnUndecidedRunHasNeither) {
    auto const root = rendered(sample::undecided_report());
    EXPECT_TRUE(root["exceptions"].empty());
    EXPECT_TRUE(root["budget"].empty());
}

} // namespace
} // namespace clairgate::report
