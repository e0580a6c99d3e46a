#include "policy/conditions/asked.hpp"

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

using finding::Severity;
using sample::asked;
using sample::Words;
using std::chrono::hours;
using std::chrono::seconds;

finding::Finding fixed_since(std::optional<SystemTime> since) {
    auto finding = sample::high();
    finding.fix_first_seen = since;
    return finding;
}

TEST(FixedForCondition, CountsFromTheFirstSightOfTheFix) {
    auto const day = hours(24);
    EXPECT_EQ(asked("fixed-for", Words{">= 14d"}, fixed_since(sample::now() - 14 * day)),
              Truth::yes);
    EXPECT_EQ(
        asked("fixed-for", Words{">= 14d"}, fixed_since(sample::now() - 14 * day + seconds(1))),
        Truth::no);
    EXPECT_EQ(asked("fixed_for", Words{"< 14d"}, fixed_since(sample::now())), Truth::yes);
}

TEST(FixedForCondition, WithoutEvidenceOrWithOneOfTheFutureNobodyKnows) {
    for (auto const* value : {">= 14d", "< 14d"}) {
        EXPECT_EQ(asked("fixed-for", Words{value}, fixed_since(std::nullopt)), Truth::unknown);
        EXPECT_EQ(asked("fixed-for", Words{value}, fixed_since(sample::now() + seconds(1))),
                  Truth::unknown);
    }
}

TEST(FixedForCondition, WithoutAFixItNeverHolds) {
    auto finding = sample::finding(Severity::high);
    EXPECT_EQ(asked("fixed-for", Words{"< 14d"}, finding), Truth::no);
    finding.fix_first_seen = sample::now() - hours(1);
    EXPECT_EQ(asked("fixed-for", Words{"< 14d"}, finding), Truth::no);
}

TEST(FixedForCondition, RefusesWhatIsNoTime) {
    for (auto const* value : {"14d", "14", ">= 14", ">= two weeks", "< 0d", ">= 99999d"})
        EXPECT_NE(sample::refusal("fixed-for", Words{value}), "") << value;
    EXPECT_NE(sample::refusal("fixed-for", Words{">= 1d", "< 2d"}), "");
}

} // namespace
} // namespace clairgate::policy
