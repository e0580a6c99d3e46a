#include <clairgate/base/text.hpp>
#include <clairgate/policy/purl.hpp>

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

// type|namespace|name|version|k=v,…|subpath
std::string parts(std::string_view text) {
    auto const purl = Purl::parse(text);
    if (!purl)
        return "none";
    std::string qualifiers;
    for (auto const& [key, value] : purl->qualifiers())
        qualifiers += cat(qualifiers.empty() ? "" : ",", key, "=", value);
    return cat(purl->type(),
               "|",
               purl->name_space(),
               "|",
               purl->name(),
               "|",
               purl->version(),
               "|",
               qualifiers,
               "|",
               purl->subpath());
}

TEST(Purl, IsReadAsTheSpecificationSays) {
    struct Row {
        std::string_view text;
        std::string_view parts;
    };
    Row const rows[] = {
        {"pkg:deb/debian/zlib1g@1:1.2.13.dfsg-1?arch=amd64&distro=debian-12",
         "deb|debian|zlib1g|1:1.2.13.dfsg-1|arch=amd64,distro=debian-12|"},
        {"pkg:deb/debian/zlib1g@1%3A1.2.13.dfsg-1", "deb|debian|zlib1g|1:1.2.13.dfsg-1||"},
        {"pkg:deb/debian/libstdc%2B%2B6", "deb|debian|libstdc++6|||"},
        {"pkg:deb/Debian/Zlib1g", "deb|debian|zlib1g|||"},
        {"pkg:apk/alpine/openssl@3.1.4-r2?arch=x86_64", "apk|alpine|openssl|3.1.4-r2|arch=x86_64|"},
        {"pkg:rpm/RedHat/ImageMagick@6?epoch=1", "rpm|redhat|ImageMagick|6|epoch=1|"},
        {"pkg:pypi/Flask_Login@0.6.2", "pypi||flask-login|0.6.2||"},
        {"pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1",
         "maven|org.apache.logging.log4j|log4j-core|2.14.1||"},
        {"pkg:golang/github.com/Azure/go-autorest@v14.2.0#a/b",
         "golang|github.com/azure|go-autorest|v14.2.0||a/b"},
        {"pkg:npm/%40angular/core@16.0.0", "npm|@angular|core|16.0.0||"},
        {"pkg:npm/@angular/core", "npm|@angular|core|||"},
        {"pkg:npm/@angular/core@16", "npm|@angular|core|16||"},
        {"pkg:oci/app@sha256%3Aabc?repository_url=r.example%2Fteam%2Fapp&tag=1",
         "oci||app|sha256:abc|repository_url=r.example/team/app,tag=1|"},
        {"pkg:oci/app@sha256:abc", "oci||app|sha256:abc||"},
        {"pkg:DEB/debian/curl", "deb|debian|curl|||"},
        {"pkg://deb//debian//curl/", "deb|debian|curl|||"},
        {"pkg:gem/a?x=&y=1", "gem||a||y=1|"},
        {"pkg:gem/a?X=B%20C", "gem||a||x=B C|"},
        {"pkg:gem/a@", "gem||a|||"},
        {"pkg:gem/a%2Fb", "gem||a/b|||"},
        {"pkg:gem/na%C3%AFve@1%202", "gem||naïve|1 2||"},
    };
    for (auto const& row : rows)
        EXPECT_EQ(parts(row.text), row.parts) << row.text;
}

TEST(Purl, WhatIsNoneIsNothing) {
    for (std::string const text : {"",
                                   "pkg:",
                                   "pkg:/",
                                   "pkg:deb",
                                   "pkg:deb/",
                                   "pkg:deb//",
                                   "pkg:deb/@1",
                                   "PKG:deb/debian/curl",
                                   " pkg:deb/debian/curl",
                                   "deb/debian/curl",
                                   "https://example.org/curl",
                                   "cpe:2.3:a:haxx:curl:8:*:*:*:*:*:*:*",
                                   "pkg:9deb/debian/curl",
                                   "pkg:d eb/debian/curl",
                                   "pkg:deb%2Fdebian/curl",
                                   "pkg:deb/debian/curl%",
                                   "pkg:deb/debian/curl%4",
                                   "pkg:deb/debian/curl%G0",
                                   "pkg:deb/debian/curl@%zz",
                                   "pkg:deb/a%2Fb/curl",
                                   "pkg:deb/%FF/curl",
                                   "pkg:deb/debian/c\xFFurl",
                                   "pkg:deb/debian/curl@1%C0%AF",
                                   "pkg:deb/debian/curl?arch",
                                   "pkg:deb/debian/curl?=x",
                                   "pkg:deb/debian/curl?9a=x",
                                   "pkg:deb/debian/curl?a b=x",
                                   "pkg:deb/debian/curl?a=1&a=2",
                                   "pkg:deb/debian/curl?a=1&A=1",
                                   "pkg:deb/debian/curl?a=1&&b=2",
                                   "pkg:deb/debian/curl?a=%",
                                   "pkg:deb/debian/curl#a/%2F/b"})
        EXPECT_EQ(parts(text), "none") << text;
}

TEST(Purl, FloodsAreNothing) {
    EXPECT_EQ(parts("pkg:deb/debian/" + std::string(5000, 'a')), "none");
    EXPECT_EQ(parts("pkg:deb/debian/" + std::string(4000, '/') + "a"), "deb|debian|a|||");
    std::string many = "pkg:deb/debian/a?a0=1";
    for (int i = 1; i < 33; ++i)
        many += cat("&a", i, "=1");
    EXPECT_EQ(parts(many), "none");
}

TEST(Purl, CoversWhatItDescribesAndNoMore) {
    struct Row {
        std::string_view statement;
        bool covers;
    };
    auto const package =
        Purl::parse("pkg:deb/debian/openssl@3.0.11-1?arch=amd64&distro=debian-12&epoch=1").value();
    Row const rows[] = {
        {"pkg:deb/debian/openssl", true},
        {"pkg:deb/debian/openssl@3.0.11-1", true},
        {"pkg:deb/debian/openssl@3.0.11-1?arch=amd64", true},
        {"pkg:deb/debian/openssl?epoch=1&distro=debian-12&arch=amd64", true},
        {"pkg:deb/Debian/OpenSSL", true},
        {"pkg:deb/debian/openssl@3.0.11", false},
        {"pkg:deb/debian/openssl@3.0.11-1%20", false},
        {"pkg:deb/debian/openssl?arch=arm64", false},
        {"pkg:deb/debian/openssl?arch=AMD64", false},
        {"pkg:deb/debian/openssl?distro=bookworm", false},
        {"pkg:deb/debian/openssl?repository_url=x", false},
        {"pkg:deb/debian/openssl#sub", false},
        {"pkg:deb/debian/openssl-dev", false},
        {"pkg:deb/ubuntu/openssl", false},
        {"pkg:deb/openssl", false},
        {"pkg:rpm/debian/openssl", false},
    };
    for (auto const& row : rows)
        EXPECT_EQ(Purl::parse(row.statement).value().covers(package), row.covers) << row.statement;
    // A statement about a version says nothing of a package whose version is not known.
    auto const bare = Purl::parse("pkg:deb/debian/openssl").value();
    EXPECT_FALSE(package.covers(bare));
    EXPECT_TRUE(bare.covers(bare));
}

} // namespace
} // namespace clairgate::policy
