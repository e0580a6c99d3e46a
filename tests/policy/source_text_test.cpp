#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/policy/source_text.hpp>

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

std::string first_mistake(std::string bytes) {
    auto const mistakes = mistakes_of_text({"global.toml", std::move(bytes)});
    return mistakes.empty() ? "" : mistakes.front().text();
}

TEST(SourceText, OrdinaryTextOfAnyLanguageIsFine) {
    for (std::string const text : {"",
                                   "schema = 1\n",
                                   "schema = 1\r\n[scan]\r\n",
                                   "\xEF\xBB\xBFschema = 1\n",
                                   "# Grüße, 漢字, 🚀 and a\ttab\nschema = 1",
                                   "a = \"\"\"ü\n漢 \\\"\"\" ü\"\"\"\"\" # ü\n",
                                   "a = '''ü\n\\'''\nb = 'ü\\'\n",
                                   "a = \"\\\"ü\" # \"\"\" é\nb = \"\" # é\n",
                                   "# ................................................"
                                   ".....................................\n"})
        EXPECT_EQ(first_mistake(text), "") << text;
}

struct BadText {
    std::string bytes;
    std::string said;
};

TEST(SourceText, WhatAReviewerCannotSeeIsRefusedWithItsPlace) {
    BadText const cases[] = {
        {std::string("a\0b", 3), "global.toml:1:2: control character U+0000"},
        {"ok = 1\nx\x1b[31m", "global.toml:2:2: control character U+001B"},
        {"a = 1\rb = 2\n", "global.toml:1:6: control character U+000D"},
        {"a\x7f", "global.toml:1:2: control character U+007F"},
        {"a\xC2\x9B", "global.toml:1:2: control character U+009B"},
        {"# \xE2\x80\xAE", "global.toml:1:3: invisible character U+202E"},
        {"# \xE2\x81\xA6", "global.toml:1:3: invisible character U+2066"},
        {"a\xE2\x80\x8B", "global.toml:1:2: invisible character U+200B"},
        {"a\xE2\x80\x8D", "global.toml:1:2: invisible character U+200D"},
        {"a\xE2\x80\xA8", "global.toml:1:2: invisible character U+2028"},
        {"a\xC2\xAD", "global.toml:1:2: invisible character U+00AD"},
        {"a\xEF\xBB\xBF", "global.toml:1:2: invisible character U+FEFF"},
        {"a\xF3\xA0\x81\x81", "global.toml:1:2: invisible character U+E0041"},
        {"cr\xD1\x96tical = 1", "global.toml:1:3: U+0456 outside of strings and comments"},
        {"[é]", "global.toml:1:2: U+00E9 outside"},
        {"\"\" é", "global.toml:1:4: U+00E9 outside"},
        {"a = '''\n''' é", "global.toml:2:5: U+00E9 outside"},
        {"a = \"\"\"\n\\\"\"\"\"\"\" é", "global.toml:2:9: U+00E9 outside"},
        {"a = \"\"\"x\\\n \n\"\"\" é", "global.toml:3:5: U+00E9 outside"},
        {"a = \"unclosed\né", "global.toml:2:1: U+00E9 outside"},
        {"a = 1\nü\xE9\n", "global.toml:2:2: not UTF-8"},
        {"\xC0\xAF", "global.toml:1:1: not UTF-8"},
        {"\xED\xA0\x80", "global.toml:1:1: not UTF-8"},
        {std::string("\xFF\xFEs\0", 4), "global.toml:1:1: not UTF-8"},
        {"\xE2\x82", "global.toml:1:1: not UTF-8"},
    };
    for (auto const& c : cases)
        EXPECT_TRUE(first_mistake(c.bytes).starts_with(c.said))
            << first_mistake(c.bytes) << " but expected " << c.said;
}

TEST(SourceText, KeysDottedDeeperThanAParserBearsAreRefused) {
    std::string deep = "a";
    for (int i = 0; i < 100'000; ++i)
        deep += i % 2 == 0 ? ".a" : " . \"a\"";
    EXPECT_NE(first_mistake(deep + " = 1\n").find("more than 64 dots on one line"),
              std::string::npos);
    // Behind a string that spans lines, dots separate keys again.
    EXPECT_NE(first_mistake("x = { k = \"\"\"\n\"\"\", " + deep + " = 1 }").find("more than 64"),
              std::string::npos);
    EXPECT_EQ(first_mistake("a = \"" + deep + "\" # " + deep), "");
}

TEST(SourceText, TooManyBytesAreRefusedBeforeTheyAreRead) {
    auto const mistakes =
        mistakes_of_text({"global.toml", std::string(limits::policy_file_bytes + 1, '\0')});
    ASSERT_EQ(mistakes.size(), 1U);
    EXPECT_EQ(mistakes.front().message(), "larger than 1024 KiB");
}

TEST(SourceText, EveryBadLineIsNamedUpToABound) {
    EXPECT_EQ(mistakes_of_text({"x", "\x01\nfine\n\x02\n"}).size(), 2U);
    std::string flood;
    for (int i = 0; i < 1000; ++i)
        flood += "\x01\n";
    EXPECT_EQ(mistakes_of_text({"x", flood}).size(), 20U);
}

TEST(SourceText, LookAlikesOfAsciiAreNamed) {
    EXPECT_EQ(look_alike_note("critical"), "");
    EXPECT_EQ(look_alike_note("cr\xD1\x96tical"), " (it has U+0456, which is no ASCII letter)");
    EXPECT_EQ(look_alike_note("caf\xE9"), "");
}

} // namespace
} // namespace clairgate::policy
