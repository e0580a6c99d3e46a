#include "report/html_page.hpp"

#include <gtest/gtest.h>

namespace clairgate::report {
namespace {

std::string text_of(std::string_view untrusted, std::size_t bytes_max = 240) {
    return sample::html_written([&](HtmlWriter& html) { html.text(untrusted, bytes_max); });
}

TEST(HtmlWriter, LeavesPlainTextAsItIs) {
    EXPECT_EQ(text_of("openssl 3.0.11-1~deb12u1"), "openssl 3.0.11-1~deb12u1");
    EXPECT_EQ(text_of(""), "");
    EXPECT_EQ(text_of("a:b sha256:0 x#y"), "a:b sha256:0 x#y");
    EXPECT_EQ(text_of("naïve 漢字"), "naïve 漢字");
}

TEST(HtmlWriter, EscapesWhatCouldEndATextOrAnAttribute) {
    EXPECT_EQ(text_of("<a b='c' d=\"e\">&`"),
              "&lt;a b&#61;&#39;c&#39; d&#61;&quot;e&quot;&gt;&amp;&#96;");
    EXPECT_EQ(text_of("</script>"), "&lt;/script&gt;");
}

TEST(HtmlWriter, ShowsActiveCharacters) {
    EXPECT_EQ(text_of("a\x1b[2J\nb\xE2\x80\xAE\xFF"), "a\\x1b[2J\\x0ab\\u{202e}\\xff");
    EXPECT_EQ(text_of("<\x07>"), "&lt;\\x07&gt;");
}

TEST(HtmlWriter, BreaksMarkersOfCiSystems) {
    for (std::string const text : {"::error::x",
                                   "a::b",
                                   ":a:",
                                   "##[error]x",
                                   "##vso[a]",
                                   "x ##teamcity[a]",
                                   "#####",
                                   ":::::",
                                   "section_start:1:a",
                                   "section_end:1:a",
                                   "travis_fold:start:a"}) {
        auto const html = text_of(text);
        EXPECT_EQ(html.find("::"), std::string::npos) << html;
        EXPECT_EQ(html.find("##"), std::string::npos) << html;
        EXPECT_EQ(html.find("section_start:"), std::string::npos) << html;
        EXPECT_EQ(html.find("section_end:"), std::string::npos) << html;
        EXPECT_EQ(html.find("travis_fold:"), std::string::npos) << html;
        EXPECT_EQ(sample::html_unescaped(html), text);
    }
    auto const two = sample::html_written([](HtmlWriter& html) { html.text("a:").text(":b"); });
    EXPECT_EQ(two.find("::"), std::string::npos) << two;
}

TEST(HtmlWriter, CutsAtACharacterWithAMark) {
    EXPECT_EQ(text_of("abcdef", 6), "abcdef");
    EXPECT_EQ(text_of("abcdefg", 6), "abcdef…");
    EXPECT_EQ(text_of("abcd漢字", 6), "abcd…");
    EXPECT_EQ(text_of("abc\x1b", 6), "abc\\x1…"); // what is shown counts
    EXPECT_LT(text_of(std::string(1'000'000, '\x1b')).size(), 250U);
}

TEST(HtmlWriter, KeepsLinesWithoutALineBreakInTheDocument) {
    auto const html = sample::html_written(
        [](HtmlWriter& writer) { writer.lines("a\r\n::error::b\n\n<c>", 100); });
    EXPECT_EQ(html.find('\n'), std::string::npos);
    EXPECT_EQ(html.find("::"), std::string::npos);
    EXPECT_EQ(sample::html_unescaped(html), "a\n::error::b\n\n<c>");
    auto const cut =
        sample::html_written([](HtmlWriter& writer) { writer.lines("abcd\nefgh\nijkl", 6); });
    EXPECT_EQ(sample::html_unescaped(cut), "abcd\nef…");
}

TEST(HtmlWriter, LinksOnlyToHttps) {
    auto const link = [](std::string_view url) {
        return sample::html_written([&](HtmlWriter& html) { html.link(url); });
    };
    EXPECT_EQ(link("https://example.org/a?b=c&d"),
              "<a target=\"_blank\" rel=\"noopener noreferrer nofollow\" "
              "href=\"https://example.org/a?b&#61;c&amp;d\">example.org/a?b&#61;c&amp;d</a>");
    for (std::string_view const text : {"http://example.org",
                                        "javascript:alert(1)",
                                        "https://a@b/",
                                        "https://a/\"onclick=x",
                                        "data:text/html,x"})
        EXPECT_EQ(link(text).find('<'), std::string::npos) << text;
}

TEST(HtmlWriter, WritesNumbersAndTimes) {
    auto const html = sample::html_written(
        [](HtmlWriter& writer) { writer.number(1'234'567).time(sample::now()); });
    EXPECT_EQ(html, "1234567<time datetime=\"2026-11-24T12:00:00Z\">2026-11-24 12:00 UTC</time>");
}

TEST(HtmlWriter, NamesContentByItsHash) {
    // The hash of the empty text, as `openssl dgst -sha256 -binary </dev/null | base64` gives it.
    auto const html = sample::html_written([](HtmlWriter& writer) { writer.hash_of(""); });
    EXPECT_EQ(html, "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
}

} // namespace
} // namespace clairgate::report
