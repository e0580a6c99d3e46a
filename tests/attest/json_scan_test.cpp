#include "attest/mutations.hpp"
#include <clairgate/attest/json_scan.hpp>
#include <clairgate/base/json.hpp>
#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace clairgate::attest {
namespace {

std::string reason(std::string_view text) {
    auto const checked = check_json(text);
    if (checked.has_value())
        return "";
    EXPECT_EQ(checked.error().kind(), ErrorKind::protocol);
    return checked.error().message();
}

TEST(CheckJson, AcceptsWhatRfc8259Allows) {
    for (std::string_view const text : {"0",
                                        "-0.5e+10",
                                        "1E9",
                                        "12.50",
                                        "true",
                                        " null\r\n\t",
                                        "\"\"",
                                        "[]",
                                        "{}",
                                        "[ ]",
                                        "{ }",
                                        R"({"a":{"a":[{"a":1},{"a":2}]},"b":[]})",
                                        R"(["\"\\\/\b\f\n\r\t","é漢🙂","\ud83d\ude42"])",
                                        "[1,[2,[3]],{\"\":0}]",
                                        "1e999"})
        EXPECT_EQ(reason(text), "") << text;
}

TEST(CheckJson, RefusesEverythingElseAndSaysWhy) {
    std::pair<std::string_view, char const*> const cases[] = {
        {"", "byte 0: no value"},
        {" ", "byte 1: no value"},
        {"{", "byte 1: no key"},
        {"[", "byte 1: no value"},
        {"[1", "neither , nor ]"},
        {"[1}", "neither , nor ]"},
        {"{\"a\":1]", "neither , nor }"},
        {"[1,]", "byte 3: no value"},
        {"[,1]", "no value"},
        {"{\"a\":1,}", "no key"},
        {"{a:1}", "no key"},
        {"{\"a\" 1}", "no : after a key"},
        {"{\"a\":}", "no value"},
        {"{} {}", "byte 3: something behind the document"},
        {"1 2", "something behind the document"},
        {std::string_view("{}\0", 3), "something behind the document"},
        {"tru", "no value"},
        {"truex", "something behind the document"},
        {"TRUE", "no value"},
        {"NaN", "no value"},
        {"Infinity", "no value"},
        {"'a'", "no value"},
        {"// a\n1", "no value"},
        {"+1", "no value"},
        {"01", "something behind the document"},
        {"-", "a number without digits"},
        {".5", "no value"},
        {"1.", "a fraction without digits"},
        {"1e", "an exponent without digits"},
        {"1e+", "an exponent without digits"},
        {"0x10", "something behind the document"},
        {"\"a", "a string without end"},
        {"\"a\\", "an unknown escape"},
        {"\"\\x41\"", "an unknown escape"},
        {"\"\\u12G4\"", "four hexadecimal digits"},
        {"\"\\u-123\"", "four hexadecimal digits"},
        {"\"\\u12", "four hexadecimal digits"},
        {"\"\\ud800\"", "a lone surrogate"},
        {"\"\\ud800\\u0041\"", "a lone surrogate"},
        {"\"\\ud800\\", "a lone surrogate"},
        {"\"\\udc00\\ud800\"", "a lone surrogate"},
        {"\"\n\"", "a control character"},
        {std::string_view("\"\0\"", 3), "a control character"},
        {"\xEF\xBB\xBF{}", "byte 0: no value"},
        {"\"\xFF\"", "malformed UTF-8"},
        {"\"\xC0\xAF\"", "malformed UTF-8"},
        {"\"\xED\xA0\x80\"", "malformed UTF-8"},
        {"\"\xF4\x90\x80\x80\"", "malformed UTF-8"},
        {"\"\xE6\xBC\"", "malformed UTF-8"},
        {"\xC2\xA0{}", "no value"}};
    for (auto const& [text, why] : cases)
        EXPECT_NE(reason(text).find(why), std::string::npos) << text << " gave: " << reason(text);
}

TEST(CheckJson, RefusesAKeyTwiceAnywhere) {
    for (std::string_view const text : {R"({"a":1,"a":1})",
                                        R"({"b":1,"a":2,"b":3})",
                                        R"([[{"x":{"b":1,"c":2,"b":3}}]])",
                                        R"({"a":1,"\u0061":2})",
                                        R"({"é":1,"\u00e9":2})",
                                        R"({"🙂":1,"\ud83d\ude42":2})",
                                        R"({"a/b":1,"a\/b":2})",
                                        R"({"a":{"z":1},"b":[{}],"a":0})",
                                        R"({"":1,"":2})"})
        EXPECT_NE(reason(text).find("a key twice"), std::string::npos) << text;
    EXPECT_EQ(reason(R"({"a":{"a":{"a":1}},"b":{"a":1},"A":1,"a\n":2,"a\\n":3})"), "");
}

TEST(CheckJson, BoundsDepthInTime) {
    auto const nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    EXPECT_EQ(reason(nested(limits::json_depth)), "");
    EXPECT_NE(reason(nested(limits::json_depth + 1)).find("nested too deeply"), std::string::npos);
    EXPECT_NE(reason(std::string(1'000'000, '[')).find("byte 64: nested"), std::string::npos);
    std::string objects;
    for (int i = 0; i < 1'000'000; ++i)
        objects += "{\"a\":";
    EXPECT_NE(reason(objects).find("nested too deeply"), std::string::npos);
}

// What would be quadratic in a careless scanner.
TEST(CheckJson, IsLinearOnHostileShapes) {
    constexpr std::size_t many = 60'000;
    std::string keys = "{\"k\":0";
    for (std::size_t i = 0; i < many; ++i)
        keys += cat(",\"k\\u0030", many - i, "\":0");
    EXPECT_EQ(reason(keys + "}"), "");
    EXPECT_NE(reason(keys + ",\"k01\":0}").find("a key twice"), std::string::npos);
    std::string siblings = "[{\"a\":[]}";
    for (std::size_t i = 0; i < many; ++i)
        siblings += ",{\"a\":[]}";
    EXPECT_EQ(reason(siblings + "]"), "");
    std::string backslashes(2 * many, '\\');
    EXPECT_EQ(reason("\"" + backslashes + "\""), "");
    std::string accents;
    for (std::size_t i = 0; i < many; ++i)
        accents += "é";
    EXPECT_EQ(reason("\"" + accents + "\""), "");
}

TEST(Unescape, ResolvesEveryEscape) {
    EXPECT_EQ(unescape(R"(\"\\\/\b\f\n\r\t)"), "\"\\/\b\f\n\r\t");
    EXPECT_EQ(unescape(R"(a\u0041\u00e9\u6f22\ud83d\ude42z)"), "aAé漢🙂z");
    EXPECT_EQ(unescape(R"(\u0000)"), std::string(1, '\0'));
    EXPECT_EQ(unescape(R"(\uD83D\uDE42)"), "🙂");
    EXPECT_EQ(unescape(""), "");
    EXPECT_EQ(unescape("plain"), "plain");
}

// Another parser, the house's for small documents, agrees on thousands of broken documents.
TEST(CheckJson, AgreesWithAnotherParser) {
    std::string const seed =
        R"({"a": [1, -2.5, true, false, null, "x\n\u00e9\ud83d\ude42é漢"], "b": {"c": {}, "d":)"
        R"( []}})";
    test::Mutator mutate(7, "{}[]:,\"\\ \t0123456789.-+utrnfals\xC3\xA9\xFF\x01");
    int accepted = 0;
    for (int round = 0; round < 8'000; ++round) {
        auto const text = mutate(seed);
        auto const other = json::parse(text);
        ASSERT_EQ(check_json(text).has_value(), other.has_value())
            << text << "\n"
            << reason(text) << " / " << (other.has_value() ? "accepted" : other.error().message());
        accepted += other.has_value() ? 1 : 0;
    }
    EXPECT_GT(accepted, 100);
    EXPECT_LT(accepted, 6'000);
}

} // namespace
} // namespace clairgate::attest
