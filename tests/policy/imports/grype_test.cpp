#include <policy/imports/imported.hpp>

namespace clairgate::policy {
namespace {

using test::allow;

std::string read(std::string_view text) {
    return test::import(".grype.yaml", text);
}

TEST(ImportGrype, TakesVulnerabilityReasonAndPackage) {
    EXPECT_EQ(read("ignore:\n"
                   "  - vulnerability: CVE-2024-0001\n"
                   "  - vulnerability: GHSA-2qrg-x229-3v8q\n"
                   "    include-aliases: true\n"
                   "    reason: not reachable\n"
                   "    package: {name: libcurl, version: \"1.5.1\", type: deb}\n"
                   "  - vulnerability: CVE-2024-0002\n"
                   "    fix-state: \"\"\n"
                   "    package: {name: '', version: '', location: ''}\n"),
              allow("CVE-2024-0001") +
                  allow("GHSA-2qrg-x229-3v8q",
                        R"(purl = ["pkg:deb/*/libcurl@1.5.1", "pkg:deb/*/libcurl@1.5.1\\?**"])",
                        "not reachable") +
                  allow("CVE-2024-0002"));
    EXPECT_EQ(read("ignore:\n"), "");
    EXPECT_EQ(read("ignore: []\n"), "");
}

TEST(ImportGrype, APackageIsItsOwnNameInWhateverEcosystem) {
    std::pair<char const*, char const*> const cases[] = {
        {"{name: openssl}",
         R"(purl = ["pkg:deb/*/openssl@**", "pkg:rpm/*/openssl@**", "pkg:apk/*/openssl@**", )"
         R"("pkg:maven/*/openssl@**", "pkg:pypi/openssl@**", "pkg:gem/openssl@**", )"
         R"("pkg:golang/openssl@**"])"},
        {"{name: openssl, type: rpm}", R"(purl = "pkg:rpm/*/openssl@**")"},
        {"{name: github.com/a/b, type: go-module, version: v1.0.0}",
         R"(purl = ["pkg:golang/github.com/a/b@v1.0.0", "pkg:golang/github.com/a/b@v1.0.0\\?**"])"},
        {"{name: log4j-core, type: java-archive}", R"(purl = "pkg:maven/*/log4j-core@**")"},
        {"{name: PyYAML, type: python}", R"(purl = "pkg:pypi/pyyaml@**")"},
        {"{type: gem}", R"(purl = "pkg:gem/**")"},
    };
    for (auto const& [package, scope] : cases)
        EXPECT_EQ(read(cat("ignore: [{vulnerability: CVE-2024-0001, package: ", package, "}]")),
                  allow("CVE-2024-0001", scope))
            << package;
}

TEST(ImportGrype, WhatWouldHoldForMoreIsLeft) {
    std::pair<char const*, char const*> const cases[] = {
        {"{fix-state: wont-fix}",
         ": it holds only for some fix-state, which an exception here does not know"},
        {"{vulnerability: CVE-2024-0001, fix-state: unknown}",
         ", CVE-2024-0001: it holds only for some fix-state, which an exception here does not "
         "know"},
        {"{vulnerability: CVE-2024-0001, namespace: 'debian:distro:debian:12'}",
         ", CVE-2024-0001: it holds only for some namespace, which an exception here does not "
         "know"},
        {"{vulnerability: CVE-2024-0001, vex-status: not_affected}",
         ", CVE-2024-0001: it holds only for some vex-status, which an exception here does not "
         "know"},
        {"{vulnerability: CVE-2024-0001, match-type: exact-direct-match}",
         ", CVE-2024-0001: it holds only for some match-type, which an exception here does not "
         "know"},
        {"{vulnerability: CVE-2024-0001, until: tomorrow}",
         ", CVE-2024-0001: its field \"until\" is not known, and may narrow it"},
        {"{vulnerability: CVE-2024-0001, package: {name: a, location: '/usr/**'}}",
         ", CVE-2024-0001 of a: it holds only for some package.location, which an exception here "
         "does not know"},
        {"{vulnerability: CVE-2024-0001, package: {language: go}}",
         ", CVE-2024-0001: it holds only for some package.language, which an exception here does "
         "not know"},
        {"{vulnerability: CVE-2024-0001, package: {upstream-name: linux}}",
         ", CVE-2024-0001: it holds only for some package.upstream-name, which an exception here "
         "does not know"},
        {"{vulnerability: CVE-2024-0001, package: {name: 'linux(-.*)?-headers'}}",
         ", CVE-2024-0001 of linux(-.*)?-headers: its package.name is a regular expression"},
        {"{vulnerability: CVE-2024-0001, package: {name: a, version: 1.10}}",
         ", CVE-2024-0001 of a: its version is no text: write it in quotes"},
        {"{vulnerability: CVE-2024-0001, package: {version: \"1\"}}",
         ", CVE-2024-0001: its package has a version, but neither name nor type"},
        {"{vulnerability: CVE-2024-0001, package: {name: a, version: \"1\", type: rpm}}",
         ", CVE-2024-0001 of a: it holds for one version of an rpm, which purls spell otherwise"},
        {"{vulnerability: CVE-2024-0001, package: {type: npm}}",
         ", CVE-2024-0001: Clair knows no packages of type npm"},
        {"{vulnerability: CVE-2024-0001, package: openssl}",
         ", CVE-2024-0001: its package is no mapping"},
        {"{package: {name: openssl}}",
         " of openssl: it names no vulnerability, and an exception here must"},
        {"{vulnerability: 'CVE-2024-.*'}",
         ", CVE-2024-.*: it is no id of a vulnerability (such as CVE-2024-0001, GHSA-…, "
         "RHSA-2024:0001)"},
        {"{}", ": it names no vulnerability, and an exception here must"},
        {"CVE-2024-0001", ": it is no mapping"},
    };
    for (auto const& [rule, said] : cases)
        EXPECT_EQ(read(cat("ignore:\n- ", rule, "\n")), cat("- ignore rule 1", said, "\n")) << rule;
}

TEST(ImportGrype, AMergedFieldNarrowsTheRuleToo) {
    EXPECT_EQ(
        read("base: &b {fix-state: wont-fix}\nignore:\n- <<: *b\n  vulnerability: CVE-2024-0001\n"),
        "- ignore rule 1, CVE-2024-0001: it holds only for some fix-state, which an exception "
        "here does not know\n");
}

TEST(ImportGrype, SettingsThatDecideWhatPassesAreNamed) {
    EXPECT_EQ(
        read("fail-on-severity: high\nonly-fixed: true\nonly-notfixed: false\nexclude: []\n"
             "output: [table]\nignore:\n- vulnerability: CVE-2024-0001\n"),
        allow("CVE-2024-0001") +
            "- fail-on-severity: it is no ignore rule: say it in [severity], [[rule]] or [scan]\n"
            "- only-fixed: it is no ignore rule: say it in [severity], [[rule]] or [scan]\n");
}

TEST(ImportGrype, IsRefusedWhenItIsSomethingElse) {
    for (std::string_view const text : {"", "[]", "ignore: x", "ignore: {a: b}", "output: table"})
        EXPECT_EQ(read(text),
                  "protocol: .grype.yaml: not a configuration of grype: it has no list \"ignore\"")
            << text;
    EXPECT_EQ(test::import("x.yaml", "ignore: [{vulnerability: CVE-2024-0001}]"),
              allow("CVE-2024-0001"));
}

} // namespace
} // namespace clairgate::policy
