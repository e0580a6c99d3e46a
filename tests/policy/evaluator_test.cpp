#include "policy/sample_scan.hpp"
#include <clairgate/base/text.hpp>

#include <gtest/gtest.h>

#include <algorithm>

namespace clairgate::policy {
namespace {

using finding::Severity;

struct Explained : Explanation {
    Effect effect;
};

Explained decision_of(Policy const& policy, finding::Finding const& finding) {
    auto const verdict = sample::judge(policy, sample::scan({finding}));
    EXPECT_EQ(verdict.decisions().size(), 1U);
    EXPECT_EQ(verdict.effect(), verdict.decisions().front().effect);
    return {explain(policy, finding, verdict.decisions().front()),
            verdict.decisions().front().effect};
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

TEST(Evaluate, NothingFoundInACoveredImageIsAllowed) {
    auto const verdict = sample::judge(built_in(), sample::scan(), sample::now());
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
    EXPECT_EQ(sample::judge(built_in(), scan, sample::now()).effect(), Effect::block);
    scan.findings.erase(scan.findings.begin() + 1);
    EXPECT_EQ(sample::judge(built_in(), scan, sample::now()).effect(), Effect::warn);
    scan.platforms.push_back(sample::platform({}));
    EXPECT_EQ(sample::judge(built_in(), scan, sample::now()).effect(), Effect::block);
}

TEST(Evaluate, DecisionsStandInTheOrderOfTheFindings) {
    auto const policy = built_in();
    auto const verdict = sample::judge(policy,
                                       sample::scan({sample::finding(Severity::low),
                                                     sample::finding(Severity::critical),
                                                     sample::finding(Severity::high, "2")}),
                                       sample::now());
    ASSERT_EQ(verdict.decisions().size(), 3U);
    EXPECT_EQ(origin_of(policy, verdict.decisions()[0].by).rule, "severity.low");
    EXPECT_EQ(origin_of(policy, verdict.decisions()[1].by).rule, "severity.critical");
    EXPECT_EQ(origin_of(policy, verdict.decisions()[2].by).rule, "severity.high");
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
        auto const verdict = sample::judge(sample::policy(c.text), scan, sample::now());
        EXPECT_EQ(verdict.effect(), c.effect) << c.text;
        EXPECT_EQ(verdict.coverage()[0].decision.effect, c.effect) << c.text;
    }
}

TEST(Evaluate, TheCoverageDecisionNamesItsSetting) {
    auto scan = sample::scan();
    scan.platforms = {sample::platform({})};
    auto const policy = sample::policy("[scan]\nuncovered = \"warn\"\n");
    auto const decision = sample::judge(policy, scan, sample::now()).coverage()[0].decision;
    EXPECT_EQ(decision.origin, (Origin{Level::global, "global.toml", 3, 1, "scan.uncovered"}));
    EXPECT_EQ(decision.sentence,
              "no package was found: Clair cannot tell what is in the image: "
              "scan.uncovered is warn");
}

std::string allow(std::string const& more, std::string const& expires) {
    return cat("[[allow]]\nid = \"CVE-2024-0001\"\nreason = \"r\"\nowner = \"o\"\nexpires = ",
               expires,
               "\n",
               more);
}

std::string red_day(Policy const& policy, finding::Finding const& finding) {
    auto const verdict = sample::judge(policy, sample::scan({finding}));
    auto const& day = verdict.decisions().front().turns_red;
    return day ? to_rfc3339(*day) : "never";
}

TEST(Evaluate, AWaivedFindingTurnsRedTheDayAfterItsException) {
    auto const critical = sample::finding(Severity::critical);
    EXPECT_EQ(red_day(sample::policy(allow("", "2026-12-31")), critical), "2027-01-01T00:00:00Z");
    EXPECT_EQ(red_day(built_in(), critical), "never") << "it is red";
    EXPECT_EQ(red_day(sample::policy(allow("", "2026-12-31")), sample::finding(Severity::low)),
              "never")
        << "it will warn";
}

TEST(Evaluate, OneExceptionAfterAnotherHoldsUntilTheLastEnds) {
    auto const critical = sample::finding(Severity::critical);
    auto const two = allow("", "2026-12-31") + allow("", "2027-02-28");
    EXPECT_EQ(red_day(sample::policy(two), critical), "2027-03-01T00:00:00Z");
    auto const break_glass = "[[allow]]\nbreak_glass = true\nticket = \"T\"\nreason = \"r\"\n"
                             "owner = \"o\"\nissued = 2026-11-24T10:00:00Z\n"
                             "expires = 2026-11-24T18:00:00Z\n";
    EXPECT_EQ(red_day(sample::policy(break_glass), critical), "2026-11-24T18:00:00Z");
}

TEST(Evaluate, AnExceptionWithoutEndLeavesNoDate) {
    auto policy = sample::policy(allow("", "2026-12-31"));
    auto statement = policy.layers.back().waivers.front();
    statement.is_vex = true;
    statement.ends = SystemTime{};
    policy.layers.back().waivers.push_back(statement);
    EXPECT_EQ(red_day(policy, sample::finding(Severity::critical)), "never");
}

TEST(Evaluate, AnExceptionIsFoundByEachIdOfAFinding) {
    auto const policy = sample::policy(
        "[[allow]]\nid = [\"CVE-2024-0001\", \"ghsa-AAAA-bbbb-cccc\"]\nreason = \"r\"\n"
        "owner = \"o\"\nexpires = 2026-12-31\n");
    auto finding = sample::finding(Severity::critical);
    for (auto const* id : {"CVE-2024-0001", "cve-2024-0001", "GHSA-aaaa-bbbb-cccc"}) {
        finding.id = id;
        EXPECT_EQ(decision_of(policy, finding).effect, Effect::allow) << id;
        finding.id = "RHSA-2024:1";
        finding.aliases = {"RHSA-2024:2", id};
        EXPECT_EQ(decision_of(policy, finding).effect, Effect::allow) << id;
        finding.aliases.clear();
    }
    for (auto const* id : {"CVE-2024-00010", "CVE-2024-000", "", "CVE-2024-0001 "}) {
        finding.id = id;
        EXPECT_EQ(decision_of(policy, finding).effect, Effect::block) << id;
    }
}

TEST(Evaluate, AnExceptionCountsOnceHoweverManyNamesOfAFindingItIsFoundBy) {
    auto const policy = sample::policy(
        "[[allow]]\nid = [\"CVE-2024-0001\", \"GHSA-aaaa-bbbb-cccc\"]\nreason = \"r\"\n"
        "owner = \"o\"\nexpires = 2026-12-31\n" +
        allow("", "2026-12-31"));
    auto finding = sample::finding(Severity::critical);
    std::string const spelling = "ghsa-aaaa-bbbb-cccc";
    for (std::size_t upper = 0; upper < spelling.size(); ++upper) {
        auto alias = to_lower(spelling);
        alias[upper] = alias[upper] == '-' ? '-' : static_cast<char>(alias[upper] - 'a' + 'A');
        finding.aliases.push_back(alias);
    }
    auto const verdict = sample::judge(policy, sample::scan({finding}));
    ASSERT_EQ(verdict.waivers().size(), 2U);
    EXPECT_EQ(verdict.waivers()[0].matched, 1U);
    EXPECT_EQ(verdict.waivers()[0].waived, 1U);
    EXPECT_EQ(verdict.waivers()[1].matched, 1U);
    EXPECT_EQ(verdict.waivers()[1].waived, 0U);
}

TEST(Evaluate, AnExceptionOfOneDigestHoldsForItsPlatformAlone) {
    auto policy = sample::policy(allow("", "2026-12-31"));
    auto scan = sample::scan();
    scan.platforms.push_back(sample::platform({}));
    scan.platforms.back().platform = "linux/arm64";
    scan.platforms.back().manifest = image::Digest::of("of arm64");
    auto const named = scan.platforms.back().manifest.text();
    policy.layers.back().waivers.front().scope.push_back(
        {"digest", "", [named](Facts const& facts) {
             return truth_of(std::count(facts.digests.begin(), facts.digests.end(), named) > 0);
         }});
    for (auto const* platform : {"linux/arm64", "linux/amd64", "linux/arm64", "", "linux/s390x"}) {
        scan.findings.push_back(sample::finding(Severity::critical));
        scan.findings.back().platform = platform;
    }
    auto const verdict = sample::judge(policy, scan);
    for (std::size_t i = 0; i < scan.findings.size(); ++i)
        EXPECT_EQ(verdict.decisions()[i].is_waived, scan.findings[i].platform == "linux/arm64");
}

TEST(Evaluate, TheExceptionThatCountsIsTold) {
    auto const policy = load({{"global.toml", "schema = 1\n" + allow("", "2026-12-31")},
                              {"application/shop.toml", "schema = 1\n" + allow("", "2026-11-01")}},
                             {"", "", "shop"})
                            .value();
    auto const verdict = sample::judge(policy, sample::scan({sample::finding(Severity::critical)}));
    auto const& decision = verdict.decisions().front();
    EXPECT_TRUE(decision.is_waived);
    ASSERT_TRUE(decision.waiver.has_value());
    EXPECT_EQ(origin_of(policy, *decision.waiver).file, "global.toml");
    EXPECT_EQ(*decision.waiver, decision.by);
}

TEST(Evaluate, AnExceptionWithoutEffectIsToldToo) {
    auto const policy = sample::policy(allow("", "2026-11-01"));
    auto const verdict = sample::judge(policy, sample::scan({sample::finding(Severity::critical)}));
    EXPECT_EQ(verdict.effect(), Effect::block);
    EXPECT_TRUE(verdict.decisions().front().waiver.has_value());
    EXPECT_FALSE(verdict.decisions().front().is_waived);
}

TEST(EvaluateDeathTest, AScanWithoutPlatformsIsAProgrammersError) {
    EXPECT_DEATH((void)sample::judge(built_in(), finding::ScanReport{}, sample::now()),
                 "platforms");
}

} // namespace
} // namespace clairgate::policy
