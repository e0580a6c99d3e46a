#include "report/sample_report.hpp"
#include <clairgate/report/formats.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace clairgate::report {
namespace {

using Json = nlohmann::json;

TEST(JsonImage, TellsLayersWithWhatMadeThemAndTheBase) {
    auto report = sample::report();
    EXPECT_TRUE(Json::parse(json_of(report))["image"]["base"].is_null());
    EXPECT_EQ(Json::parse(json_of(report))["image"]["platforms"][0]["layers"], Json::array());
    report.image.layers["linux/amd64"] = {{image::Digest::of("layer"), "RUN x"}};
    report.image.base = BaseImage{"registry.example/base:1@sha256:0", std::nullopt, true};
    auto const image = Json::parse(json_of(report))["image"];
    EXPECT_EQ(
        image["platforms"][0]["layers"],
        Json::array({{{"digest", image::Digest::of("layer").text()}, {"instruction", "RUN x"}}}));
    EXPECT_EQ(image["base"]["reference"], "registry.example/base:1@sha256:0");
    EXPECT_EQ(image["base"]["below"], true);
    EXPECT_TRUE(image["base"]["newest"].is_null());
}

TEST(JsonComparison, ListsWhatIsFixed) {
    auto report = sample::report();
    EXPECT_TRUE(Json::parse(json_of(report))["comparison"].is_null());
    report.comparison =
        Comparison{"base", {{"CVE-1", "linux/amd64", "p", "1", finding::Severity::low}}};
    auto const fixed = Json::parse(json_of(report))["comparison"]["fixed"];
    ASSERT_EQ(fixed.size(), 1U);
    EXPECT_EQ(fixed[0]["id"], "CVE-1");
    EXPECT_EQ(fixed[0]["severity"], "low");
}

} // namespace
} // namespace clairgate::report
