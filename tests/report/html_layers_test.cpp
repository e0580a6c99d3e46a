#include "report/sample_report.hpp"
#include <clairgate/report/html_layers.hpp>

#include <gtest/gtest.h>

namespace clairgate::report {
namespace {

image::Digest digest(char const* text) {
    return image::Digest::of(text);
}

TEST(HtmlLayers, ListsWhatFindingsNameWhereTheConfigIsNotKnown) {
    auto const report = sample::report();
    Record const record(report);
    HtmlLayers const layers(record);
    ASSERT_EQ(layers.all().size(), 1U);
    EXPECT_EQ(layers.all()[0].findings, 2U);
    EXPECT_EQ(layers.all()[0].instruction, "");
    EXPECT_FALSE(layers.all()[0].is_base.has_value());
    std::size_t placed = 0;
    for (auto const& finding : record.findings())
        placed += layers.place_of(finding) == std::optional<std::uint32_t>(0) ? 1U : 0U;
    EXPECT_EQ(placed, 2U);
}

TEST(HtmlLayers, KnowsTheBaseFromOneLayerOfIt) {
    auto report = sample::report();
    report.image.layers["linux/amd64"] = {{digest("a"), "ADD base"},
                                          {digest("layer"), "RUN in base"},
                                          {digest("b"), "RUN somewhere"},
                                          {digest("c"), "COPY app"},
                                          {digest("d"), "RUN own"}};
    for (auto& finding : report.scan.findings) {
        if (finding.layer)
            finding.is_base_layer = true;
        if (finding.package.name == "requests") {
            finding.layer = digest("c");
            finding.is_base_layer = false;
        }
    }
    Record const record(report);
    HtmlLayers const layers(record);
    ASSERT_EQ(layers.all().size(), 5U);
    EXPECT_EQ(layers.all()[0].is_base, true);
    EXPECT_EQ(layers.all()[1].is_base, true);
    EXPECT_EQ(layers.all()[2].is_base, std::nullopt);
    EXPECT_EQ(layers.all()[3].is_base, false);
    EXPECT_EQ(layers.all()[4].is_base, false);
    EXPECT_EQ(layers.all()[1].findings, 2U);
    EXPECT_EQ(layers.all()[1].instruction, "RUN in base");
}

TEST(HtmlLayers, ListsALayerOfManyPlatformsOnce) {
    auto report = sample::report();
    for (auto const* platform : {"linux/amd64", "linux/arm64"})
        report.image.layers[platform] = {{digest("shared"), "ADD x"}, {digest(platform), "RUN y"}};
    Record const record(report);
    EXPECT_EQ(HtmlLayers(record).all().size(), 4U); // and the one that a finding names
}

} // namespace
} // namespace clairgate::report
