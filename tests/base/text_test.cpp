#include <clairgate/base/text.hpp>

#include <gtest/gtest.h>

#include <random>

namespace clairgate {
namespace {

TEST(Cat, JoinsStringsCharactersAndIntegers) {
    EXPECT_EQ(cat("a", 'b', 12, std::uint64_t{18446744073709551615U}, std::string("z")),
              "ab1218446744073709551615z");
}

TEST(Trim, TakesAsciiSpaceOffBothEnds) {
    EXPECT_EQ(trim(" \t a b\r\n"), "a b");
    EXPECT_EQ(trim("  "), "");
}

TEST(Split, KeepsEmptyPieces) {
    EXPECT_EQ(split("a,,b", ',').size(), 3U);
    EXPECT_EQ(split("", ',').size(), 1U);
}

TEST(ParseUnsigned, TakesOnlyWholeDecimalNumbers) {
    EXPECT_EQ(parse_unsigned("0"), 0U);
    EXPECT_EQ(parse_unsigned("18446744073709551615"), 18446744073709551615U);
    for (auto const* bad : {"", "-1", "+1", " 1", "1 ", "0x1", "18446744073709551616", "1e3"})
        EXPECT_EQ(parse_unsigned(bad), std::nullopt) << bad;
}

TEST(DidYouMean, SuggestsTheNearestWordAndNothingFarAway) {
    std::string_view const known[] = {"uncovered", "on_error", "max_data_age"};
    EXPECT_EQ(did_you_mean("uncoverd", known), " (did you mean uncovered?)");
    EXPECT_EQ(did_you_mean("ON_ERORR", known), " (did you mean on_error?)");
    EXPECT_EQ(did_you_mean("colour", known), "");
    EXPECT_EQ(did_you_mean(std::string(100'000, 'x'), known), "");
}

struct Utf8Case {
    char const* what;
    std::string bytes;
    bool valid;
};

TEST(IsUtf8, FollowsRfc3629) {
    Utf8Case const cases[] = {
        {"ASCII", "abc", true},
        {"two bytes", "\xC3\xA9", true},
        {"four bytes", "\xF0\x9F\x98\x80", true},
        {"overlong slash", "\xC0\xAF", false},
        {"overlong three bytes", "\xE0\x80\xAF", false},
        {"surrogate", "\xED\xA0\x80", false},
        {"beyond Unicode", "\xF4\x90\x80\x80", false},
        {"cut short", "\xE2\x82", false},
        {"lone continuation", "\x80", false},
        {"Latin-1", "caf\xE9", false},
    };
    for (auto const& c : cases)
        EXPECT_EQ(is_utf8(c.bytes), c.valid) << c.what;
}

TEST(Printable, KeepsOrdinaryTextOfAnyLanguage) {
    for (auto const* text : {"openssl 3.0.11-1~deb12u2", "naïve Ω 漢字 😀", "a::b #c", "1:2", "#"})
        EXPECT_EQ(printable(text), text);
}

TEST(Printable, BreaksMarkersThatActWhereverTheyStand) {
    EXPECT_EQ(printable("a ##vso[task]b"), "a #\\#vso[task]b");
    EXPECT_EQ(printable("####"), "#\\#\\#\\#");
    EXPECT_EQ(printable("x section_start:1:y"), "x section_start\\:1:y");
    EXPECT_EQ(printable("travis_fold:start"), "travis_fold\\:start");
    EXPECT_EQ(printable("a::b"), "a::b"); // acts only where a line begins
}

TEST(Visible, IsTheTextItselfWhereNothingIsActive) {
    std::string scratch = "untouched";
    std::string_view const plain = "openssl 3.0.11-1~deb12u2, and more than eight bytes";
    EXPECT_EQ(visible(plain, scratch).data(), plain.data());
    EXPECT_EQ(scratch, "untouched");
    EXPECT_EQ(visible("", scratch), "");
    EXPECT_EQ(visible("naïve 漢字", scratch), "naïve 漢字");
    EXPECT_EQ(visible(std::string(2000, 'x') + "\x1b", scratch), std::string(2000, 'x') + "\\x1b");
    for (std::size_t i = 0; i < 20; ++i) // wherever it stands in a word of the machine
        for (auto const* active : {"\x01", "\x7f", "\xE2\x80\xAE", "\xFF"}) {
            auto const text = std::string(i, 'a') + active + std::string(20 - i, 'b');
            EXPECT_EQ(visible(text, scratch), printable(text)) << i;
        }
}

TEST(IsActive, IsEverythingThatADisplayMayHide) {
    for (auto const code : {0x00U,
                            0x1FU,
                            0x7FU,
                            0x9FU,
                            0xADU,
                            0x34FU,
                            0x200BU,
                            0x202EU,
                            0x2066U,
                            0x3164U,
                            0xFE0FU,
                            0xFEFFU,
                            0xFFA0U,
                            0x1FFFEU,
                            0xE0041U,
                            0x10FFFFU})
        EXPECT_TRUE(is_active(code)) << code;
    for (auto const code : {0x20U, 0x41U, 0x7EU, 0xE9U, 0x3A9U, 0x6F22U, 0x1F600U})
        EXPECT_FALSE(is_active(code)) << code;
}

TEST(Front, EndsWithAWholeCharacter) {
    EXPECT_EQ(front("abc", 5), "abc");
    EXPECT_EQ(front("abc", 2), "ab");
    EXPECT_EQ(front("a漢字", 4), "a漢");
    EXPECT_EQ(front("a漢字", 3), "a");
    EXPECT_EQ(front("漢", 2), "");
}

TEST(Printable, MakesActiveCharactersVisible) {
    EXPECT_EQ(printable("\x1b[31mred"), "\\x1b[31mred");
    EXPECT_EQ(printable("a\r\nb\tc"), "a\\x0d\\x0ab\\x09c");
    EXPECT_EQ(printable("\xC2\x9B"
                        "31m"),
              "\\x9b31m"); // C1 introducer
    EXPECT_EQ(printable("\xE2\x80\xAE"
                        "evil"),
              "\\u{202e}evil"); // right-to-left override
    EXPECT_EQ(printable("\xE2\x80\xA8"), "\\u{2028}");
    EXPECT_EQ(printable("\xE2\x80\x8B"), "\\u{200b}");
    EXPECT_EQ(printable("caf\xE9"), "caf\\xe9");
    EXPECT_EQ(printable(std::string_view("\0", 1)), "\\x00");
}

TEST(Printable, CutsAtACharacterAndMarksTheCut) {
    EXPECT_EQ(printable("äöü", 2), "ä…");
    EXPECT_EQ(printable(std::string(1000, 'x'), 5), "xxxxx…");
}

TEST(Printable, NeverLeavesAnActiveByteWhateverComesIn) {
    std::mt19937 random(20261124);
    for (int round = 0; round < 20'000; ++round) {
        std::string bytes(random() % 24, '\0');
        for (auto& byte : bytes)
            byte = static_cast<char>(random());
        auto const shown = printable(bytes);
        ASSERT_TRUE(is_utf8(shown));
        for (char const c : shown)
            ASSERT_TRUE(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) << round;
    }
}

} // namespace
} // namespace clairgate
