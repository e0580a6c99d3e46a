#include <policy/imports/imported.hpp>

namespace clairgate::policy {
namespace {

using test::allow;

std::string read(std::string_view text) {
    return test::import("vulnerability-allowlist.yml", text);
}

TEST(ImportGitlab, TakesIdsForAllImagesAndByImage) {
    EXPECT_EQ(read("generalallowlist:\n"
                   "  CVE-2019-8696:\n"
                   "  CVE-2014-8166: cups\n"
                   "images:\n"
                   "  centos:\n"
                   "    CVE-2015-1419: libxml2\n"
                   "  registry.example/group/webgoat-8.0@sha256:\n"
                   "    CVE-2018-4180:\n"
                   "  your.private.registry:5000/centos:\n"
                   "    CVE-2015-1447: 7\n"
                   "  empty:\n"),
              allow("CVE-2014-8166", "", "accepted", "2030-12-31", "cups") +
                  allow("CVE-2019-8696") +
                  allow("CVE-2015-1419",
                        R"(image = "docker.io/library/centos")",
                        "accepted",
                        "2030-12-31",
                        "libxml2") +
                  allow("CVE-2018-4180", R"(image = "registry.example/group/webgoat-8.0")") +
                  allow("CVE-2015-1447",
                        R"(image = "your.private.registry:5000/centos")",
                        "accepted",
                        "2030-12-31",
                        "7"));
    EXPECT_EQ(read("generalallowlist:\nimages:\n"), "");
    EXPECT_EQ(read("{}"), "");
}

TEST(ImportGitlab, NamesOfImagesThatGitlabNeverMatchesAreLeft) {
    std::pair<char const*, char const*> const cases[] = {
        {"alpine:3.18", "its image has a tag, and such a name matches none in GitLab either"},
        {"r.example/a@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
         "its image has a digest, and such a name matches none in GitLab either"},
        {"r.example/**", "its image is no name of an image"},
        {"*", "its image is no name of an image"},
        {"Alpine", "its image is no name of an image"},
        {"@sha256", "its image is no name of an image"},
        {"", "its image is no name of an image"},
        {"r.example/a\\u202E", "its image is no name of an image"},
    };
    for (auto const& [name, why] : cases) {
        auto const said = read(cat("images: {\"", name, "\": {CVE-2024-0001: x, nonsense: y}}"));
        EXPECT_TRUE(said.starts_with("- CVE-2024-0001 of ")) << said;
        EXPECT_TRUE(said.ends_with(cat(": ", why, "\n"))) << said;
    }
}

TEST(ImportGitlab, WhatIsNoIdIsLeft) {
    EXPECT_EQ(read("generalallowlist: {CVE-1: a, openssl: b}\nsomething: 1\n"),
              "- CVE-1: it is no id of a vulnerability (such as CVE-2024-0001, GHSA-…, "
              "RHSA-2024:0001)\n"
              "- openssl: it is no id of a vulnerability (such as CVE-2024-0001, GHSA-…, "
              "RHSA-2024:0001)\n"
              "- something: only generalallowlist and images hold ids\n");
}

TEST(ImportGitlab, IsRefusedWhenItIsSomethingElse) {
    constexpr std::string_view file = "protocol: vulnerability-allowlist.yml: ";
    EXPECT_EQ(read("[CVE-2024-0001]"),
              cat(file, "not an allow-list: it has neither generalallowlist nor images"));
    EXPECT_EQ(read("generalallowlist: [CVE-2024-0001]"),
              cat(file, "\"generalallowlist\" is no mapping of ids to comments"));
    EXPECT_EQ(read("images: [a]"), cat(file, "\"images\" is no mapping of images to ids"));
    EXPECT_EQ(read("images: {a: [CVE-2024-0001]}"),
              cat(file, "\"a\" is no mapping of ids to comments"));
    EXPECT_EQ(read("images: {'*': [CVE-2024-0001]}"),
              cat(file, "\"*\" is no mapping of ids to comments"));
    EXPECT_EQ(read("generalallowlist:\n  CVE-2024-0001: a\n  CVE-2024-0001: b\n"),
              "protocol: vulnerability-allowlist.yml:3:3: key twice: CVE-2024-0001");
}

TEST(ImportGitlab, ImagesAloneCouldBeOfAnotherTool) {
    constexpr std::string_view text = "images: {alpine: {CVE-2024-0001: x}}";
    EXPECT_EQ(test::import("list.yml", text),
              "usage: list.yml: the format could be gitlab or clair-scanner");
    EXPECT_EQ(test::import("list.yml", text, test::as("gitlab")),
              allow("CVE-2024-0001",
                    R"(image = "docker.io/library/alpine")",
                    "accepted",
                    "2030-12-31",
                    "x"));
    EXPECT_EQ(test::import("list.yml", "generalallowlist: {CVE-2024-0001: }"),
              allow("CVE-2024-0001"));
}

} // namespace
} // namespace clairgate::policy
