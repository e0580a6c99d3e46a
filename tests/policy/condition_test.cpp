#include "policy/conditions/asked.hpp"
#include <clairgate/base/text.hpp>
#include <clairgate/policy/load.hpp>

#include <gtest/gtest.h>

#include <set>

namespace clairgate::policy {
namespace {

using sample::refusal;
using sample::Words;

TEST(Condition, EachKindReadsItsOwnExample) {
    std::set<std::string_view> names;
    for (auto const& kind : condition_kinds()) {
        EXPECT_TRUE(names.insert(kind.name).second) << kind.name << " is there twice";
        EXPECT_FALSE(kind.help.empty()) << kind.name;
        auto const layer =
            parse_layer({"global.toml",
                         cat("schema = 1\n[[rule]]\nname = \"x\"\naction = \"warn\"\nwhen = { ",
                             kind.name,
                             " = ",
                             kind.example,
                             " }\n")});
        ASSERT_TRUE(layer.has_value()) << kind.name << ": " << layer.error().text();
        ASSERT_EQ(layer->rules.front().when.size(), 1U) << kind.name;
        EXPECT_EQ(layer->rules.front().when.front().name, kind.name);
    }
    EXPECT_EQ(names.size(), 17U);
}

TEST(Condition, OnlyScopesOfAnExceptionStandInOne) {
    std::set<std::string_view> scopes;
    for (auto const& kind : condition_kinds())
        if (kind.is_scope)
            scopes.insert(kind.name);
    EXPECT_EQ(scopes,
              (std::set<std::string_view>{"package", "purl", "image", "layer", "environment"}));
}

TEST(Condition, UnderscoresAreDashes) {
    EXPECT_EQ(parse_condition("end_of_life", true).value().name, "end-of-life");
    EXPECT_EQ(parse_condition("fixed_for", Words{">= 7d"}).value().name, "fixed-for");
}

TEST(Condition, AnUnknownNameGetsASuggestion) {
    EXPECT_EQ(refusal("sevrity", Words{"high"}),
              "unknown condition sevrity (did you mean severity?)");
    EXPECT_EQ(refusal("KEV", true), "unknown condition KEV (did you mean kev?)");
    EXPECT_EQ(refusal("\x1b[2J", true), "unknown condition \\x1b[2J");
    EXPECT_LT(refusal(std::string(50'000, 'k'), true).size(), 200U);
}

TEST(Condition, WordsAreOneToAThousandWithoutSpaceAround) {
    EXPECT_EQ(refusal("package", Words{}), "package is empty: it would match nothing");
    EXPECT_EQ(refusal("package", Words(1001, "x")), "package has more than 1000 values");
    EXPECT_EQ(refusal("package", Words(1000, "x")), "");
    for (auto const* word : {"", " x", "x ", "\tx", "x\n"})
        EXPECT_EQ(refusal("package", Words{"y", word}),
                  "package has a value that is empty or begins or ends with a space");
}

TEST(Condition, ABadPatternNamesItsCondition) {
    EXPECT_TRUE(refusal("purl", Words{"a\\"}).starts_with("purl: "))
        << refusal("purl", Words{"a\\"});
}

TEST(Condition, IdsAreLettersDigitsAndFewSigns) {
    for (auto const* id :
         {"CVE-2024-0001", "GHSA-jfh8-c2jp-5v3q", "RHSA-2024:0001", "PYSEC-1", "a"})
        EXPECT_TRUE(is_vulnerability_id(id)) << id;
    for (auto const* id : {"", "-a", "a b", "a*", "a/b", "a\n", "\xC3\xA9"})
        EXPECT_FALSE(is_vulnerability_id(id)) << id;
    EXPECT_TRUE(is_vulnerability_id(std::string(128, 'a')));
    EXPECT_FALSE(is_vulnerability_id(std::string(129, 'a')));
}

} // namespace
} // namespace clairgate::policy
