#include <clairgate/policy/toml_reader.hpp>

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

// A file and what a reader finds in it.
struct Reading {
    explicit Reading(std::string text) : file{"global.toml", std::move(text)} {
        auto parsed = toml::parse(file.bytes, std::string_view(file.path));
        EXPECT_TRUE(static_cast<bool>(parsed)) << file.bytes;
        if (parsed)
            table = std::move(parsed).table();
    }
    toml::key const& key() const { return table.begin()->first; }
    toml::node const& node() const { return table.begin()->second; }
    std::string said() const { return mistakes.empty() ? "" : mistakes.front().text(); }

    SourceFile file;
    std::vector<Error> mistakes;
    TomlReader reader{file, Level::global, mistakes};
    toml::table table;
};

TEST(TomlReader, ReadsExactTypesAlone) {
    Reading text("x = \"a\"");
    EXPECT_EQ(text.reader.text(text.key(), text.node()), "a");
    EXPECT_EQ(text.reader.boolean(text.key(), text.node()), std::nullopt);
    EXPECT_EQ(text.said(), "global.toml:1:1: x must be true or false, without quotes");
    Reading whole("x = 3");
    EXPECT_EQ(whole.reader.integer(whole.key(), whole.node()), 3);
    EXPECT_EQ(whole.reader.text(whole.key(), whole.node()), std::nullopt);
    EXPECT_EQ(whole.said(), "global.toml:1:1: x must be a string");
    Reading real("x = 3.0");
    EXPECT_EQ(real.reader.integer(real.key(), real.node()), std::nullopt);
    Reading yes("x = true");
    EXPECT_EQ(yes.reader.boolean(yes.key(), yes.node()), true);
    EXPECT_TRUE(yes.mistakes.empty());
}

TEST(TomlReader, TextsAreOneOrSeveral) {
    for (auto const* text : {"x = \"a\"", "x = [\"a\"]"}) {
        Reading one(text);
        EXPECT_EQ(one.reader.texts(one.key(), one.node()), std::vector<std::string>{"a"});
    }
    Reading none("x = []");
    EXPECT_EQ(none.reader.texts(none.key(), none.node()), std::vector<std::string>{});
    for (auto const* text : {"x = [\"a\", 1]", "x = [[\"a\"]]", "x = {}", "x = 1"}) {
        Reading wrong(text);
        EXPECT_EQ(wrong.reader.texts(wrong.key(), wrong.node()), std::nullopt) << text;
        EXPECT_EQ(wrong.mistakes.size(), 1U);
    }
}

TEST(TomlReader, ProseSaysSomethingOfBoundedLength) {
    Reading longest("x = \"" + std::string(2000, 'a') + "\"");
    EXPECT_TRUE(longest.reader.prose(longest.key(), longest.node()).has_value());
    for (auto const& text : {std::string("x = \"\""),
                             std::string("x = \" \\t\\n\""),
                             "x = \"" + std::string(2001, 'a') + "\""}) {
        Reading wrong(text);
        EXPECT_EQ(wrong.reader.prose(wrong.key(), wrong.node()), std::nullopt);
        EXPECT_EQ(wrong.mistakes.size(), 1U);
    }
}

TEST(TomlReader, InheritIsNoActionAndNoMistake) {
    static constexpr std::string_view words[] = {"warn", "inherit"};
    Reading inherit("x = \"inherit\"");
    EXPECT_EQ(inherit.reader.action(inherit.key(), inherit.node(), "x", words), std::nullopt);
    EXPECT_TRUE(inherit.mistakes.empty());
    Reading block("x = \"block\"");
    EXPECT_EQ(block.reader.action(block.key(), block.node(), "x", words), std::nullopt);
    EXPECT_EQ(block.said(), "global.toml:1:5: unknown action \"block\" for x");
    EXPECT_EQ(block.mistakes.front().remedy(), "one of warn or inherit");
}

TEST(TomlReader, DurationsAreMoreThanNothing) {
    Reading two("x = \"2d\"");
    EXPECT_EQ(two.reader.duration(two.key(), two.node()), std::chrono::hours(48));
    Reading none("x = \"0s\"");
    EXPECT_EQ(none.reader.duration(none.key(), none.node()), std::nullopt);
    EXPECT_EQ(none.said(), "global.toml:1:5: x must be more than nothing");
}

TEST(TomlReader, KeysOfOthersAreShownShortAndHarmless) {
    Reading hostile("\"\\u001b[2J" + std::string(10'000, 'k') + "\" = 1");
    EXPECT_EQ(hostile.reader.text(hostile.key(), hostile.node()), std::nullopt);
    hostile.reader.say_unknown(hostile.key(), " here", {});
    for (auto const& mistake : hostile.mistakes) {
        EXPECT_LT(mistake.text().size(), 300U);
        EXPECT_EQ(mistake.text().find('\x1b'), std::string::npos);
    }
}

TEST(Choices, ReadLikeASentence) {
    static constexpr std::string_view words[] = {"a", "b", "c"};
    EXPECT_EQ(choices(words), "a, b or c");
    EXPECT_EQ(choices(std::span(words).first(1)), "a");
    EXPECT_EQ(choices({}), "");
}

TEST(TomlReader, AMomentIsADateOrHasItsOffset) {
    auto const moment = [](char const* text) {
        Reading one(text);
        auto const read = one.reader.moment(one.key(), one.node());
        EXPECT_EQ(one.mistakes.empty(), read.has_value()) << text;
        return read ? to_rfc3339(*read) : one.said();
    };
    EXPECT_EQ(moment("x = 2026-12-31"), "2026-12-31T00:00:00Z");
    EXPECT_EQ(moment("x = 2026-12-31T18:00:00Z"), "2026-12-31T18:00:00Z");
    EXPECT_EQ(moment("x = 2027-01-01T00:30:00+01:00"), "2026-12-31T23:30:00Z");
    for (auto const* text : {"x = \"2026-12-31\"",
                             "x = 2026-12-31T18:00:00",
                             "x = 18:00:00",
                             "x = 1999-12-31",
                             "x = 1"})
        EXPECT_EQ(moment(text),
                  "global.toml:1:1: x must be a date, or a moment with its offset, from 2000 on")
            << text;
}

TEST(TomlReader, ADocumentSaysItsSchema) {
    struct {
        std::string text;
        char const* said;
    } const cases[] = {{"", "global.toml: schema is missing"},
                       {"schema = \"1\"\n", "global.toml:1:1: schema must be the number 1"},
                       {"x = 1\nschema = 2\n", "global.toml:2:10: schema 2 is not known"},
                       {"schema =\n", "not valid TOML"},
                       {"schema = 1\n# \xFF\n", "global.toml:2:3: not UTF-8"}};
    for (auto const& c : cases) {
        SourceFile const file{"global.toml", c.text};
        std::vector<Error> mistakes;
        (void)TomlReader(file, Level::global, mistakes).document();
        ASSERT_EQ(mistakes.size(), 1U) << c.text;
        EXPECT_NE(mistakes[0].text().find(c.said), std::string::npos) << mistakes[0].text();
    }
    SourceFile const file{"global.toml", "schema = 1\nx = 2\n"};
    std::vector<Error> mistakes;
    auto const table = TomlReader(file, Level::global, mistakes).document();
    ASSERT_TRUE(table.has_value());
    EXPECT_EQ(table->size(), 2U);
    EXPECT_TRUE(mistakes.empty());
}

} // namespace
} // namespace clairgate::policy
