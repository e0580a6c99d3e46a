#include "report/json_document.hpp"
#include <clairgate/base/text.hpp>

#include <gtest/gtest.h>

#include <set>

namespace clairgate::report {
namespace {

nlohmann::json rules_of(Report const& report) {
    return document_of(render_sarif, report)["runs"][0]["tool"]["driver"]["rules"];
}

TEST(SarifRules, AreWhatResultsPointAt) {
    auto const run = document_of(render_sarif, sample::report_of_two_platforms())["runs"][0];
    auto const& rules = run["tool"]["driver"]["rules"];
    std::set<std::string> ids;
    for (auto const& rule : rules)
        EXPECT_TRUE(ids.insert(rule["id"]).second) << rule["id"];
    for (auto const& result : run["results"]) {
        EXPECT_EQ(ids.count(result["ruleId"]), 1U) << result["ruleId"];
        if (result.contains("ruleIndex")) {
            EXPECT_EQ(rules[result["ruleIndex"].get<std::size_t>()]["id"], result["ruleId"]);
        }
    }
}

TEST(SarifRules, HaveWhatGitHubAsksForAndNoEmptyText) {
    auto report = report_with({sample::vulnerable("", "", "", finding::Severity::unknown)});
    for (auto const& rules :
         {rules_of(report), rules_of(sample::report()), rules_of(sample::undecided_report())}) {
        ASSERT_FALSE(rules.empty());
        for (auto const& rule : rules) {
            for (char const* const key : {"shortDescription", "fullDescription", "help"}) {
                std::string const text = rule[key]["text"];
                EXPECT_FALSE(text.empty()) << key;
            }
            EXPECT_LE(rule["shortDescription"]["text"].get<std::string>().size(), 1'024U);
            EXPECT_LE(rule["fullDescription"]["text"].get<std::string>().size(), 1'024U);
            EXPECT_LE(rule["properties"]["tags"].size(), 10U);
            EXPECT_EQ(rule["properties"]["tags"][1], "security");
            EXPECT_FALSE(rule["name"].get<std::string>().empty());
        }
    }
}

TEST(SarifRules, TakeTheWorstSeverityOfTheirPackages) {
    using finding::Severity;
    auto low = sample::vulnerable("CVE-1", "a", "1", Severity::low);
    auto high = sample::vulnerable("CVE-1", "b", "1", Severity::high);
    high.cvss = {{"3.1", "", 7.4}};
    auto const rules = rules_of(report_with({low, high}));
    ASSERT_EQ(rules.size(), 1U);
    EXPECT_EQ(rules[0]["properties"]["security-severity"], "7.4");
    EXPECT_EQ(rules[0]["defaultConfiguration"]["level"], "error");
    EXPECT_EQ(rules[0]["shortDescription"]["text"], "CVE-1 in b and 1 more");
}

TEST(SarifRules, AnUnknownSeverityHasNoNumber) {
    auto const rules =
        rules_of(report_with({sample::vulnerable("CVE-1", "a", "1", finding::Severity::unknown)}));
    EXPECT_FALSE(rules[0]["properties"].contains("security-severity"));
    EXPECT_EQ(rules[0]["defaultConfiguration"]["level"], "warning");
}

TEST(SarifRules, HostileTextComesBackAsWhatIsVisible) {
    for (auto const& text : hostile_texts()) {
        auto finding = sample::vulnerable("CVE-1", text, "1", finding::Severity::high, "2");
        finding.description = text;
        finding.links = {text};
        auto const rules = rules_of(report_with({finding}));
        std::string scratch;
        std::string const shown(visible(text, scratch));
        EXPECT_EQ(rules[0]["shortDescription"]["text"], "CVE-1 in " + shown);
        if (!trim(shown).empty()) {
            EXPECT_EQ(rules[0]["fullDescription"]["text"], shown);
        }
        std::string const url = rules[0]["helpUri"];
        EXPECT_EQ(url, "https://nvd.nist.gov/vuln/detail/CVE-1");
    }
}

} // namespace
} // namespace clairgate::report
