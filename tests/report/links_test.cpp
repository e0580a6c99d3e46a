#include <clairgate/report/links.hpp>

#include <gtest/gtest.h>

#include <string>

namespace clairgate::report {
namespace {

TEST(HttpsUrl, TakesWhatOneMayClick) {
    for (auto const* text : {"https://example.org",
                             "https://example.org/a?b=c#d",
                             "https://example.org:8443/%20(x)",
                             "https://[2001:db8::1]/x"})
        EXPECT_EQ(https_url(text), text) << text;
}

TEST(HttpsUrl, RefusesEveryOtherText) {
    for (auto const* text : {"",
                             "https://",
                             "https:///x",
                             "https://?x",
                             "http://example.org",
                             "HTTPS://example.org",
                             "javascript:alert(1)",
                             "data:text/html,x",
                             "//example.org",
                             " https://example.org",
                             "https://example.org/a b",
                             "https://example.org/\"onclick=",
                             "https://example.org/<script>",
                             "https://example.org/\n::error::",
                             "https://example.org/`x`",
                             "https://example.org/\\x",
                             "https://ex\xC3\xA4mple.org",
                             "https://example.org@evil.test/",
                             "https://example.org:x@evil.test/",
                             "https://exa'mple.org/"})
        EXPECT_FALSE(https_url(text).has_value()) << text;
    EXPECT_FALSE(https_url("https://example.org/" + std::string(2048, 'x')).has_value());
}

} // namespace
} // namespace clairgate::report
