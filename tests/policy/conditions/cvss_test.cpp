#include "policy/conditions/asked.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace clairgate::policy {
namespace {

using sample::asked;
using sample::Words;

finding::Finding scored(std::vector<double> const& scores) {
    auto finding = sample::high();
    for (auto const score : scores)
        finding.cvss.push_back({"3.1", "", score});
    return finding;
}

TEST(CvssCondition, ComparesTheHighestScore) {
    EXPECT_EQ(asked("cvss", Words{">= 9.0"}, scored({9.8, 4.0})), Truth::yes);
    EXPECT_EQ(asked("cvss", Words{">= 9.0"}, scored({9.0})), Truth::yes);
    EXPECT_EQ(asked("cvss", Words{"> 9.0"}, scored({9.0})), Truth::no);
    EXPECT_EQ(asked("cvss", Words{"< 4.0"}, scored({3.9})), Truth::yes);
    EXPECT_EQ(asked("cvss", Words{"<= 4.0"}, scored({10})), Truth::no);
}

TEST(CvssCondition, WithoutAScoreNobodyKnows) {
    constexpr auto nan = std::numeric_limits<double>::quiet_NaN();
    EXPECT_EQ(asked("cvss", Words{">= 9.0"}, scored({})), Truth::unknown);
    for (double const no_score : {-0.1, 10.1, nan, std::numeric_limits<double>::infinity()})
        EXPECT_EQ(asked("cvss", Words{"< 9.0"}, scored({no_score})), Truth::unknown) << no_score;
}

TEST(CvssCondition, RefusesWhatIsNoComparisonOfScores) {
    for (auto const* value : {"9.0", "critical", ">= 11", ">= -1", ">= 1e1", "< 0", "> 10", ">="})
        EXPECT_NE(sample::refusal("cvss", Words{value}), "") << value;
    EXPECT_EQ(sample::refusal("cvss", Words{">= 1", "<= 2"}),
              "cvss takes one comparison, such as \">= 9.0\"");
    EXPECT_TRUE(sample::refusal("cvss", Words{"9.0"}).starts_with("cvss: "));
    EXPECT_EQ(sample::text_of("cvss", Words{">=9"}), "cvss >= 9");
}

} // namespace
} // namespace clairgate::policy
