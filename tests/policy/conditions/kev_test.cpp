#include "policy/conditions/asked.hpp"

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

using sample::asked;

TEST(KevCondition, AsksTheCatalogueBothWays) {
    auto finding = sample::high();
    EXPECT_EQ(asked("kev", true, finding), Truth::unknown); // no catalogue was given
    EXPECT_EQ(asked("kev", false, finding), Truth::unknown);
    finding.is_known_exploited = true;
    EXPECT_EQ(asked("kev", true, finding), Truth::yes);
    EXPECT_EQ(asked("kev", false, finding), Truth::no);
    finding.is_known_exploited = false;
    EXPECT_EQ(asked("kev", true, finding), Truth::no);
    EXPECT_EQ(asked("kev", false, finding), Truth::yes);
}

TEST(KevCondition, IsTrueOrFalse) {
    EXPECT_EQ(sample::refusal("kev", sample::Words{"true"}),
              "kev is true or false, without quotes");
    EXPECT_EQ(sample::text_of("kev", true), "known exploited");
    EXPECT_EQ(sample::text_of("kev", false), "not known exploited");
}

} // namespace
} // namespace clairgate::policy
