#include "policy/mistakes.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace clairgate::policy {
namespace {

using sample::expect_mistakes;
using sample::layer_of;
using sample::Mistake;
using sample::mistakes;

std::string repeated(std::size_t count, auto&& one) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i)
        out += one(i);
    return out;
}

TEST(LayerReader, KnowsItsLevelByItsPath) {
    struct {
        char const* path;
        Level level;
    } const cases[] = {{"global.toml", Level::global},
                       {"cluster/eu-1.toml", Level::cluster},
                       {"environment/prod.toml", Level::environment},
                       {"application/shop.toml", Level::application},
                       {"application/shop@prod.toml", Level::application_environment}};
    for (auto const& c : cases) {
        auto const layer = layer_of("[severity]\nlow = \"warn\"\n", c.path).value();
        EXPECT_EQ(layer.level, c.level);
        EXPECT_EQ(layer.file, c.path);
        EXPECT_EQ(layer.severity.at(finding::Severity::low).origin.level, c.level);
    }
}

TEST(LayerReader, OnlyTheGlobalFileChoosesThePrecedence) {
    EXPECT_TRUE(layer_of("precedence = \"devtron\"\n").value().devtron.has_value());
    EXPECT_FALSE(layer_of("").value().devtron.has_value());
    Mistake const cases[] = {{"precedence = \"Devtron\"\n", "unknown word \"Devtron\""},
                             {"precedence = true\n", "precedence must be a string"}};
    expect_mistakes(cases);
    Mistake const nearer[] = {
        {"precedence = \"devtron\"\n", "precedence stands in global.toml alone"}};
    expect_mistakes(nearer, "cluster/eu.toml");
    expect_mistakes(nearer, "application/shop.toml");
}

TEST(LayerReader, OnlyAnEnvironmentSaysItsCluster) {
    EXPECT_EQ(layer_of("cluster = \"eu\"\n", "environment/prod.toml").value().cluster->value, "eu");
    Mistake const cases[] = {{"cluster = \"EU\"\n", "\"EU\" is no cluster's name"},
                             {"cluster = \"../eu\"\n", "is no cluster's name"},
                             {"cluster = \"\"\n", "is no cluster's name"},
                             {"cluster = [\"eu\"]\n", "cluster must be a string"}};
    expect_mistakes(cases, "environment/prod.toml");
    Mistake const elsewhere[] = {
        {"cluster = \"eu\"\n", "only a file of environment/ says its cluster"}};
    for (auto const* path :
         {"global.toml", "cluster/eu.toml", "application/shop.toml", "application/shop@prod.toml"})
        expect_mistakes(elsewhere, path);
}

TEST(LayerReader, WhatHidesFromAReaderIsRefused) {
    Mistake const cases[] = {
        {"[severity]\n\"crit\xD1\x96"
         "cal\" = \"allow\"\n",
         "U+0456, which is no ASCII letter"},
        {"[severity]\ncritical\xE2\x80\x8B = \"allow\"\n", "invisible character U+200B"},
        {"[severity] # \xE2\x80\xAE\nlow = \"allow\"\n", "invisible character U+202E"},
        {"[severity]\nlow = \"all\xFFow\"\n", "global.toml:3:11: not UTF-8"},
        {std::string("[severity]\nlow = \"all\0w\"\n", 25), "control character U+0000"},
        {"[severity]\rlow = \"allow\"\n", "control character U+000D"},
    };
    expect_mistakes(cases);
}

// TOML's own rule; keys that differ in spelling only are told apart by their sections.
TEST(LayerReader, NothingIsSaidTwice) {
    for (auto const* text : {"schema = 1\n",
                             "[scan]\nuncovered = \"warn\"\nuncovered = \"allow\"\n",
                             "[scan]\nuncovered = \"warn\"\n[scan]\n",
                             "scan.uncovered = \"warn\"\n[scan]\nuncovered = \"allow\"\n",
                             "[[allow]]\n[allow]\n",
                             "\"schema\" = 1\n"})
        EXPECT_NE(mistakes(text), "none") << text;
}

TEST(LayerReader, AFloodOfEntriesIsRefusedInBoundedTime) {
    auto const begun = std::chrono::steady_clock::now();
    Mistake const cases[] = {
        {repeated(1001,
                  [](auto i) {
                      return cat("[[rule]]\nname=\"", i, "\"\nwhen={kev=true}\naction=\"warn\"\n");
                  }),
         "global.toml:2:3: more than 1000 of [[rule]]"},
        {repeated(1001,
                  [](auto i) { return cat("[[require]]\nname=\"", i, "\"\nscan=\"off\"\n"); }),
         "more than 1000 of [[require]]"},
        {"[severity]\nlow=\"warn\"\n" +
             repeated(1001, [](auto) { return "[[lock]]\nkey=\"severity.low\"\n"; }),
         "more than 1000 of [[lock]]"},
        {repeated(10'001, [](auto) { return "[[allow]]\n"; }), "more than 10000 of [[allow]]"},
        {"rule = [" + repeated(100'000, [](auto) { return "{},"; }) + "]\n",
         "more than 1000 of [[rule]]"},
        {"[severity]\n" + repeated(5'000, [](auto i) { return cat("k", i, "=1\n"); }),
         "more mistakes"},
        {"[[allow]]\nid = [" + repeated(50'000, [](auto) { return "\"CVE-1\","; }) + "]\n",
         "id has between 1 and 1000 values"},
        {"[[rule]]\nname=\"x\"\naction=\"warn\"\nwhen={package=[" +
             repeated(50'000, [](auto) { return "\"a*\","; }) + "]}\n",
         "package has more than 1000 values"},
        {"x = \"" + std::string(1'000'000, 'x') + "\"\n", "unknown key x"},
        {"x = \"" + std::string(1'100'000, 'x') + "\"\n", "larger than 1024 KiB"},
    };
    expect_mistakes(cases);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(60));
}

TEST(LayerReader, TheMostThatIsAllowedIsRead) {
    auto const layer = layer_of(repeated(1000, [](auto i) {
        return cat("[[rule]]\nname=\"",
                   i,
                   "\"\nwhen={kev=true}\naction=\"warn\"\n[[lock]]\nkey=\"rule.",
                   i,
                   "\"\n");
    }));
    ASSERT_TRUE(layer.has_value()) << sample::mistakes_of(layer);
    EXPECT_EQ(layer->rules.size(), 1000U);
    EXPECT_EQ(layer->locks.size(), 1000U);
}

TEST(AllMistakes, AreSortedByFileLineAndColumn) {
    auto const at = [](char const* file, std::uint32_t line, std::uint32_t column) {
        return Error(ErrorKind::policy, "m").with_position({file, line, column});
    };
    auto const all = all_mistakes({at("b", 1, 1), at("a", 2, 1), at("a", 1, 9), at("a", 1, 2)});
    EXPECT_EQ(all.text(), "a:1:2: m");
    ASSERT_EQ(all.also().size(), 3U);
    EXPECT_EQ(all.also()[0].text(), "a:1:9: m");
    EXPECT_EQ(all.also()[2].text(), "b:1:1: m");
}

} // namespace
} // namespace clairgate::policy
