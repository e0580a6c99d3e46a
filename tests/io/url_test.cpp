#include <clairgate/base/text.hpp>
#include <clairgate/io/url.hpp>

#include <gtest/gtest.h>

#include <random>

namespace clairgate::io {
namespace {

TEST(UrlParse, AcceptsHttpUrlsInTheirOneSpelling) {
    struct Row {
        char const* text;
        char const* origin;
        char const* target;
        char const* written;
    };
    Row const rows[] = {
        {"https://registry.example",
         "https://registry.example:443",
         "/",
         "https://registry.example/"},
        {"HTTPS://Registry.Example:443/v2/",
         "https://registry.example:443",
         "/v2/",
         "https://registry.example/v2/"},
        {"http://h:443/", "http://h:443", "/", "http://h:443/"},
        {"http://h:80", "http://h:80", "/", "http://h/"},
        {"http://h?a=b", "http://h:80", "/?a=b", "http://h/?a=b"},
        {"http://my_host-1.x:5000/A%20b/~c?d=%2F&e",
         "http://my_host-1.x:5000",
         "/A%20b/~c?d=%2F&e",
         "http://my_host-1.x:5000/A%20b/~c?d=%2F&e"},
        {"http://127.0.0.1:1/", "http://127.0.0.1:1", "/", "http://127.0.0.1:1/"},
        {"http://[::1]:5000/x", "http://[::1]:5000", "/x", "http://[::1]:5000/x"},
        {"http://[2001:DB8:0:0::1]", "http://[2001:db8::1]:80", "/", "http://[2001:db8::1]/"},
        {"http://xn--bcher-kva.example/",
         "http://xn--bcher-kva.example:80",
         "/",
         "http://xn--bcher-kva.example/"},
        {"http://h/a/../b//c", "http://h:80", "/a/../b//c", "http://h/a/../b//c"},
    };
    for (auto const& row : rows) {
        auto const url = Url::parse(row.text);
        ASSERT_TRUE(url.has_value()) << row.text << ": " << url.error().text();
        EXPECT_EQ(url->origin.text(), row.origin);
        EXPECT_EQ(url->target, row.target);
        EXPECT_EQ(url->text(), row.written);
        EXPECT_EQ(Url::parse(url->text())->text(), row.written) << "parsing is not idempotent";
    }
}

TEST(UrlParse, RefusesWhatCurlWouldReadDifferently) {
    std::pair<char const*, std::string> const rows[] = {
        {"no scheme", "registry.example/v2/"},
        {"another scheme", "file:///etc/passwd"},
        {"a unix socket", "unix:///run/x.sock"},
        {"data", "data:text/plain,x"},
        {"no host", "http:///v2/"},
        {"an empty text", ""},
        {"user information", "http://good.example@evil.example/"},
        {"a password", "http://u:p@h/"},
        {"an encoded at sign", "http://good%40evil.example/"},
        {"a fragment", "http://h/#x"},
        {"a backslash", "http://good.example\\@evil.example/"},
        {"white space", "http://h/a b"},
        {"a line break", "http://h/\r\nX: y"},
        {"NUL", std::string("http://h\0.evil/", 15)},
        {"other bytes than ASCII",
         "http://b\xC3\xBC"
         "cher.example/"},
        {"a stray percent", "http://h/%zz"},
        {"a percent at the end", "http://h/%4"},
        {"a percent-encoded host", "http://%31%32%37.0.0.1/"},
        {"a trailing dot", "http://registry.example./"},
        {"a leading dot", "http://.example/"},
        {"an empty label", "http://a..b/"},
        {"a label that starts with a hyphen", "http://-a.example/"},
        {"a decimal address", "http://2130706433/"},
        {"an octal address", "http://0177.0.0.1/"},
        {"a hexadecimal address", "http://0x7f.0.0.1/"},
        {"a hexadecimal last part", "http://127.0.0.0x1/"},
        {"a whole hexadecimal address", "http://0x7f000001/"},
        {"a short address", "http://127.1/"},
        {"too many parts", "http://1.2.3.4.5/"},
        {"a part too large", "http://256.0.0.1/"},
        {"an IPv6 zone", "http://[fe80::1%25eth0]/"},
        {"a broken IPv6 address", "http://[::1::]/"},
        {"an open bracket", "http://[::1/"},
        {"IPv6 without brackets", "http://::1/"},
        {"IPv4 in brackets", "http://[127.0.0.1]/"},
        {"text after the bracket", "http://[::1]x/"},
        {"an empty port", "http://h:/"},
        {"port 0", "http://h:0/"},
        {"a port too large", "http://h:65536/"},
        {"a port with a sign", "http://h:+80/"},
        {"a port with many zeros", "http://h:000080/"},
        {"two ports", "http://h:80:81/"},
        {"brackets in the path", "http://h/[x]"},
        {"a quote", "http://h/\""},
        {"too long", cat("http://h/", std::string(9000, 'x'))},
        {"a long label", cat("http://", std::string(64, 'x'), "/")},
    };
    for (auto const& [sentence, text] : rows) {
        auto const url = Url::parse(text);
        ASSERT_FALSE(url.has_value()) << sentence << " is accepted as " << url->text();
        EXPECT_EQ(url.error().kind(), ErrorKind::protocol) << sentence;
    }
}

TEST(UrlParse, DoesNotRepeatAPasswordInItsError) {
    EXPECT_EQ(Url::parse("https://user:hunter2@h/").error().text().find("hunter2"),
              std::string::npos);
}

TEST(UrlResolve, AgreesWithTheExamplesOfRfc3986) {
    auto const base = Url::parse("http://a/b/c/d;p?q").value();
    std::pair<char const*, char const*> const rows[] = {
        {"g", "http://a/b/c/g"},
        {"./g", "http://a/b/c/g"},
        {"g/", "http://a/b/c/g/"},
        {"/g", "http://a/g"},
        {"//g", "http://g/"},
        {"?y", "http://a/b/c/d;p?y"},
        {"g?y", "http://a/b/c/g?y"},
        {";x", "http://a/b/c/;x"},
        {"g;x", "http://a/b/c/g;x"},
        {"", "http://a/b/c/d;p?q"},
        {".", "http://a/b/c/"},
        {"./", "http://a/b/c/"},
        {"..", "http://a/b/"},
        {"../", "http://a/b/"},
        {"../g", "http://a/b/g"},
        {"../..", "http://a/"},
        {"../../g", "http://a/g"},
        {"../../../g", "http://a/g"},
        {"/./g", "http://a/g"},
        {"/../g", "http://a/g"},
        {"g.", "http://a/b/c/g."},
        {"..g", "http://a/b/c/..g"},
        {"./../g", "http://a/b/g"},
        {"g/./h", "http://a/b/c/g/h"},
        {"g/../h", "http://a/b/c/h"},
        {"g?y/../x", "http://a/b/c/g?y/../x"},
        {"https://b:444/x?y", "https://b:444/x?y"},
        {"//b:81/x", "http://b:81/x"},
    };
    for (auto const& [reference, expected] : rows) {
        auto const url = base.resolve(reference);
        ASSERT_TRUE(url.has_value()) << reference;
        EXPECT_EQ(url->text(), expected) << reference;
    }
}

TEST(UrlResolve, RefusesOtherSchemesAndTricks) {
    auto const base = Url::parse("https://registry.example/v2/").value();
    for (auto const* reference : {"file:///etc/passwd",
                                  "javascript:alert(1)",
                                  "localhost:5000/x",
                                  "//u:p@evil/",
                                  "\\\\evil\\x",
                                  "/a b",
                                  "/a\r\nSet-Cookie: x",
                                  "/x#y",
                                  "//0x7f.1/",
                                  "https:evil.example"})
        EXPECT_FALSE(base.resolve(reference).has_value()) << reference;
}

TEST(UrlRedacted, ShowsOnlyHarmlessParameters) {
    std::pair<char const*, char const*> const rows[] = {
        {"http://h/a", "http://h/a"},
        {"http://h/token?service=s&scope=repository:a:pull",
         "http://h/token?service=s&scope=repository:a:pull"},
        {"http://h/b?X-Amz-Signature=abc&X-Amz-Date=1",
         "http://h/b?X-Amz-Signature=…&X-Amz-Date=…"},
        {"http://h/b?sig=abc&n=1", "http://h/b?sig=…&n=1"},
        {"http://h/b?justatoken", "http://h/b?…"},
        {"http://h/b?token=a=b", "http://h/b?token=…"},
    };
    for (auto const& [text, expected] : rows)
        EXPECT_EQ(Url::parse(text)->redacted(), expected);
}

// Whatever bytes come, parse gives a URL that reads back as itself, or an error.
TEST(UrlParse, HoldsForRandomTexts) {
    auto const seed = std::random_device{}();
    std::mt19937 random(seed);
    constexpr std::string_view alphabet = "http://[]:@.%0x1a9-_?#\\/\r\n\t \x80g&=";
    int accepted = 0;
    for (int i = 0; i < 20'000; ++i) {
        std::string text = random() % 2 == 0 ? "http://" : "";
        for (auto size = random() % 24; size > 0; --size)
            text += alphabet[random() % alphabet.size()];
        auto const url = Url::parse(text);
        if (!url.has_value())
            continue;
        ++accepted;
        auto const again = Url::parse(url->text());
        ASSERT_TRUE(again.has_value()) << "seed " << seed << ": " << text;
        EXPECT_EQ(again->text(), url->text()) << "seed " << seed;
        EXPECT_EQ(again->origin, url->origin) << "seed " << seed;
        EXPECT_TRUE(url->target.starts_with('/'));
    }
    EXPECT_GT(accepted, 50);
}

} // namespace
} // namespace clairgate::io
