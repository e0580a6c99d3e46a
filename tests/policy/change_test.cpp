#include "policy/sample_scan.hpp"
#include <clairgate/base/text.hpp>
#include <clairgate/policy/change.hpp>

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

constexpr char const* exception =
    "schema = 1\n[[allow]]\nid = [\"CVE-2024-0001\"]\nreason = \"r\"\nowner = \"o\"\n"
    "expires = 2099-12-31\n";

Policy policy_with(char const* global) {
    return load({{"global.toml", std::string("schema = 1\n") + global}}, {"", "", "shop"}).value();
}

Effect effect_of(Policy const& policy) {
    return sample::judge(policy, sample::scan({sample::finding(finding::Severity::critical)}))
        .effect();
}

TEST(Differences, AreToldByFile) {
    EXPECT_TRUE(differences({{"global.toml", "a"}}, {{"global.toml", "a"}}).empty());
    auto const told = differences({{"global.toml", "a"}, {"application/x.toml", ""}},
                                  {{"global.toml", "b"}, {"application/y.toml", ""}});
    EXPECT_EQ(told,
              (std::vector<std::string>{"this change alters global.toml",
                                        "this change adds application/y.toml",
                                        "this change removes application/x.toml"}));
}

TEST(ChangedExceptions, ArePendingUntilTheBaseAllowsThem) {
    auto policy = policy_with("");
    ASSERT_TRUE(add_changed_exceptions(policy, {{"application/shop.toml", exception}}).has_value());
    ASSERT_EQ(policy.pending.size(), 1U);
    EXPECT_EQ(effect_of(policy), Effect::block);
    EXPECT_EQ(effect_of(with_pending(policy)), Effect::allow);
    EXPECT_NE(policy.notes.front().text.find("new in this change"), std::string::npos);
}

TEST(ChangedExceptions, CountForTheChangeAloneWhereTheBaseSaysSo) {
    auto policy = policy_with("[exceptions]\nfrom_change = true\n");
    policy.is_trusted = true;
    ASSERT_TRUE(add_changed_exceptions(policy, {{"application/shop.toml", exception}}).has_value());
    EXPECT_TRUE(policy.pending.empty());
    EXPECT_FALSE(policy.is_trusted);
    EXPECT_EQ(effect_of(policy), Effect::allow);
}

TEST(ChangedExceptions, OfOtherFilesAndKnownOnesAreNone) {
    auto policy = load({{"global.toml", "schema = 1\n"}, {"application/shop.toml", exception}},
                       {"", "", "shop"})
                      .value();
    ASSERT_TRUE(add_changed_exceptions(
                    policy, {{"application/shop.toml", exception}, {"global.toml", exception}})
                    .has_value());
    EXPECT_TRUE(policy.pending.empty());
}

TEST(ChangedExceptions, OfAMalformedFileStopARunOnlyWhereTheyWouldCount) {
    auto pending = policy_with("");
    EXPECT_TRUE(add_changed_exceptions(pending, {{"application/shop.toml", "x"}}).has_value());
    auto counting = policy_with("[exceptions]\nfrom_change = true\n");
    EXPECT_FALSE(add_changed_exceptions(counting, {{"application/shop.toml", "x"}}).has_value());
}

} // namespace
} // namespace clairgate::policy
