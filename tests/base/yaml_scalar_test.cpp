#include <clairgate/base/json.hpp>
#include <clairgate/base/yaml.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace clairgate {
namespace {

TEST(YamlScalar, PlainOnesFollowTheCoreSchema) {
    std::pair<char const*, char const*> const cases[] = {
        {"~", "null"},
        {"null", "null"},
        {"NULL", "null"},
        {"nULL", R"("nULL")"},
        {"true", "true"},
        {"True", "true"},
        {"FALSE", "false"},
        {"yes", R"("yes")"},
        {"no", R"("no")"},
        {"on", R"("on")"},
        {"y", R"("y")"},
        {"0", "0"},
        {"-0", "0"},
        {"+12", "12"},
        {"-12", "-12"},
        {"010", "10"},
        {"0o17", "15"},
        {"0x1F", "31"},
        {"0o9", R"("0o9")"},
        {"0x", R"("0x")"},
        {"0x-5", R"("0x-5")"},
        {"-0x5", R"("-0x5")"},
        {"1_000", R"("1_000")"},
        {"12:30:45", R"("12:30:45")"},
        {"18446744073709551615", "18446744073709551615"},
        {"18446744073709551616", R"("18446744073709551616")"},
        {"-9223372036854775808", "-9223372036854775808"},
        {"-9223372036854775809", R"("-9223372036854775809")"},
        {"0xFFFFFFFFFFFFFFFFF", R"("0xFFFFFFFFFFFFFFFFF")"},
        {"1.5", "1.5"},
        {".5", "0.5"},
        {"5.", "5.0"},
        {"+1e3", "1000.0"},
        {"-1.5E-1", "-0.15"},
        {"1e999", R"("1e999")"},
        {"1e", R"("1e")"},
        {"1e+", R"("1e+")"},
        {".", R"(".")"},
        {"+.", R"("+.")"},
        {"+-1", R"("+-1")"},
        {"--1", R"("--1")"},
        {"1.2.3", R"("1.2.3")"},
        {"1.2 ", "1.2"},
        {".inf", R"(".inf")"},
        {"-.INF", R"("-.INF")"},
        {".nan", R"(".nan")"},
        {"inf", R"("inf")"},
        {"nan", R"("nan")"},
        {"2026-01-31", R"("2026-01-31")"},
        {"2026-01-31T00:00:00Z", R"("2026-01-31T00:00:00Z")"},
        {"=", R"("=")"},
        {"<<", R"("<<")"},
        {"CVE-2024-0001", R"("CVE-2024-0001")"},
    };
    for (auto const& [text, expected] : cases) {
        auto const value = yaml::parse(std::string("- ") + text);
        ASSERT_TRUE(value.has_value()) << text;
        EXPECT_EQ(json::dump(value->at(0)), expected) << text;
    }
}

TEST(YamlScalar, NumbersThatAreNotNegativeAreUnsignedAsInJson) {
    EXPECT_TRUE(yaml::parse("7").value().is_number_unsigned());
    EXPECT_TRUE(yaml::parse("+7").value().is_number_unsigned());
    EXPECT_FALSE(yaml::parse("-7").value().is_number_unsigned());
    EXPECT_TRUE(yaml::parse("7.0").value().is_number_float());
}

TEST(YamlScalar, QuotedOnesAndBlocksAreStrings) {
    for (auto const* text : {"\"12\"", "'true'", "'~'", "\"\"", "|\n  12", ">-\n  null"})
        EXPECT_TRUE(yaml::parse(text).value().is_string()) << text;
}

} // namespace
} // namespace clairgate
