#include <clairgate/registry/challenge.hpp>

#include <gtest/gtest.h>

#include <algorithm>

namespace clairgate::registry {
namespace {

using Challenges = std::vector<Challenge>;

TEST(ParseChallenges, FollowsTheTable) {
    struct Row {
        char const* sentence;
        std::string header;
        Challenges expected;
    };
    Row const rows[] = {
        {"nothing", "", {}},
        {"a scheme alone", "Negotiate", {{"negotiate", {}}}},
        {"one of each kind",
         R"(Bearer realm="https://a.example/t",service=x)",
         {{"bearer", {{"realm", "https://a.example/t"}, {"service", "x"}}}}},
        {"commas inside quotes",
         R"(Bearer scope="repository:a:pull,push",realm="r")",
         {{"bearer", {{"scope", "repository:a:pull,push"}, {"realm", "r"}}}}},
        {"several challenges in one header",
         R"(Basic realm="a, b", Bearer realm="c",service="d")",
         {{"basic", {{"realm", "a, b"}}}, {"bearer", {{"realm", "c"}, {"service", "d"}}}}},
        {"escapes and odd spaces",
         "  BEARER   Realm = \"a\\\"b\\\\c\" ,\t x=y ,, ",
         {{"bearer", {{"realm", "a\"b\\c"}, {"x", "y"}}}}},
        {"a token68 is no parameter we use",
         "Negotiate abc==, Basic realm=x",
         {{"negotiate", {{"abc", ""}}}, {"basic", {{"realm", "x"}}}}},
        {"the first of two spellings counts",
         R"(Bearer realm="first",REALM="second")",
         {{"bearer", {{"realm", "first"}}}}},
        {"a parameter before any scheme", R"(realm="y", Basic)", {{"basic", {}}}},
        {"a value without its name", R"(=x, realm="y")", {{"x", {{"realm", "y"}}}}},
        {"an open quote ends with the header",
         R"(Bearer realm="abc)",
         {{"bearer", {{"realm", "abc"}}}}},
        {"bytes that are no token", "\x01\xff Basic", {{"basic", {}}}},
    };
    for (auto const& row : rows)
        EXPECT_EQ(parse_challenges(row.header), row.expected) << row.sentence;
}

TEST(ParseChallenges, BoundsWhatItKeepsAndEndsOnAnything) {
    std::string many;
    for (int i = 0; i < 100000; ++i)
        many += "Basic, ";
    EXPECT_EQ(parse_challenges(many).size(), 16U);
    EXPECT_TRUE(parse_challenges(std::string(1 << 20, '"')).empty());
    EXPECT_TRUE(parse_challenges(std::string(1 << 20, ',')).empty());
}

} // namespace
} // namespace clairgate::registry
