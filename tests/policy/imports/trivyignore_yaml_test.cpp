#include <policy/imports/imported.hpp>

namespace clairgate::policy {
namespace {

using test::allow;

std::string read(std::string_view text) {
    return test::import(".trivyignore.yaml", text);
}

TEST(ImportTrivyignoreYaml, TakesIdStatementPurlsAndExpiry) {
    EXPECT_EQ(
        read("vulnerabilities:\n"
             "  - id: CVE-2024-0001\n"
             "  - id: CVE-2024-0002\n"
             "    statement: \" \"\n"
             "    expired_at: 2027-03-01\n"
             "    paths: []\n"
             "    purls:\n"
             "  - id: CVE-2024-0003\n"
             "    statement: not reachable\n"
             "    purls:\n"
             "      - pkg:golang/github.com/Acme/bar\n"
             "      - pkg:pypi/Some_Thing@1.0\n"),
        allow("CVE-2024-0001") + allow("CVE-2024-0002", "", "accepted", "2027-02-28") +
            allow("CVE-2024-0003",
                  R"(purl = ["pkg:golang/github.com/acme/bar@**", "pkg:pypi/some-thing@1.0", )"
                  R"("pkg:pypi/some-thing@1.0\\?**"])",
                  "not reachable"));
}

struct Left {
    char const* entry;
    char const* said;
};

TEST(ImportTrivyignoreYaml, WhatWouldHoldForMoreIsLeft) {
    Left const cases[] = {
        {"{id: CVE-2024-0001, paths: ['**/*.lock']}",
         "CVE-2024-0001: it holds for some paths only, and an exception here knows no paths"},
        {"{id: CVE-2024-0001, paths: x}",
         "CVE-2024-0001: it holds for some paths only, and an exception here knows no paths"},
        {"{id: CVE-2024-0001, where: x}",
         "CVE-2024-0001: its key \"where\" is not known, and may narrow it"},
        {"{id: CVE-2024-0001, expired_at: soon}", "CVE-2024-0001: its expired_at is no date"},
        {"{id: CVE-2024-0001, expired_at: 20270101}", "CVE-2024-0001: its expired_at is no date"},
        {"{id: CVE-2024-0001, expired_at: 2027-02-30}", "CVE-2024-0001: its expired_at is no date"},
        {"{id: CVE-2024-0001, purls: pkg:deb/debian/a}", "CVE-2024-0001: its purls are no list"},
        {"{id: CVE-2024-0001, purls: [openssl]}",
         "CVE-2024-0001 of openssl: it is no package URL\n"
         "- CVE-2024-0001: none of its purls is left"},
        {"{id: CVE-2024-0001, purls: [1]}",
         "CVE-2024-0001 of a purl: it is no package URL\n"
         "- CVE-2024-0001: none of its purls is left"},
        {"{id: CVE-2024-0001, id: CVE-2024-0002}", nullptr},
        {"{purls: [pkg:deb/debian/a]}",
         "an entry without id: it is no id of a vulnerability (such as CVE-2024-0001, GHSA-…, "
         "RHSA-2024:0001)"},
        {"{id: [CVE-2024-0001]}",
         "an entry without id: it is no id of a vulnerability (such as CVE-2024-0001, GHSA-…, "
         "RHSA-2024:0001)"},
        {"CVE-2024-0001",
         "an entry without id: it is no id of a vulnerability (such as CVE-2024-0001, GHSA-…, "
         "RHSA-2024:0001)"},
    };
    for (auto const& c : cases) {
        auto const said = read(cat("vulnerabilities:\n- ", c.entry, "\n"));
        if (c.said != nullptr)
            EXPECT_EQ(said, cat("- ", c.said, "\n")) << c.entry;
        else
            EXPECT_EQ(said, "protocol: .trivyignore.yaml:2:23: key twice: id");
    }
}

TEST(ImportTrivyignoreYaml, AMomentEndsWithTheDayBeforeIt) {
    for (auto const& [moment, day] : {std::pair("2027-01-01T00:00:00Z", "2026-12-31"),
                                      std::pair("2027-01-01T23:59:59Z", "2026-12-31"),
                                      std::pair("2027-01-01 12:00:00 +0200", ""),
                                      std::pair("2027-01-01T01:00:00+02:00", "2026-12-30")}) {
        auto const said =
            read(cat("vulnerabilities: [{id: CVE-2024-0001, expired_at: '", moment, "'}]"));
        EXPECT_EQ(said,
                  *day == '\0' ? "- CVE-2024-0001: its expired_at is no date\n"
                               : allow("CVE-2024-0001", "", "accepted", day));
    }
}

TEST(ImportTrivyignoreYaml, OtherListsAreNamedOneByOne) {
    EXPECT_EQ(read("misconfigurations:\n  - id: AVD-DS-0002\nsecrets: [{id: aws-key}]\n"
                   "licenses: [{id: MIT}]\nvulnerabilities: [{id: CVE-2024-0001}]\nother: []\n"),
              allow("CVE-2024-0001") +
                  "- other: trivy knows no such list\n"
                  "- misconfigurations: AVD-DS-0002: it is about no vulnerability\n"
                  "- secrets: aws-key: it is about no vulnerability\n"
                  "- licenses: MIT: it is about no vulnerability\n");
    EXPECT_EQ(read("vulnerabilities:\nsecrets: ~\n"), "");
}

TEST(ImportTrivyignoreYaml, IsRefusedWhenItIsSomethingElse) {
    EXPECT_EQ(read("vulnerabilities: {id: CVE-2024-0001}"),
              "protocol: .trivyignore.yaml: not a .trivyignore.yaml: vulnerabilities is no list");
    EXPECT_EQ(read("secrets: x"),
              "protocol: .trivyignore.yaml: not a .trivyignore.yaml: secrets is no list");
    EXPECT_EQ(read("[a]"),
              "protocol: .trivyignore.yaml: not a .trivyignore.yaml: it holds no lists by name");
    EXPECT_EQ(read(""),
              "protocol: .trivyignore.yaml: not a .trivyignore.yaml: it holds no lists by name");
    EXPECT_EQ(
        read("vulnerabilities:\n- id: [\n"),
        "protocol: .trivyignore.yaml:3:1: not valid YAML: did not find expected node content");
}

TEST(ImportTrivyignoreYaml, IsDetectedByContent) {
    EXPECT_EQ(test::import("ignore.yaml", "vulnerabilities: [{id: CVE-2024-0001}]"),
              allow("CVE-2024-0001"));
}

} // namespace
} // namespace clairgate::policy
