#include "policy/sample_scan.hpp"
#include <clairgate/base/text.hpp>
#include <clairgate/policy/load.hpp>
#include <clairgate/policy/verdict.hpp>

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

constexpr char const* two_days = "[scan]\nmax_data_age = \"48h\"\n";

finding::EcosystemCoverage arch() {
    return {"arch", "arch rolling", 7, false, {}, std::nullopt};
}

finding::EcosystemCoverage without_data() {
    auto ecosystem = sample::debian();
    ecosystem.updaters.clear();
    ecosystem.newest_data.reset();
    return ecosystem;
}

struct Case {
    char const* what;
    std::vector<finding::EcosystemCoverage> ecosystems;
    bool has_updater_facts = true;
    char const* policy = "";
    std::optional<SystemTime> data_date = {};
    CoverageState state;
    std::vector<std::string> reasons = {};
};

std::vector<Case> ecosystem_cases() {
    return {
        {.what = "all known",
         .ecosystems = {sample::debian(), sample::pypi()},
         .state = CoverageState::covered},
        {.what = "no package",
         .ecosystems = {},
         .state = CoverageState::uncovered,
         .reasons = {"no package was found: Clair cannot tell what is in the image"}},
        {.what = "a distribution that Clair does not support",
         .ecosystems = {arch()},
         .state = CoverageState::uncovered,
         .reasons = {"arch rolling is not supported by Clair"}},
        {.what = "one of two supported",
         .ecosystems = {arch(), sample::debian()},
         .state = CoverageState::partly,
         .reasons = {"arch rolling is not supported by Clair"}},
        {.what = "packages of nothing",
         .ecosystems = {sample::debian(), {"unknown", "", 1, false, {}, std::nullopt}},
         .state = CoverageState::partly,
         .reasons = {"1 package of no distribution that Clair knows"}},
        {.what = "no data",
         .ecosystems = {without_data()},
         .state = CoverageState::uncovered,
         .reasons = {"no updater has data for debian 12 (bookworm)"}},
        {.what = "no data for one of two",
         .ecosystems = {without_data(), sample::pypi()},
         .state = CoverageState::partly,
         .reasons = {"no updater has data for debian 12 (bookworm)"}},
        {.what = "nothing known of updaters",
         .ecosystems = {without_data()},
         .has_updater_facts = false,
         .state = CoverageState::partly,
         .reasons = {"nothing is known of the updaters and the age of their data"}},
        {.what = "nothing known of updaters and an unsupported distribution",
         .ecosystems = {arch()},
         .has_updater_facts = false,
         .state = CoverageState::uncovered,
         .reasons = {"arch rolling is not supported by Clair",
                     "nothing is known of the updaters and the age of their data"}},
    };
}

// debian's data is six hours old at sample::now(), pypi's four days and six hours.
std::vector<Case> age_cases() {
    return {
        {.what = "one ecosystem too old",
         .ecosystems = {sample::debian(), sample::pypi()},
         .policy = two_days,
         .state = CoverageState::partly,
         .reasons = {"the data for pypi is 4d6h old, more than 2d0h"}},
        {.what = "all too old",
         .ecosystems = {sample::pypi()},
         .policy = two_days,
         .state = CoverageState::uncovered,
         .reasons = {"the data for pypi is 4d6h old, more than 2d0h"}},
        {.what = "as old as allowed",
         .ecosystems = {sample::debian()},
         .policy = "[scan]\nmax_data_age = \"6h\"\n",
         .state = CoverageState::covered},
        {.what = "one second older than allowed",
         .ecosystems = {sample::debian()},
         .policy = "[scan]\nmax_data_age = \"21599s\"\n",
         .state = CoverageState::uncovered,
         .reasons = {"the data for debian 12 (bookworm) is 6h00m old, more than 5h59m"}},
        {.what = "a fresh dump counts more than quiet feeds",
         .ecosystems = {sample::debian(), sample::pypi()},
         .policy = two_days,
         .data_date = sample::time("2026-11-24T00:00:00Z"),
         .state = CoverageState::covered},
        {.what = "an old dump counts more than the date of its import",
         .ecosystems = {sample::debian()},
         .policy = two_days,
         .data_date = sample::time("2026-11-01T00:00:00Z"),
         .state = CoverageState::uncovered,
         .reasons = {"the data for debian 12 (bookworm) is 23d12h old, more than 2d0h"}},
        {.what = "age not known",
         .ecosystems = {{"debian", "debian 12 (bookworm)", 8, true, {"x"}, std::nullopt}},
         .policy = two_days,
         .state = CoverageState::uncovered,
         .reasons = {"the age of the data for debian 12 (bookworm) is not known"}},
        {.what = "age not known because nothing is known of updaters",
         .ecosystems = {without_data()},
         .has_updater_facts = false,
         .policy = two_days,
         .state = CoverageState::uncovered,
         .reasons = {"the age of the data for debian 12 (bookworm) is not known",
                     "nothing is known of the updaters and the age of their data"}},
        {.what = "age not known but not asked for",
         .ecosystems = {{"debian", "debian 12 (bookworm)", 8, true, {"x"}, std::nullopt}},
         .state = CoverageState::covered},
        {.what = "a peer's clock five minutes ahead",
         .ecosystems = {sample::debian()},
         .policy = two_days,
         .data_date = sample::time("2026-11-24T12:05:00Z"),
         .state = CoverageState::covered},
        {.what = "a date from the future says nothing",
         .ecosystems = {sample::debian()},
         .policy = two_days,
         .data_date = sample::time("2026-11-24T12:05:01Z"),
         .state = CoverageState::uncovered,
         .reasons = {"the data for debian 12 (bookworm) is dated in the future "
                     "(2026-11-24T12:05:01Z)"}},
        {.what = "the end of time does not overflow",
         .ecosystems = {sample::debian()},
         .policy = two_days,
         .data_date = sample::time("0001-01-01T00:00:00Z"),
         .state = CoverageState::uncovered,
         .reasons = {"the data for debian 12 (bookworm) is 739943d12h old, more than 2d0h"}},
    };
}

void expect_judged(Case const& c) {
    finding::Scanner scanner;
    scanner.has_updater_facts = c.has_updater_facts;
    scanner.data_date = c.data_date;
    auto const judged = judge_coverage(
        sample::policy(c.policy), scanner, sample::platform(c.ecosystems), sample::now());
    EXPECT_EQ(to_string(judged.state), to_string(c.state)) << c.what;
    EXPECT_EQ(join(judged.reasons, "\n"), join(c.reasons, "\n")) << c.what;
    EXPECT_EQ(judged.platform, "linux/amd64") << c.what;
}

TEST(JudgeCoverage, FollowsWhatClairCouldKnowOfEachEcosystem) {
    for (auto const& c : ecosystem_cases())
        expect_judged(c);
}

TEST(JudgeCoverage, FollowsTheAgeOfDataWhenPolicyAsks) {
    for (auto const& c : age_cases())
        expect_judged(c);
}

TEST(JudgeCoverage, StaleDataHasItsOwnAction) {
    struct Row {
        char const* stated;
        std::vector<finding::EcosystemCoverage> ecosystems;
        Effect effect;
        char const* rule;
    };
    auto const stale = sample::pypi();
    Row const rows[] = {
        {"", {stale}, Effect::block, "scan.uncovered"},
        {"", {stale, sample::debian()}, Effect::warn, "scan.partly_covered"},
        {"on_error = { stale = \"warn\" }\n", {stale}, Effect::warn, "scan.on_error.stale"},
        {"on_error = { stale = \"block\" }\n",
         {stale, sample::debian()},
         Effect::block,
         "scan.on_error.stale"},
        // Beside another shortcoming the stricter one counts.
        {"on_error = { stale = \"allow\" }\n", {stale, arch()}, Effect::block, "scan.uncovered"},
        {"on_error = { stale = \"allow\" }\n", {arch()}, Effect::block, "scan.uncovered"},
        // An action for all faults is about peers that fail.
        {"on_error = \"allow\"\n", {stale}, Effect::block, "scan.uncovered"},
    };
    finding::Scanner scanner;
    scanner.has_updater_facts = true;
    for (auto const& row : rows) {
        auto const judged = judge_coverage(sample::policy(std::string(two_days) + row.stated),
                                           scanner,
                                           sample::platform(row.ecosystems),
                                           sample::now());
        EXPECT_EQ(judged.decision.effect, row.effect) << row.stated;
        EXPECT_EQ(judged.decision.origin.rule, row.rule) << row.stated;
    }
}

TEST(JudgeCoverage, ANearerLevelOnlyTightensWhatStaleDataDoes) {
    auto const global = parse_layer({"global.toml",
                                     "schema = 1\n[scan]\nmax_data_age = \"48h\"\n"
                                     "partly_covered = \"warn\"\n"})
                            .value();
    finding::Scanner scanner;
    scanner.has_updater_facts = true;
    for (auto const* const action : {"allow", "block"}) {
        auto const text =
            std::string("schema = 1\n[scan]\non_error = { stale = \"") + action + "\" }\n";
        auto const policy =
            resolve({global, parse_layer({"application/shop.toml", text}).value()}, {});
        auto const judged = [&](std::vector<finding::EcosystemCoverage> const& ecosystems) {
            auto const platform = sample::platform(ecosystems);
            return judge_coverage(policy, scanner, platform, sample::now()).decision.effect;
        };
        EXPECT_EQ(judged({sample::pypi()}), Effect::block) << action;
        EXPECT_EQ(judged({sample::pypi(), sample::debian()}),
                  action == std::string("block") ? Effect::block : Effect::warn);
    }
}

TEST(JudgeCoverage, PackagesThatNoEcosystemCountsAreNotCovered) {
    auto platform = sample::platform({sample::debian(88)});
    platform.packages = 90;
    finding::Scanner scanner;
    scanner.has_updater_facts = true;
    auto const judged = judge_coverage(built_in(), scanner, platform, sample::now());
    EXPECT_EQ(judged.state, CoverageState::partly);
    EXPECT_EQ(join(judged.reasons, "\n"), "2 packages of no ecosystem");
}

TEST(JudgeCoverage, WordsAreThoseOfTheReport) {
    EXPECT_EQ(to_string(CoverageState::covered), "covered");
    EXPECT_EQ(to_string(CoverageState::partly), "partly");
    EXPECT_EQ(to_string(CoverageState::uncovered), "uncovered");
}

} // namespace
} // namespace clairgate::policy
