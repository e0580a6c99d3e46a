#include "policy/sample_scan.hpp"
#include <clairgate/base/text.hpp>
#include <clairgate/policy/policy_test_file.hpp>

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

constexpr auto least = "[[test]]\nname = \"n\"\nexpect = \"pass\"\n"
                       "[[test.finding]]\nid = \"CVE-2024-0001\"\nseverity = \"low\"\n";

SourceFile file_of(std::string const& text) {
    return {"tests/a.toml", cat("schema = 1\n", text)};
}

std::string mistakes_of(SourceFile const& file) {
    std::vector<Error> mistakes;
    (void)parse_policy_tests(file, mistakes);
    std::string out;
    for (auto const& mistake : mistakes)
        out += mistake.text() + "\n";
    return out.empty() ? "none" : out;
}

std::vector<PolicyTest> tests_of(std::string const& text) {
    EXPECT_EQ(mistakes_of(file_of(text)), "none");
    std::vector<Error> mistakes;
    return parse_policy_tests(file_of(text), mistakes);
}

TEST(PolicyTestFile, SaysNoMoreThanItMust) {
    auto const tests = tests_of(least);
    ASSERT_EQ(tests.size(), 1U);
    EXPECT_EQ(tests[0].name, "n");
    EXPECT_EQ(tests[0].expect, "pass");
    EXPECT_EQ(tests[0].now, std::nullopt);
    EXPECT_EQ(tests[0].context, Context{});
    EXPECT_EQ(tests[0].at, (SourcePosition{"tests/a.toml", 2, 1}));
    ASSERT_EQ(tests[0].findings.size(), 1U);
    auto const& finding = tests[0].findings[0].finding;
    EXPECT_EQ(finding.id, "CVE-2024-0001");
    EXPECT_EQ(finding.severity, finding::Severity::low);
    EXPECT_FALSE(finding.is_known_exploited || finding.epss || finding.is_base_layer);
    EXPECT_TRUE(finding.is_new);
}

TEST(PolicyTestFile, SaysEveryFactThatAConditionAsksFor) {
    auto const tests = tests_of(R"toml([[test]]
name = "everything"
application = "shop"
environment = "prod"
cluster = "east"
image = "registry.example/shop"
now = 2026-12-01T01:00:00+01:00
[[test.finding]]
id = "GHSA-aaaa"
aliases = ["CVE-2024-0002"]
severity = "important"
package = "libssl3"
source = "openssl"
version = "3.0"
fixed = "3.1"
ecosystem = "debian"
distribution = "debian 12 (bookworm)"
purl = "pkg:deb/debian/libssl3@3.0"
cvss = 9
epss = 0.25
kev = true
new = false
published = 2024-01-31
first_seen = 2024-02-01
fix_first_seen = 2024-02-02T00:00:00Z
layer = "base"
expect = "waived"
rule = "allow GHSA-aaaa"
)toml");
    ASSERT_EQ(tests.size(), 1U);
    EXPECT_EQ(tests[0].context, (Context{"east", "prod", "shop"}));
    EXPECT_EQ(tests[0].image, "registry.example/shop");
    EXPECT_EQ(tests[0].now, sample::time("2026-12-01T00:00:00Z"));
    ASSERT_EQ(tests[0].findings.size(), 1U);
    auto const& one = tests[0].findings[0];
    auto const& finding = one.finding;
    EXPECT_EQ(finding.aliases, std::vector<std::string>{"CVE-2024-0002"});
    EXPECT_EQ(finding.severity, finding::Severity::high);
    EXPECT_EQ(finding.package.source_name, "openssl");
    EXPECT_EQ(finding.package.purl, "pkg:deb/debian/libssl3@3.0");
    EXPECT_EQ(finding.fixed_version, "3.1");
    ASSERT_EQ(finding.cvss.size(), 1U);
    EXPECT_EQ(finding.cvss[0].score, 9);
    EXPECT_EQ(finding.epss, 0.25);
    EXPECT_EQ(finding.is_known_exploited, true);
    EXPECT_EQ(finding.is_base_layer, true);
    EXPECT_FALSE(finding.is_new);
    EXPECT_EQ(finding.published, sample::time("2024-01-31T00:00:00Z"));
    EXPECT_EQ(finding.fix_first_seen, sample::time("2024-02-02T00:00:00Z"));
    EXPECT_EQ(one.expect, "waived");
    EXPECT_EQ(one.rule, "allow GHSA-aaaa");
    EXPECT_EQ(one.at.line, 9U);
}

TEST(PolicyTestFile, TellsWhatIsWrongAndWhere) {
    struct {
        std::string text;
        char const* said;
    } const cases[] = {
        {"tests = 1\n", "tests/a.toml:2:1: unknown key tests (did you mean test?)"},
        {"test = 1\n", "test is a list of tables: [[test]]"},
        {"[test]\nname = \"n\"\n", "test is a list of tables: [[test]]"},
        {"[[test]]\n", "tests/a.toml:2:1: [[test]] without name"},
        {"[[test]]\n", "[[test]] without a finding"},
        {"[[test]]\n", "[[test]] expects nothing"},
        {"[[test]]\nexpct = \"pass\"\n", "unknown key expct in [[test]] (did you mean expect?)"},
        {"[[test]]\nexpect = \"allow\"\n", "unknown word \"allow\" for expect"},
        {"[[test]]\nexpect = true\n", "expect must be a string"},
        {"[[test]]\napplication = \"../x\"\n", "\"../x\" is no name"},
        {"[[test]]\nnow = \"2026-01-01\"\n", "now must be a date"},
        {"[[test]]\nnow = 2026-02-31\n", "tests/a.toml:3"},
        {"[[test]]\nnow = 2026-01-01T00:00:00\n", "now must be a date"},
        {cat(least, "sevrity = \"low\"\n"), "did you mean severity?"},
        {cat(least, "expect = \"blok\"\n"), "unknown word \"blok\" for expect (did you mean"},
        {cat(least, "layer = \"top\"\n"), "unknown word \"top\" for layer"},
        {cat(least, "cvss = 11\n"), "cvss must be a number from 0 to 10"},
        {cat(least, "cvss = nan\n"), "cvss must be a number from 0 to 10"},
        {cat(least, "epss = \"0.1\"\n"), "epss must be a number from 0 to 1"},
        {cat(least, "kev = \"yes\"\n"), "kev must be true or false"},
        {cat(least, "package = \"\"\n"), "package is empty"},
        {cat(least, "aliases = [\"a b\"]\n"), "\"a b\" is no vulnerability id"},
        {cat(least, "[[test.finding]]\n"), "[[test.finding]] without id"},
        {cat(least, "[[test.finding]]\nid = \"*\"\n"), "\"*\" is no vulnerability id"},
        {cat(least, "[[test.finding]]\nseverity = \"hgih\"\n"), "did you mean high?"},
        {cat(least, least), "two tests are named \"n\""},
        {"x = \n", "not valid TOML"},
        {"# \xE2\x80\xAE\n", "invisible character U+202E"},
    };
    for (auto const& c : cases) {
        auto const said = mistakes_of(file_of(c.text));
        EXPECT_NE(said.find(c.said), std::string::npos) << c.text << "\ngave\n" << said;
    }
    EXPECT_NE(mistakes_of({"a.toml", least}).find("schema is missing"), std::string::npos);
    EXPECT_NE(mistakes_of({"a.toml", "schema = 2\n"}).find("schema 2 is not known"),
              std::string::npos);
}

TEST(PolicyTestFile, AFloodIsRefused) {
    std::string tests, findings = "[[test]]\nname = \"n\"\nexpect = \"pass\"\n", aliases;
    for (int i = 0; i < 1001; ++i) {
        tests += "[[test]]\n";
        findings += "[[test.finding]]\n";
        aliases += "\"CVE-1\",";
    }
    EXPECT_EQ(mistakes_of(file_of(tests)), "tests/a.toml:2:3: more than 1000 of [[test]]\n");
    EXPECT_NE(mistakes_of(file_of(findings)).find("more than 1000 of [[test.finding]]"),
              std::string::npos);
    EXPECT_NE(mistakes_of(file_of(cat(least, "aliases = [", aliases, "]\n")))
                  .find("more than 100 aliases"),
              std::string::npos);
}

TEST(PolicyTestFile, OnlyTestFilesOfTheFolderHoldTests) {
    std::vector<Error> mistakes;
    auto const tests = tests_of_tree({{"application/shop.toml", "x"},
                                      file_of(least),
                                      {"nowhere/b.toml", "x"},
                                      {"tests/b.toml", cat("schema = 1\n", least)}},
                                     mistakes);
    EXPECT_TRUE(mistakes.empty());
    EXPECT_EQ(tests.size(), 2U);
    (void)tests_of_tree({{"tests/a.toml", ""}, {"tests/b.toml", ""}}, mistakes);
    EXPECT_EQ(mistakes.size(), 2U);
}

} // namespace
} // namespace clairgate::policy
