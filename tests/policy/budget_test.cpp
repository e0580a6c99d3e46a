#include "policy/sample_scan.hpp"

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

using finding::Severity;

finding::ScanReport mediums(std::size_t count) {
    auto scan = sample::scan();
    for (std::size_t i = 0; i < count; ++i) {
        scan.findings.push_back(sample::finding(Severity::medium));
        scan.findings.back().id = "CVE-2024-100" + std::to_string(i);
    }
    return scan;
}

TEST(Budget, BlocksAboveItsNumberWhateverTheSingleActions) {
    for (auto const* action : {"allow", "warn", "block-if-fixed"}) {
        auto const policy = sample::policy("[severity]\nmedium = \"" + std::string(action) +
                                           "\"\n[budget]\nmedium = 3\n");
        EXPECT_LT(sample::judge(policy, mediums(3)).effect(), Effect::block) << action;
        EXPECT_EQ(sample::judge(policy, mediums(4)).effect(), Effect::block) << action;
    }
}

TEST(Budget, OfNothingBlocksTheFirst) {
    auto const policy = sample::policy("[severity]\nmedium = \"allow\"\n[budget]\nmedium = 0\n");
    EXPECT_EQ(sample::judge(policy, mediums(0)).effect(), Effect::allow);
    EXPECT_EQ(sample::judge(policy, mediums(1)).effect(), Effect::block);
}

TEST(Budget, CountsItsOwnSeverityAlone) {
    auto const policy = sample::policy("[severity]\nhigh = \"warn\"\n[budget]\nhigh = 0\n");
    EXPECT_EQ(sample::judge(policy, mediums(9)).effect(), Effect::warn);
}

TEST(Budget, DoesNotCountWhatAnExceptionLifts) {
    auto const policy = sample::policy("[budget]\nmedium = 1\n[[allow]]\n"
                                       "id = [\"CVE-2024-1000\", \"CVE-2024-1001\"]\n"
                                       "reason = \"r\"\nowner = \"o\"\nexpires = 2026-12-31\n");
    EXPECT_EQ(sample::judge(policy, mediums(3)).effect(), Effect::warn);
    EXPECT_EQ(sample::judge(policy, mediums(4)).effect(), Effect::block);
}

TEST(Budget, CountsWhatALockHoldsAgainstAnException) {
    auto const policy =
        load({{"global.toml",
               "schema = 1\n[severity]\nmedium = \"warn\"\n[budget]\nmedium = 0\n"
               "[[lock]]\nkey = \"severity.medium\"\n"},
              {"application/shop.toml",
               "schema = 1\n[[allow]]\nid = \"CVE-2024-1000\"\nreason = \"r\"\nowner = \"o\"\n"
               "expires = 2026-12-31\n"}},
             {"", "", "shop"})
            .value();
    auto const verdict = sample::judge(policy, mediums(1));
    EXPECT_FALSE(verdict.decisions()[0].is_waived);
    EXPECT_EQ(verdict.effect(), Effect::block);
}

TEST(Budget, SaysHowMuchItIsAndWhere) {
    auto const policy = sample::policy("[budget]\nmedium = 1\nlow = 5\n");
    auto const verdict = sample::judge(policy, mediums(2));
    ASSERT_EQ(verdict.budget().size(), 2U);
    for (auto const& one : verdict.budget()) {
        bool const is_medium = one.severity == Severity::medium;
        EXPECT_EQ(one.unwaived, is_medium ? 2U : 0U);
        EXPECT_EQ(one.allowed, is_medium ? 1U : 5U);
        EXPECT_EQ(one.decision.effect, is_medium ? Effect::block : Effect::allow);
        EXPECT_EQ(one.decision.sentence,
                  is_medium ? "2 unwaived medium findings, budget.medium is 1"
                            : "0 unwaived low findings, budget.low is 5");
        EXPECT_EQ(one.decision.origin.line, is_medium ? 3U : 4U);
    }
}

} // namespace
} // namespace clairgate::policy
