#include "policy/sample_scan.hpp"
#include <clairgate/base/text.hpp>
#include <clairgate/policy/verdict.hpp>

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

using finding::Severity;

Decision decision_of(Policy const& policy, finding::Finding finding) {
    auto const verdict = evaluate(policy, sample::scan({std::move(finding)}), sample::now());
    EXPECT_EQ(verdict.decisions().size(), 1U);
    EXPECT_EQ(verdict.effect(), verdict.decisions().front().effect);
    return verdict.decisions().front();
}

struct ActionCase {
    char const* action;
    char const* fixed_version;
    Effect effect;
};

TEST(Evaluate, EachActionHasItsEffectForEachSeverity) {
    ActionCase const cases[] = {{"allow", "", Effect::allow},
                                {"allow", "2", Effect::allow},
                                {"warn", "", Effect::warn},
                                {"warn", "2", Effect::warn},
                                {"block", "", Effect::block},
                                {"block", "2", Effect::block},
                                {"block-if-fixed", "", Effect::warn},
                                {"block-if-fixed", "2", Effect::block}};
    for (auto const severity : finding::severities) {
        for (auto const& c : cases) {
            auto const policy = sample::policy(
                cat("[severity]\n", finding::to_string(severity), " = \"", c.action, "\"\n"));
            auto const decision = decision_of(policy, sample::finding(severity, c.fixed_version));
            EXPECT_EQ(decision.effect, c.effect) << c.action << " fixed: " << c.fixed_version;
            EXPECT_EQ(decision.origin.file, "global.toml");
            EXPECT_EQ(decision.origin.line, 3U);
            EXPECT_EQ(decision.origin.rule, cat("severity.", finding::to_string(severity)));
        }
    }
}

TEST(Evaluate, TheSentenceSaysWhyInPlainWords) {
    auto const policy = built_in();
    EXPECT_EQ(decision_of(policy, sample::finding(Severity::high, "3.0.17")).sentence,
              "high, fixed in 3.0.17: severity.high is block-if-fixed");
    EXPECT_EQ(decision_of(policy, sample::finding(Severity::high)).sentence,
              "high, no fix known: severity.high is block-if-fixed");
    EXPECT_EQ(decision_of(policy, sample::finding(Severity::critical)).sentence,
              "critical, no fix known: severity.critical is block");
}

TEST(Evaluate, TheSentenceSaysWhenTheScoreGaveTheSeverity) {
    auto finding = sample::finding(Severity::critical);
    finding.severity_source = "cvss";
    finding.vendor_severity = Severity::unknown;
    finding.cvss = {{"3.1", "CVSS:3.1/AV:N", 9.8}};
    EXPECT_EQ(decision_of(built_in(), finding).sentence,
              "critical by CVSS 9.8, since the vendor gives none, no fix known: "
              "severity.critical is block");
}

TEST(Evaluate, TheRemedyIsTheUpgradeOrNothing) {
    EXPECT_EQ(decision_of(built_in(), sample::finding(Severity::low, "3.0.17")).remedy,
              "upgrade openssl to 3.0.17");
    EXPECT_EQ(decision_of(built_in(), sample::finding(Severity::critical)).remedy, "");
}

TEST(Evaluate, NothingFoundInACoveredImageIsAllowed) {
    auto const verdict = evaluate(built_in(), sample::scan(), sample::now());
    EXPECT_EQ(verdict.effect(), Effect::allow);
    EXPECT_TRUE(verdict.decisions().empty());
    ASSERT_EQ(verdict.coverage().size(), 1U);
    EXPECT_EQ(verdict.coverage()[0].state, CoverageState::covered);
    EXPECT_TRUE(verdict.coverage()[0].reasons.empty());
}

TEST(Evaluate, TheStrictestOfAllDecides) {
    auto scan = sample::scan({sample::finding(Severity::low),
                              sample::finding(Severity::critical),
                              sample::finding(Severity::medium)});
    EXPECT_EQ(evaluate(built_in(), scan, sample::now()).effect(), Effect::block);
    scan.findings.erase(scan.findings.begin() + 1);
    EXPECT_EQ(evaluate(built_in(), scan, sample::now()).effect(), Effect::warn);
    scan.platforms.push_back(sample::platform({}));
    EXPECT_EQ(evaluate(built_in(), scan, sample::now()).effect(), Effect::block);
}

TEST(Evaluate, DecisionsStandInTheOrderOfTheFindings) {
    auto const verdict = evaluate(built_in(),
                                  sample::scan({sample::finding(Severity::low),
                                                sample::finding(Severity::critical),
                                                sample::finding(Severity::high, "2")}),
                                  sample::now());
    ASSERT_EQ(verdict.decisions().size(), 3U);
    EXPECT_EQ(verdict.decisions()[0].origin.rule, "severity.low");
    EXPECT_EQ(verdict.decisions()[1].origin.rule, "severity.critical");
    EXPECT_EQ(verdict.decisions()[2].origin.rule, "severity.high");
}

TEST(Evaluate, CoverageActionsDecideWhatMissingKnowledgeDoes) {
    struct {
        char const* text;
        std::vector<finding::EcosystemCoverage> ecosystems;
        Effect effect;
    } const cases[] = {
        {"", {}, Effect::block},
        {"[scan]\nuncovered = \"warn\"\n", {}, Effect::warn},
        {"[scan]\nuncovered = \"allow\"\n", {}, Effect::allow},
        {"", {sample::debian(), {"arch", "arch", 3, false, {}, std::nullopt}}, Effect::warn},
        {"[scan]\npartly_covered = \"block\"\n",
         {sample::debian(), {"arch", "arch", 3, false, {}, std::nullopt}},
         Effect::block},
        {"[scan]\npartly_covered = \"allow\"\n",
         {sample::debian(), {"arch", "arch", 3, false, {}, std::nullopt}},
         Effect::allow},
    };
    for (auto const& c : cases) {
        auto scan = sample::scan();
        scan.platforms = {sample::platform(c.ecosystems)};
        auto const verdict = evaluate(sample::policy(c.text), scan, sample::now());
        EXPECT_EQ(verdict.effect(), c.effect) << c.text;
        EXPECT_EQ(verdict.coverage()[0].decision.effect, c.effect) << c.text;
    }
}

TEST(Evaluate, TheCoverageDecisionNamesItsSetting) {
    auto scan = sample::scan();
    scan.platforms = {sample::platform({})};
    auto const policy = sample::policy("[scan]\nuncovered = \"warn\"\n");
    auto const decision = evaluate(policy, scan, sample::now()).coverage()[0].decision;
    EXPECT_EQ(decision.origin, (Origin{Level::global, "global.toml", 3, 1, "scan.uncovered"}));
    EXPECT_EQ(decision.sentence,
              "no package was found: Clair cannot tell what is in the image: "
              "scan.uncovered is warn");
    EXPECT_EQ(decision.remedy, "");
}

TEST(EvaluateDeathTest, AScanWithoutPlatformsIsAProgrammersError) {
    EXPECT_DEATH((void)evaluate(built_in(), finding::ScanReport{}, sample::now()), "platforms");
}

} // namespace
} // namespace clairgate::policy
