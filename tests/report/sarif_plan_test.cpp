#include "report/json_document.hpp"
#include <clairgate/report/sarif_parts.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <set>

namespace clairgate::report {
namespace {

using finding::Severity;

std::optional<unsigned> score_of(Severity severity, std::vector<double> const& scores = {}) {
    finding::Finding finding;
    finding.severity = severity;
    for (auto const score : scores)
        finding.cvss.push_back({"3.1", "", score});
    return security_severity(finding);
}

TEST(SarifPlan, ASecuritySeverityLiesInTheBandOfTheSeverity) {
    EXPECT_EQ(score_of(Severity::critical, {9.8, 7.5}), 98U);
    EXPECT_EQ(score_of(Severity::high, {9.8, 7.5}), 75U) << "the first that agrees";
    EXPECT_EQ(score_of(Severity::medium, {9.8}), 55U);
    EXPECT_EQ(score_of(Severity::low, {9.8}), 20U);
    EXPECT_EQ(score_of(Severity::critical, {9.0}), 95U) << "GitHub: critical is above 9.0";
    EXPECT_EQ(score_of(Severity::high, {8.96}), 80U) << "9.0 when it is printed";
    EXPECT_EQ(score_of(Severity::low, {0.0}), 20U) << "0.0 is none";
    EXPECT_EQ(score_of(Severity::negligible, {3.0}), 1U);
    EXPECT_EQ(score_of(Severity::critical), 95U);
    EXPECT_EQ(score_of(Severity::high), 80U);
}

TEST(SarifPlan, NobodyGaveANumberForAnUnknownSeverity) {
    EXPECT_EQ(score_of(Severity::unknown), std::nullopt);
    EXPECT_EQ(score_of(Severity::unknown, {9.8}), std::nullopt);
    EXPECT_EQ(sarif_level(Severity::unknown), "warning");
}

TEST(SarifPlan, OddScoresAreNoScores) {
    EXPECT_EQ(score_of(Severity::high, {std::numeric_limits<double>::quiet_NaN(), -1, 1e300}), 80U);
    EXPECT_EQ(score_text(std::numeric_limits<double>::infinity()), std::nullopt);
    EXPECT_EQ(score_text(9.8), "9.8");
    EXPECT_EQ(score_text(10), "10.0");
}

TEST(SarifPlan, HasARulePerIdAndAResultPerPackage) {
    auto const report = sample::report();
    Record const record(report);
    SarifPlan const plan(record, {});
    EXPECT_EQ(plan.shown().size(), 5U);
    ASSERT_EQ(plan.rules().size(), 4U);
    for (std::size_t place = 0; place < plan.shown().size(); ++place)
        EXPECT_EQ(plan.rules().at(plan.rule_of(place)).id,
                  plan.alerts().finding(plan.shown()[place]).id);
    EXPECT_EQ(plan.rules()[0].id, "CVE-2099-0001");
    EXPECT_EQ(plan.rules()[0].instances.size(), 2U);
}

TEST(SarifPlan, RuleIdsAreUniqueAndNeverEmptyWhateverTheIdsAre) {
    std::vector<finding::Finding> findings;
    for (auto const& id : {std::string("\x1b"),
                           std::string("\\x1b"), // prints the same
                           std::string(400, 'a') + "1",
                           std::string(400, 'a') + "2",
                           std::string(),
                           std::string(" "),
                           std::string("unnamed"),
                           std::string("clairgate/cut")})
        findings.push_back(sample::vulnerable(id, "p", "1", Severity::low));
    auto const report = report_with(findings);
    Record const record(report);
    SarifPlan const plan(record, {});
    std::set<std::string> ids;
    for (auto const& rule : plan.rules()) {
        EXPECT_TRUE(ids.insert(rule.id).second) << rule.id;
        EXPECT_LE(rule.id.size(), 300U);
        EXPECT_FALSE(rule.id.starts_with("clairgate/"));
        EXPECT_FALSE(rule.instances.empty());
    }
    EXPECT_EQ(ids.count("\\x1b"), 1U);
    EXPECT_EQ(ids.count("unnamed"), 1U);
}

TEST(SarifPlan, CutsWhatIsLeastUrgent) {
    auto findings = many(6'000, Severity::low);
    findings.push_back(sample::vulnerable("CVE-2099-1", "z", "1", Severity::critical));
    auto const report = report_with(findings);
    Record const record(report);
    SarifPlan const plan(record, {});
    EXPECT_EQ(plan.shown().size(), 4'999U) << "one is kept for what was cut";
    EXPECT_EQ(plan.cut(), 1'002U);
    EXPECT_EQ(plan.alerts().finding(plan.shown().front()).id, "CVE-2099-1");
    EXPECT_EQ(plan.rules().size(), plan.shown().size());
}

} // namespace
} // namespace clairgate::report
