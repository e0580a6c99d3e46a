#include <clairgate/base/limits.hpp>
#include <clairgate/report/stored_json.hpp>

#include <gtest/gtest.h>

namespace clairgate::report::stored {
namespace {

std::optional<ErrorKind> kind_of(std::string const& text) {
    Document document;
    auto const parsed = document.parse(text);
    return parsed.has_value() ? std::nullopt : std::optional(parsed.error().kind());
}

TEST(StoredJson, RefusesWhatIsNotOneCleanDocument) {
    for (std::string const text : {"",
                                   "{",
                                   "{} {}",
                                   "\xEF\xBB\xBF{",
                                   "{\"a\":\"\xFF\"}",
                                   R"({"a":1,"a":1})",
                                   R"({"a":[{"b":1,"c":2,"b":1}]})",
                                   R"([[{"a":{"b":1,"b":2}}]])"})
        EXPECT_EQ(kind_of(text), ErrorKind::protocol) << text;
    Document document;
    EXPECT_TRUE(document.parse(R"({"a":{"a":[{"a":1},{"a":1}]}})").has_value());
}

TEST(StoredJson, BoundsDepth) {
    auto const nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    Document document;
    EXPECT_TRUE(document.parse(nested(limits::json_depth)).has_value());
    EXPECT_EQ(kind_of(nested(limits::json_depth + 2)), ErrorKind::limit);
    EXPECT_EQ(kind_of(nested(1'000'000)), ErrorKind::limit);
}

TEST(StoredJson, GivesMembersOfTheirTypeAlone) {
    Document document;
    auto const root = document
                          .parse(R"({"text":"t","null":null,"true":true,"count":7,"part":0.5,)"
                                 R"("list":["a","b"],"mixed":["a",1],"map":{"a":1}})")
                          .value();
    EXPECT_EQ(string(root, "text").value(), "t");
    EXPECT_EQ(optional_string(root, "null").value(), std::nullopt);
    EXPECT_EQ(boolean(root, "true").value(), true);
    EXPECT_EQ(optional_boolean(root, "null").value(), std::nullopt);
    EXPECT_EQ(unsigned_integer(root, "count").value(), 7U);
    EXPECT_EQ(number(root, "part", 1).value(), 0.5);
    EXPECT_EQ(number(root, "count", 10).value(), 7);
    EXPECT_EQ(optional_number(root, "null", 1).value(), std::nullopt);
    EXPECT_EQ(strings(root, "list").value(), (std::vector<std::string>{"a", "b"}));
    EXPECT_TRUE(object(root, "map").has_value());
    EXPECT_FALSE(string(root, "null").has_value());
    EXPECT_FALSE(string(root, "count").has_value());
    EXPECT_FALSE(boolean(root, "count").has_value());
    EXPECT_FALSE(unsigned_integer(root, "part").has_value());
    EXPECT_FALSE(number(root, "count", 6).has_value());
    EXPECT_FALSE(number(root, "text", 6).has_value());
    EXPECT_FALSE(strings(root, "mixed").has_value());
    EXPECT_FALSE(array(root, "map").has_value());
    EXPECT_FALSE(object(root, "list").has_value());
    EXPECT_FALSE(time(root, "text").has_value());
    EXPECT_NE(string(root, "absent").error().text().find("\"absent\" is missing"),
              std::string::npos);
    EXPECT_FALSE(member(member(root, "list").value(), "a").has_value());
}

} // namespace
} // namespace clairgate::report::stored
