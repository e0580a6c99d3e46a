#include "policy/conditions/asked.hpp"

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

using finding::Severity;
using sample::asked;

TEST(FixedCondition, AsksForAFixedVersion) {
    EXPECT_EQ(asked("fixed", true, sample::finding(Severity::low, "2")), Truth::yes);
    EXPECT_EQ(asked("fixed", true, sample::finding(Severity::low)), Truth::no);
    EXPECT_EQ(asked("fixed", false, sample::finding(Severity::low, "2")), Truth::no);
    EXPECT_EQ(asked("fixed", false, sample::finding(Severity::low)), Truth::yes);
}

TEST(FixedCondition, IsTrueOrFalse) {
    EXPECT_NE(sample::refusal("fixed", sample::Words{"yes"}), "");
    EXPECT_EQ(sample::text_of("fixed", true), "has a fix");
    EXPECT_EQ(sample::text_of("fixed", false), "has no fix");
}

} // namespace
} // namespace clairgate::policy
