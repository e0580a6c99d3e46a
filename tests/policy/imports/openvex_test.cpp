#include <policy/imports/imported.hpp>

namespace clairgate::policy {
namespace {

// A document with these statements.
std::string document(std::string_view statements) {
    return cat(R"({"@context":"https://openvex.dev/ns/v0.2.0","@id":"https://x/1",)",
               R"("author":"Vendor","timestamp":"2026-01-01T00:00:00Z","version":1,)",
               R"("statements":[)",
               statements,
               "]}");
}

std::string read(std::string_view statements) {
    return test::import("app.vex.json", document(statements));
}

std::string allow(std::string_view ids, std::string_view scope, std::string_view reason) {
    return cat("\n[[allow]]\nid = [",
               ids,
               "]\n",
               scope,
               "\nreason = \"",
               reason,
               "\"\nowner = \"Vendor\"\nexpires = 2030-12-31\n");
}

// A statement about CVE-2024-0001 in these products.
std::string statement(std::string_view products, std::string_view more = R"("status":"fixed")") {
    return cat(
        R"({"vulnerability":{"name":"CVE-2024-0001"},"products":[)", products, "],", more, "}");
}

constexpr std::string_view image = R"({"@id":"pkg:oci/app?repository_url=r.example/app"})";
constexpr std::string_view image_scope = R"(image = "r.example/app")";

TEST(ImportOpenvex, TakesIdsScopeReasonAndAuthor) {
    constexpr std::string_view text =
        R"({"vulnerability":{"name":"CVE-2021-44228","aliases":["GHSA-jfh8-c2jp-5v3q","SNYK-1"]},
            "products":[{"@id":"pkg:oci/app?repository_url=r.example/team/app",
                         "subcomponents":[{"@id":"pkg:maven/org.apache/log4j-core@2.14"}]}],
            "status":"not_affected","justification":"vulnerable_code_not_present",
            "impact_statement":" not built in "},
           {"vulnerability":{"name":"CVE-2024-0001"},
            "products":[{"identifiers":{"purl":"pkg:apk/wolfi/git"}}],"status":"fixed"})";
    EXPECT_EQ(read(text),
              allow(R"("CVE-2021-44228", "GHSA-jfh8-c2jp-5v3q")",
                    R"(purl = ["pkg:maven/org.apache/log4j-core@2.14", )"
                    R"("pkg:maven/org.apache/log4j-core@2.14\\?**"])"
                    "\nimage = \"r.example/team/app\"",
                    "not_affected: vulnerable_code_not_present: not built in") +
                  allow(R"("CVE-2024-0001")", R"(purl = "pkg:apk/wolfi/git@**")", "fixed"));
}

TEST(ImportOpenvex, TakesTheStringsOfEarlierVersions) {
    constexpr std::string_view text =
        R"({"@context":"https://openvex.dev/ns","@id":"x","author":"Vendor","statements":[
            {"vulnerability":"CVE-2024-0001","timestamp":"2026-01-01T00:00:00Z",
             "products":["pkg:oci/app?repository_url=r.example/app"],
             "subcomponents":["pkg:gem/rake"],"status":"fixed","status_notes":"in 2.0"}]})";
    EXPECT_EQ(test::import("a.json", text),
              allow(R"("CVE-2024-0001")",
                    cat("purl = \"pkg:gem/rake@**\"\n", image_scope),
                    "fixed: in 2.0"));
}

TEST(ImportOpenvex, EachProductIsAnException) {
    EXPECT_EQ(read(statement(cat(image, R"(,{"@id":"pkg:gem/rake"},{"@id":"https://x/app"})"))),
              allow(R"("CVE-2024-0001")", image_scope, "fixed") +
                  allow(R"("CVE-2024-0001")", R"(purl = "pkg:gem/rake@**")", "fixed") +
                  "- CVE-2024-0001 of https://x/app: it is given by something else than a package "
                  "URL\n");
}

TEST(ImportOpenvex, AnImageIsARepository) {
    std::pair<char const*, char const*> const cases[] = {
        {"pkg:oci/debian?repository_url=index.docker.io/library/debian",
         "docker.io/library/debian"},
        {"pkg:oci/debian?repository_url=https:%2F%2Fghcr.io/debian", "ghcr.io/debian"},
        {"pkg:oci/debian?repository_url=ghcr.io%2FTeam", nullptr},
        {"pkg:oci/debian?repository_url=ghcr.io/debian:1", nullptr},
        {"pkg:oci/debian?repository_url=ghcr.io/other", nullptr},
        {"pkg:oci/debian?repository_url=ghcr.io/**/debian", nullptr},
        {"pkg:oci/app", nullptr},
        {"pkg:oci/team/app?repository_url=r.example/team/app", nullptr},
    };
    for (auto const& [purl, glob] : cases) {
        auto const said = read(statement(cat(R"({"@id":")", purl, R"("})")));
        auto const why = "its image has no repository_url that ends with its name";
        EXPECT_EQ(said,
                  glob != nullptr
                      ? allow(R"("CVE-2024-0001")", cat("image = \"", glob, "\""), "fixed")
                      : cat("- CVE-2024-0001 of ", purl, ": ", why, "\n"));
    }
}

TEST(ImportOpenvex, WhatWouldHoldForMoreIsLeft) {
    std::pair<std::string, char const*> const cases[] = {
        {statement(R"({"@id":"pkg:oci/app@sha256%3Aab"})"),
         " of pkg:oci/app@sha256%3Aab: it is about one digest, and an exception here holds for a "
         "repository"},
        {statement(R"({"@id":"pkg:oci/app?tag=1"})"),
         " of pkg:oci/app?tag=1: its image has the qualifier tag, and an exception here holds for "
         "a repository"},
        {statement(R"({"@id":"pkg:oci/a?repository_url=r.example/a","hashes":{"sha-256":"ab"}})"),
         " of sha256:ab: it is given by something else than a package URL"},
        {statement(R"({"@id":"pkg:golang/app","subcomponents":[{"@id":"pkg:golang/lib"}]})"),
         " of pkg:golang/app: it is about a part of a package, and an exception here is for images "
         "and packages"},
        {statement(R"({"@id":"pkg:oci/app?repository_url=r.example/app",
                       "subcomponents":[{"@id":"lib"}]})"),
         " of pkg:oci/app?repository_url=r.example/app: it is given by something else than a "
         "package URL"},
        {statement(R"({"@id":"pkg:apk/wolfi/git?distro=wolfi"})"),
         " of pkg:apk/wolfi/git?distro=wolfi: its purl has the qualifier distro, which is spelled "
         "otherwise here; write the purl without it"},
        {statement(image, R"("status":"affected","action_statement":"x")"),
         ": its status is affected"},
        {statement(image, R"("status":"under_investigation")"),
         ": its status is under_investigation"},
    };
    for (auto const& [text, said] : cases)
        EXPECT_EQ(read(text), cat("- CVE-2024-0001", said, "\n")) << text;
    EXPECT_EQ(read(cat(R"({"vulnerability":{"name":"INTERNAL-7"},"products":[)",
                       image,
                       R"(],"status":"fixed"})")),
              "- INTERNAL-7: it is no id of a vulnerability (such as CVE-2024-0001, GHSA-…, "
              "RHSA-2024:0001)\n");
}

struct Order {
    char const* lifting; ///< further members of the statement that lifts
    char const* other;   ///< of the one that does not
    bool is_lifted;
};

TEST(ImportOpenvex, AStatementThatIsNotOlderAndLiftsNothingWins) {
    Order const cases[] = {
        {R"(,"timestamp":"2026-02-01T00:00:00Z")", R"(,"timestamp":"2026-01-31T00:00:00Z")", true},
        {R"(,"timestamp":"2026-02-01T00:00:00Z")", R"(,"timestamp":"2026-02-02T00:00:00Z")", false},
        {R"(,"timestamp":"2026-02-01T00:00:00Z")",
         R"(,"timestamp":"2026-02-01T01:00:00+01:00")",
         false},
        {R"(,"timestamp":"2026-02-01T00:00:00Z")", "", true},
        {"", "", false},
        {R"(,"timestamp":"2025-12-31T00:00:00Z")", "", false},
    };
    for (auto const& c : cases) {
        auto const lifting = statement(image, cat(R"("status":"fixed")", c.lifting));
        for (std::string_view const status : {"affected", "under_investigation"}) {
            auto const other = cat(R"({"vulnerability":{"name":"X","aliases":["cve-2024-0001"]},)",
                                   R"("products":["pkg:gem/rake"],"status":")",
                                   status,
                                   "\"",
                                   c.other,
                                   "}");
            for (auto const& both : {cat(lifting, ",", other), cat(other, ",", lifting)}) {
                auto const said = read(both);
                EXPECT_EQ(said.find("[[allow]]") != std::string::npos, c.is_lifted) << both;
                EXPECT_EQ(said.find("not older lifts nothing") == std::string::npos, c.is_lifted)
                    << said;
            }
        }
    }
}

TEST(ImportOpenvex, OfTwoThatLiftTheSameOneIsKept) {
    EXPECT_EQ(read(statement(image) + "," + statement(image)),
              allow(R"("CVE-2024-0001")", image_scope, "fixed") +
                  "- CVE-2024-0001: another entry says the same, and holds as long or longer\n");
}

TEST(ImportOpenvex, IsRefusedWhenItIsSomethingElse) {
    auto const broken = [](std::string_view text) {
        return test::import("a.json", text, test::as("openvex"));
    };
    for (std::string_view const text :
         {"{}",
          "[]",
          "7",
          R"({"@context":"https://openvex.dev/ns","@id":"x","author":"y","statements":{}})",
          R"({"@context":"https://openvex.dev/ns","@id":"x","author":"y","statements":[]})",
          R"({"@context":"https://openvex.dev/ns/v9","@id":"x","author":"y","statements":[1]})",
          R"({"@context":["https://openvex.dev/ns"],"@id":"x","author":"y","statements":[1]})"})
        EXPECT_TRUE(broken(text).starts_with("protocol: a.json: not an OpenVEX document: "))
            << broken(text);
    EXPECT_EQ(broken(document(statement(image, R"("status":"not_affected")"))),
              "protocol: a.json: not an OpenVEX document: statements/0 is not_affected without a "
              "justification or impact_statement");
    EXPECT_EQ(broken(document(statement(image, R"("status":"FIXED")"))),
              "protocol: a.json: not an OpenVEX document: statements/0/status is not known: "
              "\"FIXED\" (did you mean fixed?)");
}

} // namespace
} // namespace clairgate::policy
