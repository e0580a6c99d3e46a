#include "report/json_document.hpp"
#include <clairgate/base/text.hpp>
#include <clairgate/report/prose.hpp>

#include <gtest/gtest.h>

namespace clairgate::report {
namespace {

std::string quoted_by(Prose::Kind kind, std::string_view text, std::size_t bytes_max = 500) {
    Prose prose(kind);
    return std::string(prose.quote(text, bytes_max).text());
}

std::string code_of(std::string_view text, std::size_t bytes_max = 500) {
    return quoted_by(Prose::Kind::markdown, text, bytes_max);
}

// CommonMark 6.1: what a reader makes of a code span.
std::string span_read(std::string_view markdown) {
    if (markdown.empty())
        return {};
    auto const fence = markdown.find_first_not_of('`');
    auto text = markdown.substr(fence, markdown.size() - 2 * fence);
    bool const is_stripped = text.starts_with(' ') && text.ends_with(' ') &&
                             text.find_first_not_of(' ') != std::string_view::npos;
    return std::string(is_stripped ? text.substr(1, text.size() - 2) : text);
}

// SARIF 3.11: braces are doubled, and a backslash stands before "\", "[" and "]".
std::string message_read(std::string_view message) {
    std::string out;
    for (std::size_t i = 0; i < message.size(); ++i) {
        bool const is_doubled = (message[i] == '{' || message[i] == '}') &&
                                i + 1 < message.size() && message[i + 1] == message[i];
        if (message[i] == '\\' || is_doubled)
            ++i;
        out += message[i];
    }
    return out;
}

TEST(Prose, EveryKindComesBackAsWhatIsVisible) {
    for (auto const& text : hostile_texts()) {
        std::string scratch;
        auto const expected = visible(text, scratch);
        EXPECT_EQ(quoted_by(Prose::Kind::plain, text), expected);
        EXPECT_EQ(message_read(quoted_by(Prose::Kind::message, text)), expected);
        EXPECT_EQ(span_read(quoted_by(Prose::Kind::markdown, text)), expected);
    }
}

TEST(Prose, AMessageHasNoLinkAndNoPlaceholderFromOutside) {
    EXPECT_EQ(quoted_by(Prose::Kind::message, "a[b](c) \\ {0}"), "a\\[b\\](c) \\\\ {{0}}");
}

TEST(Prose, CodeHasAFenceThatTheTextDoesNotClose) {
    EXPECT_EQ(code_of("plain"), "`plain`");
    EXPECT_EQ(code_of("a`b``c"), "```a`b``c```");
    EXPECT_EQ(code_of("`"), "`` ` ``");
    EXPECT_EQ(code_of(" a "), "`  a  `");
    EXPECT_EQ(code_of("*a* \\ |"), "`*a* \\ |`");
    EXPECT_EQ(code_of(" "), "` `");
    EXPECT_EQ(code_of(""), "");
}

TEST(Prose, CutsAtACharacterWithAMark) {
    EXPECT_EQ(quoted_by(Prose::Kind::plain, "abcdefgh", 8), "abcde…");
    EXPECT_EQ(quoted_by(Prose::Kind::plain, "abcde", 8), "abcde");
    EXPECT_EQ(quoted_by(Prose::Kind::plain, "abcd漢字", 9), "abcd…");
    EXPECT_EQ(code_of("abcdefgh", 8), "`abcde…`");
}

TEST(Prose, LinksOnlyWhatIsHttps) {
    Prose markdown(Prose::Kind::markdown);
    EXPECT_EQ(markdown.link("https://a.test/b_c?d=*e*").text(), "<https://a.test/b_c?d=*e*>");
    EXPECT_EQ(markdown.clear().link("http://a.test").text(), "");
    EXPECT_EQ(markdown.link("javascript:alert(1)").text(), "");
    EXPECT_EQ(markdown.link("https://a.test/>x").text(), "");
    Prose plain(Prose::Kind::plain);
    EXPECT_EQ(plain.link("https://a.test").text(), "https://a.test");
}

TEST(Prose, NumbersAndWords) {
    Prose prose(Prose::Kind::plain);
    EXPECT_EQ(prose.number(12).say(" of ").number(0).text(), "12 of 0");
}

} // namespace
} // namespace clairgate::report
