#include <clairgate/base/text.hpp>
#include <clairgate/report/columns.hpp>

#include <gtest/gtest.h>

#include <random>
#include <type_traits>

namespace clairgate::report {
namespace {

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
        EXPECT_EQ(inert(c.text, true).text(), c.shown) << c.text;
}

TEST(Inert, IsAsciiAloneWhereTheTerminalIs) {
    EXPECT_EQ(inert("naïve 漢字", false).text(), "na?ve ??");
    EXPECT_EQ(inert(std::string(400, 'x'), false).text(), std::string(300, 'x') + "...");
}

TEST(Inert, NeverLeavesAMarkerWhateverComesIn) {
    std::mt19937 random(20261124);
    std::string_view const pieces[] = {":", "#", "[", "\\", "a", "section_start", "\xE2\x80\x8B"};
    for (int round = 0; round < 20'000; ++round) {
        std::string text;
        for (auto length = random() % 12; length > 0; --length)
            text += pieces[random() % std::size(pieces)];
        for (bool const is_utf8 : {true, false}) {
            auto const shown = inert(text, is_utf8).text();
            for (auto const* marker : {"::", "##", "section_start:"})
                ASSERT_EQ(shown.find(marker), std::string::npos) << text;
        }
    }
}

TEST(Said, PutsOurWordsNumbersAndInertTextTogether) {
    static_assert(!std::is_constructible_v<InertText, std::string>);
    static_assert(!std::is_constructible_v<InertText, std::string_view>);
    static_assert(!std::is_constructible_v<InertPiece, std::string>);
    static_assert(!std::is_constructible_v<InertPiece, std::string_view>);
    static_assert(!std::is_constructible_v<Fixed, std::string_view>);
    static_assert(!std::is_constructible_v<Fixed, char const*>);
    auto const name = inert("lib\x1b[0m", true);
    EXPECT_EQ(said({"clears ", 3, " of ", name, ", ", Fixed("now")}).text(),
              "clears 3 of lib\\x1b[0m, now");
    EXPECT_EQ(joined({name, said({0}), InertText()}, ", ").text(), "lib\\x1b[0m, 0, ");
    EXPECT_EQ(joined({}, ", ").text(), "");
    EXPECT_EQ(said({inert("1:", true), ": no fix"}).text(), "1:\\: no fix");
    EXPECT_EQ(said({inert("#", true), "#"}).text(), "#\\#");
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
