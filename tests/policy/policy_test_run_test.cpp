#include "policy/sample_scan.hpp"
#include <clairgate/base/text.hpp>
#include <clairgate/policy/policy_test_file.hpp>

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

constexpr auto critical = "[[test.finding]]\nid = \"CVE-2024-0001\"\nseverity = \"critical\"\n";
constexpr auto exception = "[[allow]]\nid = \"CVE-2024-0001\"\nreason = \"r\"\nowner = \"o\"\n"
                           "expires = 2026-12-31\n";

// What does not hold of one test under one global file; "" where all does.
std::string failures(std::string const& policy, std::string const& test) {
    std::vector<Error> mistakes;
    auto const tests = parse_policy_tests(
        {"tests/a.toml", cat("schema = 1\n[[test]]\nname = \"n\"\n", test)}, mistakes);
    EXPECT_TRUE(mistakes.empty()) << test << mistakes.front().text();
    std::string out;
    for (auto const& failure : run_policy_test(sample::policy(policy), tests.at(0), sample::now()))
        out += cat(failure.at.line, ": ", failure.text, "\n");
    return out;
}

TEST(PolicyTestRun, ComparesTheVerdict) {
    EXPECT_EQ(failures("", cat("expect = \"block\"\n", critical)), "");
    EXPECT_EQ(failures("", cat("expect = \"warn\"\n", critical)),
              "2: expected warn, got block: critical, no fix known: severity.critical is block "
              "(built-in)\n");
    EXPECT_EQ(failures("[severity]\ncritical = \"allow\"\n", cat("expect = \"block\"\n", critical)),
              "2: expected block, got pass: critical, no fix known: severity.critical is allow "
              "(global.toml:3:1)\n");
}

TEST(PolicyTestRun, ComparesWhatBecomesOfAFindingAndWhoSaysSo) {
    auto const of = [](char const* expect, char const* rule) {
        return cat(critical, "expect = \"", expect, "\"\nrule = \"", rule, "\"\n");
    };
    EXPECT_EQ(failures("", of("block", "severity.critical")), "");
    EXPECT_EQ(failures(exception, of("waived", "allow CVE-2024-0001")), "");
    EXPECT_EQ(failures(exception, of("allow", "allow CVE-2024-0001")), "");
    auto const blocked = failures("", of("waived", "severity.critical"));
    EXPECT_TRUE(blocked.starts_with("4: CVE-2024-0001: expected waived, got block: ")) << blocked;
    auto const other = failures("", of("block", "rule.x"));
    EXPECT_NE(other.find("expected rule.x to decide, but severity.critical did"), std::string::npos)
        << other;
}

TEST(PolicyTestRun, ALockThatHoldsItIsWhoSaysSo) {
    auto const policy =
        policy::load({{"global.toml",
                       "schema = 1\n[severity]\ncritical = \"block\"\n[[lock]]\nkey = "
                       "\"severity.critical\"\n"},
                      {"application/shop.toml", cat("schema = 1\n", exception)}},
                     {"", "", "shop"})
            .value();
    std::vector<Error> mistakes;
    auto const tests = parse_policy_tests({"a.toml",
                                           cat("schema = 1\n[[test]]\nname = \"n\"\n",
                                               critical,
                                               "rule = \"lock severity.critical\"")},
                                          mistakes);
    EXPECT_TRUE(run_policy_test(policy, tests.at(0), sample::now()).empty());
}

TEST(PolicyTestRun, TheMomentIsTheTestsOrElseNow) {
    auto const waived = cat(critical, "expect = \"waived\"\n");
    EXPECT_EQ(failures(exception, waived), "");
    EXPECT_EQ(failures(exception, cat("now = 2026-12-31T23:59:59Z\n", waived)), "");
    EXPECT_NE(failures(exception, cat("now = 2027-01-01\n", waived)), "");
}

TEST(PolicyTestRun, NothingButTheFindingsDecides) {
    for (auto const* scan : {"uncovered = \"block\"\npartly_covered = \"block\"\n",
                             "max_data_age = \"1h\"\non_error = { stale = \"block\" }\n"})
        EXPECT_EQ(failures(cat("[severity]\ncritical = \"allow\"\n[scan]\n", scan),
                           cat("expect = \"pass\"\nnow = 2031-01-01\n", critical)),
                  "");
    auto const budget = failures("[severity]\ncritical = \"warn\"\n[budget]\ncritical = 0\n",
                                 cat("expect = \"warn\"\n", critical));
    EXPECT_NE(budget.find("got block"), std::string::npos) << budget;
    EXPECT_NE(budget.find("budget.critical"), std::string::npos) << budget;
}

} // namespace
} // namespace clairgate::policy
