#include <clairgate/base/text.hpp>
#include <clairgate/image/reference.hpp>

#include <gtest/gtest.h>

namespace clairgate::image {
namespace {

std::string const digest = "sha256:" + std::string(64, 'a');

TEST(Reference, AppliesTheDefaultsOfDockerHub) {
    struct Row {
        std::string text;
        std::string registry;
        std::string path;
        std::string tag;
    };
    Row const rows[] = {
        {"debian", "docker.io", "library/debian", ""},
        {"debian:12", "docker.io", "library/debian", "12"},
        {"bitnami/nginx", "docker.io", "bitnami/nginx", ""},
        {"docker.io/debian", "docker.io", "library/debian", ""},
        {"index.docker.io/debian:1", "docker.io", "library/debian", "1"},
        {"registry-1.docker.io/a/b", "docker.io", "a/b", ""},
        {"ghcr.io/a/b/c:v1", "ghcr.io", "a/b/c", "v1"},
        {"localhost/app", "localhost", "app", ""},
        {"localhost:5000/app:1", "localhost:5000", "app", "1"},
        {"127.0.0.1:5000/app", "127.0.0.1:5000", "app", ""},
        {"[::1]:5000/app:x", "[::1]:5000", "app", "x"},
        {"[2001:db8::1]/app", "[2001:db8::1]", "app", ""},
        {"registry:5000/app", "registry:5000", "app", ""},
        {"registry/app", "docker.io", "registry/app", ""},
        {"GHCR.IO/a/b", "ghcr.io", "a/b", ""},
        {"LOCALHOST/a", "localhost", "a", ""},
        {"h.example/a.b/c_d/e__f/g-h/i---j", "h.example", "a.b/c_d/e__f/g-h/i---j", ""},
        {"h.example/a:_T.a-g", "h.example", "a", "_T.a-g"},
    };
    for (auto const& row : rows) {
        auto const reference = Reference::parse(row.text);
        ASSERT_TRUE(reference.has_value()) << row.text << ": " << reference.error().text();
        EXPECT_EQ(reference->repository().registry, row.registry) << row.text;
        EXPECT_EQ(reference->repository().path, row.path) << row.text;
        EXPECT_EQ(reference->tag().value_or(""), row.tag) << row.text;
        EXPECT_FALSE(reference->digest().has_value());
    }
}

TEST(Reference, KeepsATagBesideTheDigestButTheDigestCounts) {
    auto const reference = Reference::parse("h.example/app:1@" + digest).value();
    EXPECT_EQ(reference.tag(), "1");
    EXPECT_EQ(reference.digest()->text(), digest);
    EXPECT_EQ(reference.text(), "h.example/app@" + digest);
}

TEST(Reference, WritesItsCanonicalSpelling) {
    std::pair<std::string, std::string> const rows[] = {
        {"debian", "docker.io/library/debian"},
        {"debian:12", "docker.io/library/debian:12"},
        {"H.example:5000/a:1", "h.example:5000/a:1"},
        {"a/b@" + digest, "docker.io/a/b@" + digest},
    };
    for (auto const& [text, canonical] : rows) {
        auto const reference = Reference::parse(text).value();
        EXPECT_EQ(reference.text(), canonical);
        EXPECT_EQ(Reference::parse(canonical).value().text(), canonical) << "reads itself";
    }
}

TEST(Reference, IsPinnedWithoutItsTag) {
    auto const pinned =
        Reference::parse("h.example/app:1").value().at(Digest::parse(digest).value());
    EXPECT_EQ(pinned.text(), "h.example/app@" + digest);
    EXPECT_FALSE(pinned.tag().has_value());
}

TEST(Reference, RefusesMistakesAndNamesTheFix) {
    struct Row {
        std::string text;
        std::string reason;
        std::string remedy;
    };
    std::string const hex(64, 'a');
    std::string const pin = "registry/repository@sha256:";
    Row const rows[] = {
        {"", "empty", "registry/repository:tag"},
        {"https://h.example/app:1", "scheme", "leave the scheme out"},
        {"docker://h.example/app", "scheme", "leave the scheme out"},
        {hex, "image ID", pin},
        {digest, "image ID", pin},
        {"sha512:abc", "bare digest", pin},
        {"h.example/App", "lower case", pin},
        {"MyOrg/app", "lower case", pin},
        {"Debian:12", "lower case", pin},
        {"h.example/a:" + std::string(129, 't'), "tag", pin},
        {"h.example/a:-x", "tag", pin},
        {"h.example/a:.x", "tag", pin},
        {"h.example/a:", "tag", pin},
        {"h.example/a:x y", "tag", pin},
        {"h.example/", "bad repository", pin},
        {"h.example//a", "bad repository", pin},
        {"/a", "bad repository", pin},
        {"h.example/a/", "bad repository", pin},
        {"h.example/../etc", "bad repository", pin},
        {"h.example/a..b", "bad repository", pin},
        {"h.example/a___b", "bad repository", pin},
        {"h.example/-a", "bad repository", pin},
        {"h.example/a-", "bad repository", pin},
        {"h.example/a?b", "bad repository", pin},
        {"h.example/a%2fb", "bad repository", pin},
        {"h.example/\xc3\xa4", "bad repository", pin},
        {"h.example/" + std::string(256, 'a'), "255", pin},
        {"-h.example/a", "registry host", pin},
        {"h..example/a", "registry host", pin},
        {"h.example./a", "registry host", pin},
        {"user@h.example/a", "", "digest"},
        {"h_x.example/a", "registry host", pin},
        {"h.example:0/a", "registry host", pin},
        {"h.example:65536/a", "registry host", pin},
        {"h.example:x/a", "registry host", pin},
        {"h.example:/a", "registry host", pin},
        {"[::g]:1/a", "registry host", pin},
        {"h.example/a@" + hex, "no algorithm", "sha256:"},
        {"h.example/a@sha256:" + std::string(64, 'A'), "upper case", "sha256:"},
        {"h.example/a@sha256:" + hex + "0", "65 characters", "sha256:"},
        {"h.example/a@sha1:" + hex.substr(24), "neither sha256 nor sha512", "sha256:"},
        {"h.example/a@", "no algorithm", "sha256:"},
        {"h.example/a@" + digest + "@" + digest, "characters", "sha256:"},
    };
    for (auto const& row : rows) {
        auto const reference = Reference::parse(row.text);
        ASSERT_FALSE(reference.has_value()) << row.text << " was read as " << reference->text();
        auto const& error = reference.error();
        EXPECT_EQ(error.kind(), ErrorKind::usage) << row.text;
        EXPECT_NE(error.message().find(row.reason), std::string::npos) << error.message();
        EXPECT_NE(error.remedy().find(row.remedy), std::string::npos) << error.remedy();
    }
}

TEST(Reference, TakesThePathAndTagOfGreatestLength) {
    auto const path = std::string(255, 'a');
    auto const tag = std::string(128, 't');
    auto const reference = Reference::parse(cat("h.example/", path, ":", tag)).value();
    EXPECT_EQ(reference.repository().path, path);
    EXPECT_EQ(reference.tag(), tag);
}

} // namespace
} // namespace clairgate::image
