#include "policy/any_policy.hpp"
#include "policy/sample_scan.hpp"
#include <clairgate/base/text.hpp>
#include <clairgate/policy/verdict.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace clairgate::policy {
namespace {

constexpr int rounds = 1'000;

using sample::Random;

Action any_action(Random& random) {
    constexpr Action actions[] = {
        Action::allow, Action::warn, Action::block_if_fixed, Action::block};
    return actions[random.below(4)];
}

Policy any_policy(Random& random) {
    auto policy = built_in();
    for (auto& [severity, setting] : policy.layers.front().severity)
        setting.value = any_action(random);
    constexpr Action effects[] = {Action::allow, Action::warn, Action::block};
    policy.scan.uncovered.value = effects[random.below(3)];
    policy.scan.partly_covered.value = effects[random.below(3)];
    if (random.below(2) == 0)
        policy.scan.max_data_age =
            Setting<Duration>{std::chrono::hours(random.below(200) + 1), Origin{}};
    return policy;
}

finding::Finding some_finding(Random& random) {
    auto finding = sample::finding(finding::severities.at(random.below(6)));
    finding.id = cat("CVE-2024-", random.below(50));
    if (random.below(2) == 0)
        finding.fixed_version = cat(random.below(9));
    return finding;
}

finding::ScanReport any_scan(Random& random) {
    auto scan = sample::scan();
    scan.findings.resize(random.below(12));
    for (auto& finding : scan.findings)
        finding = some_finding(random);
    std::vector<finding::EcosystemCoverage> ecosystems;
    if (random.below(4) != 0)
        ecosystems.push_back(sample::debian());
    if (random.below(2) == 0)
        ecosystems.push_back(sample::pypi());
    if (random.below(4) == 0)
        ecosystems.push_back({"arch", "arch", 3, false, {}, std::nullopt});
    scan.platforms = {sample::platform(std::move(ecosystems))};
    scan.scanner.has_updater_facts = random.below(4) != 0;
    return scan;
}

TEST(Properties, TheOrderOfFindingsDoesNotMatter) {
    Random random;
    SCOPED_TRACE(cat("seed ", random.seed()));
    for (int round = 0; round < rounds; ++round) {
        auto const policy = any_policy(random);
        auto const scan = any_scan(random);
        auto const verdict = sample::judge(policy, scan, sample::now());
        std::vector<std::size_t> order(scan.findings.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::shuffle(order.begin(), order.end(), random.engine());
        auto shuffled = scan;
        for (std::size_t i = 0; i < order.size(); ++i)
            shuffled.findings[i] = scan.findings[order[i]];
        auto const again = sample::judge(policy, shuffled, sample::now());
        ASSERT_EQ(again.effect(), verdict.effect());
        for (std::size_t i = 0; i < order.size(); ++i) {
            ASSERT_EQ(again.decisions()[i].effect, verdict.decisions()[order[i]].effect);
            ASSERT_EQ(again.decisions()[i].by, verdict.decisions()[order[i]].by);
        }
    }
}

TEST(Properties, OneMoreFindingNeverLoosensTheVerdict) {
    Random random;
    SCOPED_TRACE(cat("seed ", random.seed()));
    for (int round = 0; round < rounds; ++round) {
        auto const policy = any_policy(random);
        auto scan = any_scan(random);
        auto const before = sample::judge(policy, scan, sample::now());
        scan.findings.push_back(some_finding(random));
        auto const after = sample::judge(policy, scan, sample::now());
        ASSERT_GE(after.effect(), before.effect());
        for (std::size_t i = 0; i < before.decisions().size(); ++i)
            ASSERT_EQ(after.decisions()[i].effect, before.decisions()[i].effect);
    }
}

TEST(Properties, AStricterPolicyNeverLoosensTheVerdict) {
    Random random;
    SCOPED_TRACE(cat("seed ", random.seed()));
    for (int round = 0; round < rounds; ++round) {
        auto policy = any_policy(random);
        auto const scan = any_scan(random);
        auto const before = sample::judge(policy, scan, sample::now());
        auto& setting =
            policy.layers.front().severity.at(finding::severities.at(random.below(6))).value;
        setting = std::max(setting, any_action(random));
        policy.scan.uncovered.value = std::max(policy.scan.uncovered.value, Action::warn);
        if (policy.scan.max_data_age)
            policy.scan.max_data_age->value /= 2;
        auto const after = sample::judge(policy, scan, sample::now());
        ASSERT_GE(after.coverage()[0].state, before.coverage()[0].state);
        for (std::size_t i = 0; i < before.decisions().size(); ++i)
            ASSERT_GE(after.decisions()[i].effect, before.decisions()[i].effect);
    }
}

TEST(Properties, TheVerdictIsTheStrictestDecisionAndNothingElse) {
    Random random;
    SCOPED_TRACE(cat("seed ", random.seed()));
    for (int round = 0; round < rounds; ++round) {
        auto const verdict = sample::judge(any_policy(random), any_scan(random), sample::now());
        auto strictest = Effect::allow;
        for (auto const& decision : verdict.decisions())
            strictest = std::max(strictest, decision.effect);
        for (auto const& coverage : verdict.coverage())
            strictest = std::max(strictest, coverage.decision.effect);
        ASSERT_EQ(verdict.effect(), strictest);
    }
}

TEST(Properties, OlderDataIsNeverBetterCovered) {
    Random random;
    SCOPED_TRACE(cat("seed ", random.seed()));
    for (int round = 0; round < rounds; ++round) {
        auto const policy = any_policy(random);
        auto const scan = any_scan(random);
        auto const later = sample::now() + std::chrono::hours(random.below(500));
        auto const before = sample::judge(policy, scan, sample::now());
        auto const after = sample::judge(policy, scan, later);
        ASSERT_GE(after.coverage()[0].state, before.coverage()[0].state);
    }
}

} // namespace
} // namespace clairgate::policy
