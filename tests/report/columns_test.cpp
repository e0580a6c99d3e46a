#include <clairgate/base/text.hpp>
#include <clairgate/report/columns.hpp>

#include <gtest/gtest.h>

#include <random>

namespace clairgate::report {
namespace {

using Rows = std::vector<std::vector<std::string>>;

TEST(WidthOf, CountsCharactersAndWideOnesTwice) {
    EXPECT_EQ(width_of(""), 0U);
    EXPECT_EQ(width_of("naïve"), 5U);
    EXPECT_EQ(width_of("漢字"), 4U);
    EXPECT_EQ(width_of("한"), 2U);
    EXPECT_EQ(width_of("🚀"), 2U);
    EXPECT_EQ(width_of("Ω…"), 2U);
}

TEST(Fitted, PadsOrCutsToTheVeryWidth) {
    EXPECT_EQ(fitted("ab", 4, true), "ab  ");
    EXPECT_EQ(fitted("abcd", 4, true), "abcd");
    EXPECT_EQ(fitted("abcde", 4, true), "abc…");
    EXPECT_EQ(fitted("abcde", 4, false), "a...");
    EXPECT_EQ(fitted("漢字漢", 4, true), "漢 …"); // half of a wide character does not fit
    for (auto const* text : {"", "a", "漢字漢字漢字", "naïve naïve naïve", "🚀🚀🚀🚀🚀🚀🚀"})
        for (std::size_t columns = 3; columns < 12; ++columns)
            EXPECT_EQ(width_of(fitted(text, columns, true)), columns) << text << columns;
}

TEST(Inert, BreaksTheMarkersOfCiSystemsWhereverTheyStand) {
    struct {
        char const* text;
        char const* shown;
    } const cases[] = {
        {"openssl 3.0.11-1~deb12u2", "openssl 3.0.11-1~deb12u2"},
        {"1:1.2.13.dfsg-1", "1:1.2.13.dfsg-1"},
        {"C#", "C#"},
        {"::error::x", ":\\:error:\\:x"},
        {"a::set-output name=x::y", "a:\\:set-output name=x:\\:y"},
        {":::", ":\\:\\:"},
        {"##[command]", "#\\#[command]"},
        {"x##vso[task.setvariable]y", "x#\\#vso[task.setvariable]y"},
        {"##teamcity[buildStop]", "#\\#teamcity[buildStop]"},
        {"####", "#\\#\\#\\#"},
        {"section_start:1:x", "section_start\\:1:x"},
        {"section_end:1:x", "section_end\\:1:x"},
        {"travis_fold:start", "travis_fold\\:start"},
        {"\x1b[31m", "\\x1b[31m"},
        {"a\r\n::b", "a\\x0d\\x0a:\\:b"},
        {"\xE2\x80\xAE", "\\u{202e}"},
        {":\xE2\x80\x8B:", ":\\u{200b}:"},
    };
    for (auto const& c : cases)
        EXPECT_EQ(inert(c.text, true), c.shown) << c.text;
}

TEST(Inert, IsAsciiAloneWhereTheTerminalIs) {
    EXPECT_EQ(inert("naïve 漢字", false), "na?ve ??");
    EXPECT_EQ(inert(std::string(400, 'x'), false), std::string(300, 'x') + "...");
}

TEST(Inert, NeverLeavesAMarkerWhateverComesIn) {
    std::mt19937 random(20261124);
    std::string_view const pieces[] = {":", "#", "[", "\\", "a", "section_start", "\xE2\x80\x8B"};
    for (int round = 0; round < 20'000; ++round) {
        std::string text;
        for (auto length = random() % 12; length > 0; --length)
            text += pieces[random() % std::size(pieces)];
        for (bool const is_utf8 : {true, false}) {
            auto const shown = inert(text, is_utf8);
            for (auto const* marker : {"::", "##", "section_start:"})
                ASSERT_EQ(shown.find(marker), std::string::npos) << text;
        }
    }
}

TEST(Aligned, KeepsNaturalWidthsWhenTheyFit) {
    EXPECT_EQ(aligned(Rows{{"A", "LONGER"}, {"abc", "x"}, {"d", ""}}, 80, "  ", true),
              "  A    LONGER\n"
              "  abc  x\n"
              "  d\n");
    EXPECT_EQ(aligned({}, 80, "  ", true), "");
}

TEST(Aligned, ColumnsYieldInTheGivenOrderAndNoneBelowItsWidth) {
    Rows const rows{{std::string(20, 'a'), std::string(20, 'b'), std::string(20, 'c')}};
    constexpr Yield yields[] = {{1, 10}, {2, 15}};
    EXPECT_EQ(widths_of(rows, 64, "", yields), (std::vector<std::size_t>{20, 20, 20}));
    EXPECT_EQ(widths_of(rows, 60, "", yields), (std::vector<std::size_t>{20, 16, 20}));
    EXPECT_EQ(widths_of(rows, 52, "", yields), (std::vector<std::size_t>{20, 10, 18}));
    EXPECT_EQ(widths_of(rows, 49, "", yields), (std::vector<std::size_t>{20, 10, 15}));
    EXPECT_EQ(widths_of(rows, 47, "", yields), (std::vector<std::size_t>{18, 10, 15}));
}

TEST(Aligned, NoLineIsWiderThanAsked) {
    std::mt19937 random(7);
    for (int round = 0; round < 500; ++round) {
        Rows rows(3);
        for (auto& row : rows)
            for (int column = 0; column < 6; ++column)
                row.emplace_back(random() % 300, 'x');
        for (std::size_t const columns : {80U, 120U, 160U}) {
            auto const text = aligned(rows, columns, "  ", true);
            for (auto const line : split(text, '\n'))
                ASSERT_LE(width_of(line), columns);
        }
    }
}

TEST(Wrapped, BreaksAtSpacesAndIndentsWhatFollows) {
    EXPECT_EQ(wrapped("Next: ", "one two three four", 16, "  "), "Next: one two\n  three four\n");
    EXPECT_EQ(wrapped("", "short", 80), "short\n");
    EXPECT_EQ(wrapped("  ", "", 80), "  \n");
}

TEST(Wrapped, AWordThatIsLongerThanALineStaysWhole) {
    auto const word = std::string(50, 'w');
    EXPECT_EQ(wrapped("A: ", word + " b", 20, "  "), "A: " + word + "\n  b\n");
}

} // namespace
} // namespace clairgate::report
