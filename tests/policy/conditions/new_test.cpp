#include "policy/conditions/asked.hpp"

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

using sample::asked;

TEST(NewCondition, AsksTheBaseline) {
    auto finding = sample::high();
    EXPECT_EQ(asked("new", true, finding), Truth::yes) << "without a baseline everything is new";
    finding.is_new = false;
    EXPECT_EQ(asked("new", true, finding), Truth::no);
    EXPECT_EQ(asked("new", false, finding), Truth::yes);
}

TEST(NewCondition, IsTrueOrFalse) {
    EXPECT_NE(sample::refusal("new", sample::Words{"true"}), "");
    EXPECT_EQ(sample::text_of("new", false), "in the baseline");
}

} // namespace
} // namespace clairgate::policy
