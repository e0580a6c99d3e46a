#include "policy/conditions/asked.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace clairgate::policy {
namespace {

using sample::asked;
using sample::Words;

finding::Finding likely(std::optional<double> epss) {
    auto finding = sample::high();
    finding.epss = epss;
    return finding;
}

TEST(EpssCondition, ComparesTheProbability) {
    EXPECT_EQ(asked("epss", Words{">= 0.1"}, likely(0.1)), Truth::yes);
    EXPECT_EQ(asked("epss", Words{">= 0.1"}, likely(0.0999)), Truth::no);
    EXPECT_EQ(asked("epss", Words{"< 0.001"}, likely(0)), Truth::yes);
}

TEST(EpssCondition, WithoutAProbabilityNobodyKnows) {
    EXPECT_EQ(asked("epss", Words{"< 0.1"}, likely(std::nullopt)), Truth::unknown);
    for (double const none : {-0.5, 1.5, std::numeric_limits<double>::quiet_NaN()})
        EXPECT_EQ(asked("epss", Words{"< 0.1"}, likely(none)), Truth::unknown) << none;
}

TEST(EpssCondition, RefusesWhatIsNoComparisonOfProbabilities) {
    for (auto const* value : {"0.1", ">= 10", "> 1", "< 0", "10%"})
        EXPECT_NE(sample::refusal("epss", Words{value}), "") << value;
    EXPECT_NE(sample::refusal("epss", true), "");
}

} // namespace
} // namespace clairgate::policy
