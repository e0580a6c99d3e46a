#include <clairgate/base/text.hpp>
#include <clairgate/image/subject.hpp>

#include <gtest/gtest.h>

namespace clairgate::image {
namespace {

TEST(ParseImageConfig, ReadsPlatformHistoryAndLabels) {
    auto const config = parse_image_config(R"({
        "os":"linux","architecture":"arm64","variant":"v8","rootfs":{"diff_ids":[]},
        "config":{"Labels":{"a":"b"},"Env":["X=1"]},
        "history":[{"created_by":"ADD rootfs"},{"created_by":"CMD sh","empty_layer":true},{}]})")
                            .value();
    EXPECT_EQ(config.platform.text(), "linux/arm64/v8");
    ASSERT_EQ(config.history.size(), 3U);
    EXPECT_EQ(config.history[0].created_by, "ADD rootfs");
    EXPECT_FALSE(config.history[0].is_empty_layer);
    EXPECT_TRUE(config.history[1].is_empty_layer);
    EXPECT_EQ(config.labels.at("a"), "b");
}

TEST(ParseImageConfig, TakesWhatIsAbsentOrNull) {
    for (auto const* text : {"{}",
                             R"({"history":null,"config":null})",
                             R"({"config":{"Labels":null},"variant":null})"}) {
        auto const config = parse_image_config(text);
        ASSERT_TRUE(config.has_value()) << text;
        EXPECT_EQ(config->platform.text(), "unknown");
    }
}

TEST(ParseImageConfig, RefusesWrongShapes) {
    for (auto const* text : {"",
                             "[]",
                             "null",
                             R"({"os":1})",
                             R"({"history":{}})",
                             R"({"history":[{"created_by":7}]})",
                             R"({"config":"x"})",
                             R"({"config":{"Labels":[]}})",
                             R"({"os":"linux","os":"windows"})"}) {
        auto const config = parse_image_config(text);
        ASSERT_FALSE(config.has_value()) << text;
        EXPECT_EQ(config.error().kind(), ErrorKind::protocol) << text;
    }
}

TEST(ParseImageConfig, BoundsTheHistory) {
    std::string history;
    for (int i = 0; i < 5000; ++i)
        history += i == 0 ? "{}" : ",{}";
    auto const config = parse_image_config(cat(R"({"history":[)", history, "]}")).value();
    EXPECT_EQ(config.history.size(), 4096U);
}

} // namespace
} // namespace clairgate::image
