#include "policy/conditions/asked.hpp"

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

using sample::asked;
using sample::Words;

TEST(DistributionCondition, MatchesNameAndVersion) {
    auto const finding = sample::high(); // debian 12 (bookworm)
    EXPECT_EQ(asked("distribution", Words{"debian 12 *"}, finding), Truth::yes);
    EXPECT_EQ(asked("distribution", Words{"debian 1 *"}, finding), Truth::no);
    EXPECT_EQ(asked("distribution", Words{"alpine*", "debian*"}, finding), Truth::yes);
}

TEST(DistributionCondition, PackagesOfALanguageAreKnownToHaveNone) {
    auto finding = sample::high();
    finding.distribution.clear();
    EXPECT_EQ(asked("distribution", Words{"debian*"}, finding), Truth::no);
}

TEST(DistributionCondition, RefusesWhatIsNoPattern) {
    EXPECT_NE(sample::refusal("distribution", Words{"debian 12 "}), "");
    EXPECT_NE(sample::refusal("distribution", false), "");
}

} // namespace
} // namespace clairgate::policy
