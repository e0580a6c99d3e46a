#include <clairgate/policy/action.hpp>

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

TEST(Action, WordsComeBack) {
    for (auto const action : {Action::allow, Action::warn, Action::block_if_fixed, Action::block})
        EXPECT_EQ(parse_action(to_string(action)), action);
    EXPECT_EQ(to_string(Action::block_if_fixed), "block-if-fixed");
}

TEST(Action, OtherSpellingsAreNoAction) {
    for (auto const* word : {"", "Block", "BLOCK", "block ", "block_if_fixed", "deny", "inherit"})
        EXPECT_EQ(parse_action(word), std::nullopt) << word;
}

TEST(Action, StricterIsGreater) {
    EXPECT_LT(Action::allow, Action::warn);
    EXPECT_LT(Action::warn, Action::block_if_fixed);
    EXPECT_LT(Action::block_if_fixed, Action::block);
    EXPECT_LT(Effect::allow, Effect::warn);
    EXPECT_LT(Effect::warn, Effect::block);
}

TEST(Action, AStricterActionNeverHasALooserEffect) {
    for (bool const has_fix : {false, true}) {
        auto before = Effect::allow;
        for (auto const action :
             {Action::allow, Action::warn, Action::block_if_fixed, Action::block}) {
            EXPECT_GE(effect_of(action, has_fix), before) << to_string(action);
            before = effect_of(action, has_fix);
        }
    }
}

TEST(Action, BlockIfFixedWarnsWhileNoFixIsKnown) {
    EXPECT_EQ(effect_of(Action::block_if_fixed, false), Effect::warn);
    EXPECT_EQ(effect_of(Action::block_if_fixed, true), Effect::block);
}

TEST(Action, WhatIsNoActionAllowsNothing) {
    EXPECT_EQ(effect_of(static_cast<Action>(77), false), Effect::block);
}

TEST(Effect, HasWords) {
    EXPECT_EQ(to_string(Effect::allow), "allow");
    EXPECT_EQ(to_string(Effect::warn), "warn");
    EXPECT_EQ(to_string(Effect::block), "block");
}

} // namespace
} // namespace clairgate::policy
