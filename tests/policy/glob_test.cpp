#include <clairgate/base/text.hpp>
#include <clairgate/policy/glob.hpp>

#include <gtest/gtest.h>

#include <random>

namespace clairgate::policy {
namespace {

bool matches(std::string_view pattern, std::string_view text) {
    auto const glob = Glob::parse(pattern);
    EXPECT_TRUE(glob.has_value()) << pattern;
    return glob.has_value() && glob->matches(text);
}

struct Row {
    std::string_view pattern;
    std::string_view text;
    bool matches;
};

TEST(Glob, MatchesTheWholeTextByItsFewSigns) {
    Row const rows[] = {
        {"openssl", "openssl", true},
        {"openssl", "openssl3", false},
        {"openssl", "libopenssl", false},
        {"openssl", "OpenSSL", false},
        {"a", "", false},
        {"*", "", true},
        {"*", "anything", true},
        {"*", "registry/app", false},
        {"**", "", true},
        {"**", "registry.example/team/app", true},
        {"***", "a/b", true},
        {"lib*", "lib", true},
        {"lib*", "libssl", true},
        {"lib*", "alibssl", false},
        {"*ssl", "openssl", true},
        {"*ssl", "openssl1", false},
        {"lib*-dev", "libssl-dev", true},
        {"lib*-dev", "lib-dev-dev", true},
        {"lib*-dev", "libssl/x-dev", false},
        {"lib*-dev", "xlibssl-dev", false},
        {"ab*ba", "aba", false},
        {"ab*ba", "abba", true},
        {"a/*b", "a/b", true},
        {"a**bc", "a/bc", true},
        {"a**bc", "abbc/c", false},
        {"registry.example/*", "registry.example/app", true},
        {"registry.example/*", "registry.example/team/app", false},
        {"registry.example/**", "registry.example/team/app", true},
        {"registry.example/**", "registry.example/", true},
        {"registry.example/**", "registry.example", false},
        {"a/**/b", "a/x/y/b", true},
        {"a/**/b", "a//b", true},
        {"a/**/b", "a/b", false},
        {"**/app", "r/t/app", true},
        {"*/*", "a/b", true},
        {"*/*", "a/b/c", false},
        {"*/**", "a/b/c", true},
        {"?", "a", true},
        {"?", "", false},
        {"?", "ab", false},
        {"?", "/", false},
        {"a?c", "abc", true},
        {"a?c", "ac", false},
        {"??", "ab", true},
        {"?*", "", false},
        {"?*", "a", true},
        {"*?", "ab", true},
        {"**?", "a/b", true},
        {"**?", "a/", false},
        {"lib?ssl[0-9]", "lib1ssl[0-9]", true},
        {"lib?ssl[0-9]", "lib1ssl3", false},
        {"{a,b}+(x)^$.|", "{a,b}+(x)^$.|", true},
        {"a.b*", "axb1", false},
    };
    for (auto const& row : rows)
        EXPECT_EQ(matches(row.pattern, row.text), row.matches) << row.pattern << " " << row.text;
}

TEST(Glob, ABackslashTakesASignItsMeaning) {
    EXPECT_TRUE(matches("a\\*", "a*"));
    EXPECT_FALSE(matches("a\\*", "ab"));
    EXPECT_TRUE(matches("\\?\\\\\\a", "?\\a"));
    EXPECT_TRUE(matches("\\**", "*x"));
    EXPECT_FALSE(matches("\\**", "xx"));
    EXPECT_TRUE(matches("*\\**", "a*b"));
    EXPECT_FALSE(matches("*\\**", "a/*b"));
}

TEST(Glob, AQuestionMarkIsOneCharacterHoweverManyBytesItHas) {
    for (std::string const one : {"a", "ü", "漢", "🚀"}) {
        EXPECT_TRUE(matches("?", one)) << one;
        EXPECT_TRUE(matches("x?y", "x" + one + "y")) << one;
        EXPECT_FALSE(matches("?", one + one)) << one;
        EXPECT_TRUE(matches("??", one + one)) << one;
        EXPECT_TRUE(matches("?" + one, one + one)) << one;
        EXPECT_TRUE(matches("*" + one, "aa" + one)) << one;
        EXPECT_TRUE(matches("\\" + one + "?", one + "a")) << one;
    }
    EXPECT_FALSE(matches("ü", "u"));
    EXPECT_FALSE(matches("?", "\x80"));
}

TEST(Glob, TellsWhetherItIsLiteral) {
    for (std::string_view const literal : {"openssl", "a\\*", "\\?", "漢"})
        EXPECT_TRUE(Glob::parse(literal)->is_literal()) << literal;
    for (std::string_view const wild : {"*", "a?", "a\\**", "**"})
        EXPECT_FALSE(Glob::parse(wild)->is_literal()) << wild;
    EXPECT_EQ(Glob::parse("a\\*b")->pattern(), "a\\*b");
}

TEST(Glob, WhatIsNoPatternIsRefusedWithTheRemedy) {
    struct Bad {
        std::string pattern;
        std::string_view said;
    };
    Bad const cases[] = {{"", "empty"},
                         {"a\\", "backslash"},
                         {"\\", "backslash"},
                         {"a\\\\\\", "backslash"},
                         {"a\xFF", "UTF-8"},
                         {"\xED\xA0\x80", "UTF-8"},
                         {std::string(257, 'a'), "at most 256 bytes"}};
    for (auto const& bad : cases) {
        auto const glob = Glob::parse(bad.pattern);
        ASSERT_FALSE(glob.has_value()) << bad.pattern;
        auto const error = glob.error();
        EXPECT_EQ(error.kind(), ErrorKind::policy);
        EXPECT_NE(error.message().find(bad.said), std::string::npos) << error.message();
        EXPECT_FALSE(error.remedy().empty());
    }
}

TEST(Glob, HoldsPatternsUpToItsBound) {
    std::string const a(256, 'a');
    EXPECT_TRUE(matches(a, a));
    EXPECT_FALSE(matches(a, a + "a"));
    EXPECT_TRUE(matches(std::string(255, '?') + "*", a));
    EXPECT_TRUE(matches(std::string(256, '?'), a));
    EXPECT_FALSE(matches(std::string(256, '?'), std::string(255, 'a')));
    std::string stars; // a star on every second place, across the words of the set
    for (int i = 0; i < 128; ++i)
        stars += "*a";
    EXPECT_TRUE(matches(stars, std::string(128, 'a')));
    EXPECT_TRUE(matches(stars, std::string(500, 'a')));
    EXPECT_FALSE(matches(stars, std::string(127, 'a')));
    EXPECT_FALSE(matches(stars, std::string(500, 'a') + "b"));
}

TEST(Glob, AHostilePatternCostsNoMoreThanTheTextIsLong) {
    std::string hostile;
    while (hostile.size() + 4 <= Glob::pattern_bytes_max)
        hostile += "**a";
    hostile += "b";
    std::string text(1'000'000, 'a');
    EXPECT_FALSE(matches(hostile, text)); // backtracking would not end
    text += 'b';
    EXPECT_TRUE(matches(hostile, text));
    EXPECT_FALSE(matches("*a*a*a*a*a*a*a*a*a*a*b", std::string(1'000'000, 'a')));
}

// What the signs mean, said as slowly and plainly as possible.
bool plainly(std::string_view pattern, std::string_view text) {
    std::vector<std::vector<bool>> holds(pattern.size() + 1,
                                         std::vector<bool>(text.size() + 1, false));
    holds[pattern.size()][text.size()] = true;
    for (std::size_t p = pattern.size(); p-- > 0;) {
        bool const is_double = pattern.substr(p, 2) == "**" || (p > 0 && pattern[p - 1] == '*');
        for (std::size_t t = text.size() + 1; t-- > 0;) {
            bool const has_more = t < text.size();
            if (pattern[p] == '*')
                holds[p][t] = holds[p + 1][t] ||
                              (has_more && (is_double || text[t] != '/') && holds[p][t + 1]);
            else
                holds[p][t] = has_more &&
                              (pattern[p] == '?' ? text[t] != '/' : pattern[p] == text[t]) &&
                              holds[p + 1][t + 1];
        }
    }
    return holds[0][0];
}

TEST(Glob, AgreesWithThePlainMeaningOfRandomPatterns) {
    std::mt19937 random(20261124); // NOLINT: the same patterns every time
    auto const any_of = [&](std::string_view signs, std::size_t length_max) {
        std::string out(random() % (length_max + 1), ' ');
        for (auto& c : out)
            c = signs[random() % signs.size()];
        return out;
    };
    int matched = 0;
    for (int i = 0; i < 20'000; ++i) {
        auto const pattern = "a" + any_of("ab/**?", 9);
        auto const text = "a" + any_of("aab/", 8);
        auto const expected = plainly(pattern, text);
        EXPECT_EQ(matches(pattern, text), expected) << pattern << " " << text;
        matched += expected ? 1 : 0;
    }
    EXPECT_GT(matched, 1000);
}

} // namespace
} // namespace clairgate::policy
