#include <policy/imports/imported.hpp>

namespace clairgate::policy {
namespace {

using test::allow;

TEST(ImportClairScanner, TakesIdsForAllImagesAndByImage) {
    EXPECT_EQ(test::import("whitelist.yaml",
                           "generalwhitelist:\n"
                           "  CVE-2017-6055: XML\n"
                           "images:\n"
                           "  ubuntu:\n"
                           "    CVE-2017-5230: Java\n"
                           "  r.example/a@sha256: {CVE-2017-3261: }\n"),
              allow("CVE-2017-6055", "", "accepted", "2030-12-31", "XML") +
                  allow("CVE-2017-3261", R"(image = "r.example/a")") +
                  allow("CVE-2017-5230",
                        R"(image = "docker.io/library/ubuntu")",
                        "accepted",
                        "2030-12-31",
                        "Java"));
}

TEST(ImportClairScanner, NamesOfImagesThatItNeverMatchesAreLeft) {
    for (std::string_view const name :
         {"ubuntu:16.04", "r.example:5000/a", "r.example/a@sha256:ab"})
        EXPECT_EQ(
            test::import("w.yaml",
                         cat("generalwhitelist:\nimages: {'", name, "': {CVE-2017-5230: Java}}")),
            cat("- CVE-2017-5230 of ",
                name,
                ": its image has a port, tag or digest, and clair-scanner compares only what "
                "stands before the first colon\n"));
    EXPECT_EQ(test::import("w.yaml", "generalwhitelist:\nimages: {'*': {CVE-2017-5230: }}"),
              "- CVE-2017-5230 of *: its image is no name of an image\n");
}

TEST(ImportKlar, TakesListsOfIdsForAnyRegistry) {
    EXPECT_EQ(test::import("whitelist.yaml",
                           "general:\n"
                           "  - RHSA-2018:1345\n"
                           "images:\n"
                           "  centos:\n"
                           "    - RHSA-2017:2479\n"
                           "  fluent/fluent-bit:\n"
                           "    - CVE-2017-14062\n"
                           "    - 7\n"
                           "  none:\n"),
              allow("RHSA-2018:1345") + allow("RHSA-2017:2479", R"(image = "*/centos")") +
                  allow("CVE-2017-14062", R"(image = "*/fluent/fluent-bit")") +
                  "- 7: it is no id of a vulnerability (such as CVE-2024-0001, GHSA-…, "
                  "RHSA-2024:0001)\n");
    EXPECT_EQ(test::import("w.yaml", "images: {a/b: [CVE-2017-14062]}"),
              allow("CVE-2017-14062", R"(image = "*/a/b")"));
}

TEST(ImportKlar, NamesOfImagesThatItNeverMatchesAreLeft) {
    for (std::string_view const name :
         {"alpine:3.5", "r.example:5000/a", "**", "A", "a/", "/a", "a@sha256:b"})
        EXPECT_EQ(test::import("w.yaml", cat("general:\nimages: {'", name, "': [CVE-2017-5230]}")),
                  cat("- CVE-2017-5230 of ",
                      name,
                      ": its image is no repository without registry, tag and digest\n"));
}

TEST(ImportKlar, IsRefusedWhenItIsSomethingElse) {
    std::pair<char const*, char const*> const cases[] = {
        {"general: {CVE-2017-5230: x}", "\"general\" is no list of ids"},
        {"images: {a: {CVE-2017-5230: x}}", "\"a\" is no list of ids"},
        {"images: [a]", "\"images\" is no mapping of images to ids"},
        {"[]", "not a whitelist of klar: it has neither general nor images"},
    };
    for (auto const& [text, said] : cases)
        EXPECT_EQ(test::import("w", text, test::as("klar")), cat("protocol: w: ", said)) << text;
    EXPECT_EQ(test::import("w", "generalwhitelist: [a]", test::as("clair-scanner")),
              "protocol: w: \"generalwhitelist\" is no mapping of ids to comments");
}

} // namespace
} // namespace clairgate::policy
