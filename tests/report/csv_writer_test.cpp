#include "report/csv_reader.hpp"
#include "report/hostile_texts.hpp"
#include <clairgate/base/text.hpp>
#include <clairgate/report/csv_writer.hpp>

#include <gtest/gtest.h>

#include <limits>

namespace clairgate::report {
namespace {

template <class Write>
std::string written(Write write) {
    std::string text;
    Out out([&](std::string_view piece) { text += piece; });
    CsvWriter csv(out);
    write(csv);
    out.finish();
    return text;
}

std::string cell(std::string_view untrusted, std::size_t bytes_max = 20'000) {
    return written([&](CsvWriter& csv) { csv.cell(untrusted, bytes_max); });
}

TEST(CsvWriter, WritesRowsOfRfc4180) {
    auto const text = written([](CsvWriter& csv) {
        csv.word("a");
        csv.cell(std::string_view("x \"y\", z"));
        csv.cell(std::vector<std::string>{"p", "q"});
        csv.cell(std::uint64_t{7});
        csv.cell(0.97);
        csv.cell(std::numeric_limits<double>::quiet_NaN());
        csv.cell(std::optional<double>());
        csv.cell(std::optional(parse_rfc3339("2026-11-24T12:00:00Z").value()));
        csv.cell(std::optional(true));
        csv.cell(std::optional<bool>());
        csv.empty_cells(1);
        csv.end_row();
    });
    EXPECT_EQ(text, "\"a\",\"x \"\"y\"\", z\",\"p q\",7,0.97,,,2026-11-24T12:00:00Z,true,,\r\n");
}

TEST(CsvWriter, KeepsSpreadsheetsFromFormulas) {
    struct {
        std::string text;
        char const* cell;
    } const cases[] = {
        {"=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\""},
        {"+1", "\"'+1\""},
        {"-1", "\"'-1\""},
        {"@SUM(1)", "\"'@SUM(1)\""},
        {"  =1", "\"'  =1\""},
        {"\"=1", "\"'\"\"=1\""},
        {"'=1", "\"''=1\""},
        {" \"' =1", "\"' \"\"' =1\""},
        {"\xC2\xA0=1", "\"'\xC2\xA0=1\""},
        {"\xE3\x80\x80=1", "\"'\xE3\x80\x80=1\""},
        {"\xEF\xBC\x9D"
         "1",
         "\"'\xEF\xBC\x9D"
         "1\""},
        {"\xEF\xBC\x8B"
         "1",
         "\"'\xEF\xBC\x8B"
         "1\""},
        {"\xEF\xBC\x8D"
         "1",
         "\"'\xEF\xBC\x8D"
         "1\""},
        {"\xEF\xBC\xA0"
         "x",
         "\"'\xEF\xBC\xA0"
         "x\""},
        {"a;=1", "\"a;'=1\""},
        {"a; \"=1", "\"a;' \"\"=1\""},
        {"\t=1", "\"\\x09=1\""},
        {"\r=1", "\"\\x0d=1\""},
        {"1=1-1+1@1", "\"1=1-1+1@1\""},
        {"a;b", "\"a;b\""},
        {"3.0.11-1~deb12u1", "\"3.0.11-1~deb12u1\""},
        {"\"", "\"\"\"\""},
    };
    for (auto const& [text, expected] : cases)
        EXPECT_EQ(cell(text), expected) << text;
}

TEST(CsvWriter, BreaksMarkersThatActAnywhereInALine) {
    EXPECT_EQ(cell("a ##vso[x]"), "\"a #\\x23vso[x]\"");
    EXPECT_EQ(cell("####"), "\"#\\x23\\x23\\x23\"");
    EXPECT_EQ(cell("section_start:1"), "\"section_start\\x3a1\"");
    EXPECT_EQ(cell("a#b ::c"), "\"a#b ::c\"");
}

TEST(CsvWriter, CutsWithAMark) {
    EXPECT_EQ(cell("abcdef", 3), "\"abc…\"");
    auto const text =
        written([](CsvWriter& csv) { csv.cell(std::vector<std::string>(1000, "abc"), 10); });
    EXPECT_EQ(text, "\"abc abc ab…\"");
}

// A text comes back but for the "'" of formulas and the "\x23" and "\x3a" of markers.
std::string without_marks(std::string text) {
    for (auto at = text.find('\''); at != std::string::npos; at = text.find('\'', at))
        text.erase(at, 1);
    for (auto at = text.find("\\x23"); at != std::string::npos; at = text.find("\\x23", at))
        text.replace(at, 4, "#");
    for (auto at = text.find("\\x3a"); at != std::string::npos; at = text.find("\\x3a", at))
        text.replace(at, 4, ":");
    return text;
}

TEST(CsvWriter, GivesHostileTextsBackFromAParser) {
    for (auto const& hostile : sample::hostile_texts()) {
        auto const text = written([&](CsvWriter& csv) {
            csv.word("finding");
            csv.cell(std::string_view(hostile), 20'000);
            csv.end_row();
        });
        auto const rows = sample::parse_csv(text);
        ASSERT_TRUE(rows.has_value()) << printable(text);
        ASSERT_EQ(rows->size(), 1U) << printable(text);
        std::string scratch;
        auto const& back = rows->at(0).at(1);
        ASSERT_EQ(without_marks(back), without_marks(std::string(visible(hostile, scratch))));
        ASSERT_TRUE(back.empty() ||
                    std::string_view("=+-@\t\r").find(back[0]) == std::string_view::npos);
        ASSERT_EQ(text.find("##"), std::string::npos) << printable(text);
    }
}

} // namespace
} // namespace clairgate::report
