#include <clairgate/policy/origin.hpp>

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

TEST(Level, ANearerOneIsGreater) {
    EXPECT_LT(Level::built_in, Level::global);
    EXPECT_LT(Level::global, Level::cluster);
    EXPECT_LT(Level::cluster, Level::environment);
    EXPECT_LT(Level::environment, Level::application);
    EXPECT_LT(Level::application, Level::application_environment);
}

TEST(Level, WordsOfLevelsWithFilesComeBack) {
    for (auto const level : {Level::global, Level::cluster, Level::environment, Level::application})
        EXPECT_EQ(parse_level(to_string(level)), level);
    for (auto const* word : {"", "Global", "built-in", "application@environment", "app"})
        EXPECT_EQ(parse_level(word), std::nullopt) << word;
}

TEST(Origin, SaysFileLineAndColumnOrItsLevel) {
    EXPECT_EQ(place_of({Level::cluster, "cluster/eu.toml", 3, 7, "severity.high"}),
              "cluster/eu.toml:3:7");
    EXPECT_EQ(place_of({Level::built_in, "", 0, 0, "severity.high"}), "built-in");
    EXPECT_EQ(to_string(Level::application_environment), "application@environment");
}

} // namespace
} // namespace clairgate::policy
