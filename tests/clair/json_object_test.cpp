#include <clairgate/base/limits.hpp>
#include <clairgate/clair/json_object.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace clairgate::clair {
namespace {

using Members = std::vector<std::pair<std::string, std::string>>;

Result<Members> members(std::string_view text) {
    Members out;
    JsonObject object(text);
    while (TRY(object.next()))
        out.emplace_back(object.key(), object.value());
    return out;
}

Result<std::vector<std::string>> elements(std::string_view text) {
    std::vector<std::string> out;
    JsonArray array(text);
    while (TRY(array.next()))
        out.emplace_back(array.value());
    return out;
}

TEST(JsonObject, GivesTheTextOfEachMember) {
    struct Row {
        std::string_view text;
        Members members;
    };
    Row const rows[] = {
        {"{}", {}},
        {" \n{ \t} \r", {}},
        {R"({"a":1})", {{"a", "1"}}},
        {R"( { "a" : [1, {"b":"}"}] , "c":null } )", {{"a", R"([1, {"b":"}"}])"}, {"c", "null"}}},
        {R"({"a":"\"","b":"\\"})", {{"a", R"("\"")"}, {"b", R"("\\")"}}},
        {R"({"a":"x","a":"y"})", {{"a", "\"x\""}, {"a", "\"y\""}}}};
    for (auto const& row : rows) {
        auto const got = members(row.text);
        ASSERT_TRUE(got.has_value()) << row.text << got.error().text();
        EXPECT_EQ(*got, row.members) << row.text;
    }
}

TEST(JsonObject, RefusesWhatIsNotOneWholeObject) {
    for (std::string const text : {"",
                                   " ",
                                   "[]",
                                   "null",
                                   "{",
                                   "{\"",
                                   "{\"a",
                                   "{\"a\"",
                                   "{\"a\":",
                                   "{\"a\":1",
                                   "{\"a\":1,",
                                   "{\"a\":1,}",
                                   "{,}",
                                   "{\"a\" 1}",
                                   "{a:1}",
                                   "{\"a\":1}}",
                                   "{\"a\":1} x",
                                   "{\"a\":[1}",
                                   "{\"a\":}",
                                   "{\"a\":1 \"b\":2}",
                                   "{\"a\":\"\\",
                                   "{\"a\":\"\\\"}",
                                   "{\"a\":]}",
                                   "{\"\\u0061\":1}",
                                   "\xEF\xBB\xBF{}"})
        EXPECT_FALSE(members(text).has_value()) << text;
}

TEST(JsonObject, RefusesEveryTruncation) {
    std::string const whole = R"({"a":{"b":[1,2,"\u0041"]},"c":"d\"e","f":true})";
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(members(whole.substr(0, size)).has_value()) << size;
    EXPECT_TRUE(members(whole).has_value());
}

TEST(JsonObject, BoundsDepthWithoutRecursion) {
    auto const nested = [](std::size_t depth) {
        return "{\"a\":" + std::string(depth, '[') + std::string(depth, ']') + "}";
    };
    EXPECT_TRUE(members(nested(limits::json_depth)).has_value());
    EXPECT_EQ(members(nested(limits::json_depth + 1)).error().kind(), ErrorKind::limit);
    EXPECT_EQ(members(nested(10'000'000)).error().kind(), ErrorKind::limit);
}

TEST(JsonArray, GivesTheTextOfEachElement) {
    EXPECT_EQ(elements("[]").value(), std::vector<std::string>{});
    EXPECT_EQ(elements(R"( [ {"a":1} , "]" ,[2]] )").value(),
              (std::vector<std::string>{R"({"a":1})", "\"]\"", "[2]"}));
    for (std::string const text :
         {"", "{}", "[", "[1", "[1,", "[1,]", "[,]", "[1]]", "[1 \"a\"", "1"})
        EXPECT_FALSE(elements(text).has_value()) << text;
}

} // namespace
} // namespace clairgate::clair
