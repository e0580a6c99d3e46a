#include <clairgate/base/json.hpp>
#include <clairgate/base/limits.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace clairgate {
namespace {

TEST(JsonParse, RefusesWhatOthersLetThrough) {
    std::pair<char const*, std::string> const cases[] = {
        {"empty", ""},
        {"truncated", R"({"a":[1,2)"},
        {"two documents", "{}{}"},
        {"trailing comma", R"({"a":1,})"},
        {"duplicate key", R"({"a":1,"a":2})"},
        {"duplicate key, empty", R"({"":1,"":2})"},
        {"duplicate key, escaped", R"({"a":1,"\u0061":2})"},
        {"duplicate key, nested", R"([{"b":{"a":1,"a":2}}])"},
        {"invalid UTF-8", "\"\xff\""},
        {"lone surrogate", R"("\ud800")"},
        {"NaN", "NaN"},
        {"UTF-16", std::string("\xff\xfe{\0}\0", 6)},
        {"deep",
         std::string(limits::json_depth + 1, '[') + std::string(limits::json_depth + 1, ']')},
        {"a bomb of depth", std::string(3'000'000, '[')},
    };
    for (auto const& [what, text] : cases)
        EXPECT_FALSE(json::parse(text).has_value()) << what;
}

TEST(JsonParse, IsNotFooledByBracketsInStrings) {
    auto const text = "{\"a\":\"" + std::string(200, '[') + "\\\"" + std::string(200, '{') + "\"}";
    EXPECT_TRUE(json::parse(text).has_value());
}

// The parser's own callbacks look at all siblings at the end of each object: minutes for this one.
TEST(JsonParse, TakesTimeInProportionToItsLength) {
    constexpr std::size_t objects = 200'000;
    std::string text = "[";
    for (std::size_t i = 0; i < objects; ++i)
        text += R"({"a":{}},)";
    text += "0]";
    EXPECT_EQ(json::parse(text).value().size(), objects + 1);
}

TEST(JsonMembers, AreCheckedForTheirType) {
    auto const object =
        json::parse(R"({"s":"x","n":7,"neg":-7,"a":[],"o":{},"null":null})").value();
    EXPECT_EQ(json::string(object, "s").value(), "x");
    EXPECT_FALSE(json::string(object, "n").has_value());
    EXPECT_FALSE(json::string(object, "absent").has_value());
    EXPECT_EQ(json::optional_string(object, "null").value(), std::nullopt);
    EXPECT_EQ(json::unsigned_integer(object, "n").value(), 7U);
    EXPECT_FALSE(json::unsigned_integer(object, "neg").has_value());
    EXPECT_NE(json::optional_array(object, "a").value(), nullptr);
    EXPECT_FALSE(json::optional_array(object, "o").has_value());
    EXPECT_EQ(json::optional_object(object, "absent").value(), nullptr);
}

TEST(JsonDump, IsDeterministicAndReplacesBadUtf8) {
    nlohmann::json value{{"b", 1}, {"a", "\xff"}};
    EXPECT_EQ(json::dump(value), "{\"a\":\"\xEF\xBF\xBD\",\"b\":1}");
}

} // namespace
} // namespace clairgate
