#include <clairgate/policy/glob.hpp>
#include <clairgate/policy/imports.hpp>

#include <gtest/gtest.h>

#include <algorithm>

namespace clairgate::policy::imports {
namespace {

// The globs with spaces between, or why there are none.
std::string shown(Result<std::vector<std::string>> const& globs) {
    if (!globs.has_value())
        return globs.error().message();
    std::string out;
    for (auto const& glob : *globs)
        out += (out.empty() ? "" : " ") + glob;
    return out;
}

TEST(ImportPurlGlobs, APurlIsSpelledAsFindingsAre) {
    std::pair<char const*, char const*> const cases[] = {
        {"pkg:deb/debian/openssl", "pkg:deb/debian/openssl@**"},
        {"pkg:deb/debian/openssl@", "pkg:deb/debian/openssl@**"},
        {"pkg:deb/debian/openssl?arch=", "pkg:deb/debian/openssl@**"},
        {"pkg://DEB/debian//openssl", "pkg:deb/debian/openssl@**"},
        {"pkg:pypi/Py_YAML@6.0", "pkg:pypi/py-yaml@6.0 pkg:pypi/py-yaml@6.0\\?**"},
        {"pkg:deb/debian/libstdc++6@12.2.0-14",
         "pkg:deb/debian/libstdc%2B%2B6@12.2.0-14 pkg:deb/debian/libstdc%2B%2B6@12.2.0-14\\?**"},
        {"pkg:deb/debian/git@1%3A2.39%2B1",
         "pkg:deb/debian/git@1:2.39%2B1 pkg:deb/debian/git@1:2.39%2B1\\?**"},
        {"pkg:npm/%40angular/core", "pkg:npm/%40angular/core@**"},
        {"pkg:npm/@angular/core", "pkg:npm/%40angular/core@**"},
        {"pkg:golang/Example.com/A/b@v1?arch=x",
         "pkg:golang/example.com/a/b@v1\\?arch=x pkg:golang/example.com/a/b@v1\\?arch=x&**"},
        {"pkg:deb/debian/a?arch=amd64",
         "pkg:deb/debian/a@*\\?arch=amd64 pkg:deb/debian/a@*\\?arch=amd64&**"},
        {"pkg:deb/debian/%2A%2A@%3F%5C",
         "pkg:deb/debian/%2A%2A@%3F%5C pkg:deb/debian/%2A%2A@%3F%5C\\?**"},
        {"pkg:deb/*/[a]", "pkg:deb/%2A/%5Ba%5D@**"},
        {"pkg:deb/debian/a?distro=debian-12",
         "its purl has the qualifier distro, which is spelled otherwise here; write the purl "
         "without it"},
        {"pkg:golang/a/b#sub/dir", "its purl names a part of the package"},
    };
    for (auto const& [text, expected] : cases)
        EXPECT_EQ(shown(globs_of(Purl::parse(text).value())), expected) << text;
    EXPECT_EQ(shown(globs_of(Purl::parse("pkg:deb/debian/" + std::string(300, 'a')).value())),
              "a pattern has at most 256 bytes");
}

TEST(ImportPurlGlobs, ANameIsOneInAnyDistributionOrGroup) {
    EXPECT_EQ(shown(globs_of("deb", "openssl", "")), "pkg:deb/*/openssl@**");
    EXPECT_EQ(shown(globs_of("maven", "a*", "1")), "pkg:maven/*/a%2A@1 pkg:maven/*/a%2A@1\\?**");
    EXPECT_EQ(shown(globs_of("rpm", "a/b", "")), "pkg:rpm/*/a%2Fb@**");
    EXPECT_EQ(shown(globs_of("pypi", "Py_YAML", "")), "pkg:pypi/py-yaml@**");
    EXPECT_EQ(shown(globs_of("golang", "Example.com/A/b", "")), "pkg:golang/example.com/a/b@**");
    EXPECT_EQ(shown(globs_of("gem", "", "")), "pkg:gem/**");
    EXPECT_EQ(shown(globs_of("gem", "/", "")), "its name is no name of a package");
    EXPECT_EQ(shown(globs_of("gem", "?a#b@c", "")), "pkg:gem/%3Fa%23b%40c@**");
}

TEST(ImportPurlGlobs, NothingButWhatWasAskedForMatches) {
    auto const matches = [](std::string_view purl, std::string_view finding) {
        auto const found = globs_of(Purl::parse(purl).value()).value();
        return std::any_of(found.begin(), found.end(), [&](std::string const& glob) {
            return Glob::parse(glob).value().matches(finding);
        });
    };
    constexpr auto finding = "pkg:deb/debian/openssl@3.0.1-1?arch=amd64&distro=debian-12";
    EXPECT_TRUE(matches("pkg:deb/debian/openssl@3.0.1-1", finding));
    EXPECT_TRUE(matches("pkg:deb/debian/openssl", finding));
    EXPECT_TRUE(matches("pkg:deb/debian/openssl?arch=amd64", finding));
    EXPECT_TRUE(matches("pkg:deb/debian/openssl@3.0.1-1", "pkg:deb/debian/openssl@3.0.1-1"));
    EXPECT_FALSE(matches("pkg:deb/debian/openssl@3.0.1", finding));
    EXPECT_FALSE(matches("pkg:deb/debian/openssl@3.0.1-1?arch=arm64", finding));
    EXPECT_FALSE(matches("pkg:deb/debian/openssl?arch=amd6", finding));
    EXPECT_FALSE(matches("pkg:deb/debian/open", finding));
    EXPECT_FALSE(matches("pkg:deb/ubuntu/openssl", finding));
    EXPECT_FALSE(matches("pkg:deb/debian/%2A", finding));
    EXPECT_FALSE(matches("pkg:deb/openssl", finding));
}

} // namespace
} // namespace clairgate::policy::imports
