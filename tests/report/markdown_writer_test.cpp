#include "report/hostile_texts.hpp"
#include <clairgate/base/text.hpp>
#include <clairgate/report/markdown_writer.hpp>

#include <gtest/gtest.h>

#include <optional>

namespace clairgate::report {
namespace {

template <class Write>
std::string written(Write write) {
    std::string text;
    Out out([&](std::string_view piece) { text += piece; });
    MarkdownWriter markdown(out);
    write(markdown);
    out.finish();
    return text;
}

std::string code(std::string_view text, std::size_t bytes_max = 20'000) {
    return written([&](MarkdownWriter& out) { out.code(text, bytes_max); });
}

std::string link(std::string_view text, std::string_view url) {
    return written([&](MarkdownWriter& out) { out.link(text, 100, url, 2048); });
}

// The text of code spans with references between them, as CommonMark reads it; nothing where there
// is anything else, so that no other construct can be in it.
std::optional<std::string> read_back(std::string_view markdown) {
    std::string out;
    while (!markdown.empty()) {
        bool const is_span = markdown.starts_with('`');
        auto const end = markdown.find(is_span ? '`' : ';', 1);
        if (end == std::string_view::npos)
            return std::nullopt;
        auto piece = markdown.substr(is_span ? 1 : 2, end - (is_span ? 1 : 2));
        if (is_span) {
            bool const is_stripped = piece.starts_with(' ') && piece.ends_with(' ') &&
                                     piece.find_first_not_of(' ') != std::string_view::npos;
            out += is_stripped ? piece.substr(1, piece.size() - 2) : piece;
            if (piece.empty() || piece.find_first_of("|@\n") != std::string_view::npos)
                return std::nullopt;
        } else {
            auto const number = parse_unsigned(piece);
            if (!markdown.starts_with("&#") || !number)
                return std::nullopt;
            out += static_cast<char>(*number);
        }
        markdown.remove_prefix(end + 1);
        if (is_span && markdown.starts_with('`'))
            return std::nullopt; // two spans would become one
    }
    return out;
}

TEST(MarkdownWriter, PutsTextsFromOutsideIntoCodeSpans) {
    EXPECT_EQ(code("openssl"), "`openssl`");
    EXPECT_EQ(code(""), "");
    EXPECT_EQ(code("a|b"), "`a`&#124;`b`");
    EXPECT_EQ(code("``"), "&#96;&#96;");
    EXPECT_EQ(code("@babel/core"), "&#64;`babel/core`");
    EXPECT_EQ(code("Foo::Bar"), "`Foo:`&#58;`Bar`");
    EXPECT_EQ(code("##[x]"), "`#`&#35;`[x]`");
    EXPECT_EQ(code(" x "), "`  x  `");
    EXPECT_EQ(code("  "), "`  `");
    EXPECT_EQ(code("a\nb"), "`a\\x0ab`");
    EXPECT_EQ(code("abcdef", 3), "`abc`…");
}

TEST(MarkdownWriter, GivesHostileTextsBackAndHoldsNothingElse) {
    for (auto const& hostile : sample::hostile_texts()) {
        std::string scratch;
        std::string const expected(visible(hostile, scratch));
        auto const markdown = code(hostile);
        ASSERT_EQ(read_back(markdown), expected) << printable(markdown);
        for (auto const* marker : {"::", "##", "section_start:", "travis_fold:", "@"})
            ASSERT_EQ(markdown.find(marker), std::string::npos) << printable(markdown);
    }
}

TEST(MarkdownWriter, LinksToHttpsAlone) {
    EXPECT_EQ(link("CVE-1", "https://example.org/CVE-1"), "[`CVE-1`](https://example.org/CVE-1)");
    EXPECT_EQ(
        link("a", "https://example.org/?a=(1)&copy;@x_*y*"),
        "[`a`](https://example.org/&#63;a&#61;&#40;1&#41;&#38;copy&#59;&#64;x&#95;&#42;y&#42;)");
    for (auto const* url : {"",
                            "http://example.org",
                            "javascript:alert(1)",
                            "https://user@example.org/",
                            "https://example.org/ x",
                            "https://example.org/\"x",
                            "https://example.org/<x>",
                            "https://example.org/\n"})
        EXPECT_EQ(link("a", url), "`a`") << url;
    EXPECT_EQ(link("", "https://example.org"), "");
    EXPECT_EQ(written([](MarkdownWriter& out) { out.link("a", 9, "https://example.org/", 10); }),
              "`a`");
    EXPECT_EQ(link("a](https://evil.test)|", "https://example.org"),
              "[`a](https://evil.test)`&#124;](https://example.org)");
}

TEST(MarkdownWriter, KnowsPagesThatWouldShowTheLink) {
    EXPECT_TRUE(is_noticed_by_target("https://github.com/a/b/issues/1"));
    EXPECT_TRUE(is_noticed_by_target("https://github.com/a/b/pull/1"));
    EXPECT_TRUE(is_noticed_by_target("https://gitlab.example/a/-/merge_requests/1"));
    EXPECT_FALSE(is_noticed_by_target("https://github.com/advisories/GHSA-aaaa-bbbb-cccc"));
    EXPECT_FALSE(is_noticed_by_target("https://security-tracker.debian.org/tracker/CVE-1"));
}

TEST(MarkdownWriter, HidesNothingThatEndsTheComment) {
    auto const hidden = [](std::string const& value) {
        return written([&](MarkdownWriter& out) {
            out.hidden("label", "registry.example:5000/team/a--b", {{"environment", value}});
        });
    };
    EXPECT_EQ(hidden("prod-eu"),
              "<!-- label registry.example:5000/team/a-%2Db environment=prod-eu -->\n");
    EXPECT_EQ(hidden("a -->\n@x --"),
              "<!-- label registry.example:5000/team/a-%2Db "
              "environment=a%20%2D%2D%3E%0A%40x%20%2D%2D -->\n");
    for (auto const& hostile : sample::hostile_texts()) {
        auto const text = hidden(hostile);
        ASSERT_EQ(text.find("--", 4), text.size() - 4) << printable(text);
        ASSERT_EQ(text.find('>'), text.size() - 2) << printable(text);
        ASSERT_EQ(text.find('\n'), text.size() - 1) << printable(text);
        ASSERT_LT(text.size(), 1100U);
    }
}

TEST(MarkdownWriter, WritesNumbersAndDates) {
    EXPECT_EQ(written([](MarkdownWriter& out) {
                  out.count(1, "finding");
                  out.text(", ");
                  out.count(2, "finding");
                  out.text(", ");
                  out.severity(finding::Severity::high);
                  out.text(", ");
                  out.date(parse_rfc3339("2026-11-24T12:00:00Z").value());
              }),
              "1 finding, 2 findings, high, 2026-11-24");
}

} // namespace
} // namespace clairgate::report
