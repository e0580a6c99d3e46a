#include "policy/conditions/asked.hpp"

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

using sample::Words;

Truth in(std::string_view environment, Words const& patterns) {
    auto const finding = sample::high();
    return parse_condition("environment", patterns)
        .value()
        .test({finding, "registry.example/app", environment, sample::now()});
}

TEST(EnvironmentCondition, MatchesTheEnvironmentThatIsJudgedFor) {
    EXPECT_EQ(in("prod-eu", {"prod*"}), Truth::yes);
    EXPECT_EQ(in("prod-eu", {"prod"}), Truth::no);
    EXPECT_EQ(in("test", {"prod*", "test"}), Truth::yes);
}

TEST(EnvironmentCondition, ThatNoneWasNamedIsKnown) {
    EXPECT_EQ(in("", {"prod*"}), Truth::no);
}

TEST(EnvironmentCondition, RefusesWhatIsNoPattern) {
    EXPECT_NE(sample::refusal("environment", Words{""}), "");
    EXPECT_NE(sample::refusal("environment", true), "");
}

} // namespace
} // namespace clairgate::policy
