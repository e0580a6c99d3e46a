#include <clairgate/base/text.hpp>
#include <clairgate/policy/comparison.hpp>

#include <gtest/gtest.h>

#include <cmath>

namespace clairgate::policy {
namespace {

using namespace std::chrono_literals;

TEST(Comparison, ReadsNumbersWithOrWithoutSpace) {
    struct Row {
        std::string_view text;
        Relation relation;
        double value;
        std::string_view canonical;
    };
    Row const rows[] = {{">= 7.0", Relation::at_least, 7.0, ">= 7"},
                        {">=7.5", Relation::at_least, 7.5, ">= 7.5"},
                        {"> 9", Relation::greater, 9, "> 9"},
                        {"<0.1", Relation::less, 0.1, "< 0.1"},
                        {"<= 3", Relation::at_most, 3, "<= 3"},
                        {"  >   0.00043\t", Relation::greater, 0.00043, "> 0.00043"},
                        {">= 007.10", Relation::at_least, 7.1, ">= 7.1"},
                        {"<= 0", Relation::at_most, 0, "<= 0"},
                        {">= 999999999.999999999", Relation::at_least, 1e9, ">= 1000000000"},
                        {"> 0.000000001", Relation::greater, 1e-9, "> 0.000000001"}};
    for (auto const& row : rows) {
        auto const parsed = parse_number_comparison(row.text);
        ASSERT_TRUE(parsed.has_value()) << row.text;
        EXPECT_EQ(parsed->relation, row.relation) << row.text;
        EXPECT_DOUBLE_EQ(parsed->value, row.value) << row.text;
        EXPECT_EQ(parsed->text(), row.canonical);
    }
}

TEST(Comparison, ReadsDurations) {
    struct Row {
        std::string_view text;
        Relation relation;
        Duration value;
        std::string_view canonical;
    };
    Row const rows[] = {{">= 30d", Relation::at_least, 720h, ">= 30d"},
                        {"< 7d", Relation::less, 168h, "< 7d"},
                        {"<=36h", Relation::at_most, 36h, "<= 36h"},
                        {"> 1h30m", Relation::greater, 90min, "> 90m"},
                        {"> 90s", Relation::greater, 90s, "> 90s"},
                        {"> 1s1ms", Relation::greater, 1001ms, "> 1001ms"},
                        {">= 0d", Relation::at_least, 0s, ">= 0d"}};
    for (auto const& row : rows) {
        auto const parsed = parse_duration_comparison(row.text);
        ASSERT_TRUE(parsed.has_value()) << row.text;
        EXPECT_EQ(parsed->relation, row.relation) << row.text;
        EXPECT_EQ(parsed->value, row.value) << row.text;
        EXPECT_EQ(parsed->text(), row.canonical);
        EXPECT_EQ(parse_duration_comparison(parsed->text()).value(), *parsed);
    }
}

TEST(Comparison, HoldsOnItsSideAndAtItsEdge) {
    struct Row {
        std::string_view text;
        bool below, at, above;
    };
    Row const rows[] = {{"< 7", true, false, false},
                        {"<= 7", true, true, false},
                        {">= 7", false, true, true},
                        {"> 7", false, false, true}};
    for (auto const& row : rows) {
        auto const comparison = parse_number_comparison(row.text).value();
        EXPECT_EQ(comparison.holds(std::nextafter(7.0, 0.0)), row.below) << row.text;
        EXPECT_EQ(comparison.holds(7.0), row.at) << row.text;
        EXPECT_EQ(comparison.holds(std::nextafter(7.0, 8.0)), row.above) << row.text;
        EXPECT_FALSE(comparison.holds(std::nan(""))) << row.text;
        auto const days = parse_duration_comparison(std::string(row.text) + "d").value();
        EXPECT_EQ(days.holds(168h - 1ms), row.below) << row.text;
        EXPECT_EQ(days.holds(168h), row.at) << row.text;
        EXPECT_EQ(days.holds(168h + 1ms), row.above) << row.text;
    }
}

TEST(Comparison, EveryDecimalReadsBackAsItself) {
    for (int i = 0; i <= 1000; ++i) {
        auto const text = cat(">= ", i / 100, ".", i % 100 / 10, i % 10);
        auto const comparison = parse_number_comparison(text).value();
        EXPECT_EQ(parse_number_comparison(comparison.text()).value(), comparison) << text;
        EXPECT_TRUE(comparison.holds(i / 100.0)) << text;
    }
}

template <class T>
std::string refusal(Result<Comparison<T>> const& parsed) {
    if (parsed.has_value())
        return cat("accepted as ", parsed->text());
    EXPECT_EQ(parsed.error().kind(), ErrorKind::policy);
    EXPECT_FALSE(parsed.error().remedy().empty());
    return cat(parsed.error().message(), "; ", parsed.error().remedy());
}

TEST(Comparison, ABareValueIsRefusedWithTheSuggestion) {
    EXPECT_EQ(refusal(parse_number_comparison("7.0")),
              "\"7.0\" does not say on which side; write >= 7.0");
    EXPECT_EQ(refusal(parse_number_comparison(" 9 ")),
              "\"9\" does not say on which side; write >= 9");
    EXPECT_EQ(refusal(parse_duration_comparison("30d")),
              "\"30d\" does not say on which side; write >= 30d");
}

TEST(Comparison, WhatIsNoPlainDecimalIsRefused) {
    for (std::string const text : {"",
                                   "  ",
                                   ">=",
                                   ">",
                                   ">= ",
                                   ">= x",
                                   ">= 7,0",
                                   ">= 7.",
                                   ">= .5",
                                   ">= -1",
                                   "> +1",
                                   ">= 1e3",
                                   ">= 1E-5",
                                   ">= 0x10",
                                   ">= nan",
                                   ">= inf",
                                   "< infinity",
                                   ">= 7.0.0",
                                   ">= 7 8",
                                   "=> 7",
                                   "= 7",
                                   "== 7",
                                   "!= 7",
                                   "≥ 7",
                                   ">== 7",
                                   ">> 7",
                                   "> = 7",
                                   "<> 7",
                                   "7 >=",
                                   ">= 7d",
                                   ">= 7%",
                                   ">= ７",
                                   ">= 1_000",
                                   ">= 1'000",
                                   "yes",
                                   ">= \x1b[m",
                                   ">=\0017",
                                   ">= 7\n8",
                                   "\xFF>= 7",
                                   ">= 1234567890",
                                   ">= 0.1234567890"}) {
        auto const said = refusal(parse_number_comparison(text));
        EXPECT_FALSE(said.starts_with("accepted")) << text << ": " << said;
        EXPECT_EQ(said.find('\x1b'), std::string::npos);
    }
    EXPECT_LT(refusal(parse_number_comparison(std::string(1'000'000, '9'))).size(), 200U);
}

TEST(Comparison, WhatIsNoDurationIsRefused) {
    for (std::string const text : {"",
                                   ">=",
                                   ">= 30",
                                   "< d",
                                   ">= 30 d",
                                   ">= -1d",
                                   ">= 1.5d",
                                   ">= 1w",
                                   "> 99999d",
                                   "30",
                                   ">= 1e3s"})
        EXPECT_FALSE(refusal(parse_duration_comparison(text)).starts_with("accepted")) << text;
}

TEST(Comparison, WhatCanNeverHoldIsRefused) {
    auto const said = [](std::string_view text) {
        return refusal(parse_number_comparison(text, 10));
    };
    for (std::string_view const text : {"> 10", "< 0"})
        EXPECT_NE(said(text).find("can never hold"), std::string::npos) << text;
    for (std::string_view const text : {">= 10.1", "<= 11", "< 100"})
        EXPECT_NE(said(text).find("more than there can be"), std::string::npos) << text;
    for (std::string_view const text : {">= 10", "> 9.9", "<= 0", "< 0.1", "<= 10"})
        EXPECT_TRUE(parse_number_comparison(text, 10).has_value()) << text;
    EXPECT_NE(refusal(parse_number_comparison(">= 50", 1)).find("write >= 0.1"), std::string::npos);
    EXPECT_NE(refusal(parse_duration_comparison("< 0d")).find("can never hold"), std::string::npos);
}

} // namespace
} // namespace clairgate::policy
