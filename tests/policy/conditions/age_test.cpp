#include "policy/conditions/asked.hpp"

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

using sample::asked;
using sample::Words;
using std::chrono::hours;
using std::chrono::seconds;

finding::Finding since(std::optional<SystemTime> published, std::optional<SystemTime> first_seen) {
    auto finding = sample::high();
    finding.published = published;
    finding.first_seen = first_seen;
    return finding;
}

TEST(AgeCondition, CountsFromPublicationUnlessToldOtherwise) {
    auto const finding = since(sample::now() - hours(24 * 30), sample::now() - hours(24));
    EXPECT_EQ(asked("age", Words{">= 30d"}, finding), Truth::yes);
    EXPECT_EQ(asked("age", Words{"published >= 30d"}, finding), Truth::yes);
    EXPECT_EQ(asked("age", Words{"> 30d"}, finding), Truth::no);
    EXPECT_EQ(asked("age", Words{"first-seen >= 30d"}, finding), Truth::no);
    EXPECT_EQ(asked("age", Words{"first-seen < 25h"}, finding), Truth::yes);
}

TEST(AgeCondition, WithoutADateOrWithOneOfTheFutureNobodyKnows) {
    for (auto const* value : {">= 30d", "< 30d", "first-seen >= 30d", "first-seen < 30d"}) {
        EXPECT_EQ(asked("age", Words{value}, since({}, {})), Truth::unknown) << value;
        auto const later = sample::now() + seconds(1);
        EXPECT_EQ(asked("age", Words{value}, since(later, later)), Truth::unknown) << value;
    }
    EXPECT_EQ(asked("age", Words{"first-seen < 30d"}, since(sample::now(), {})), Truth::unknown);
    EXPECT_EQ(asked("age", Words{"< 1s"}, since(sample::now(), {})), Truth::yes);
}

TEST(AgeCondition, RefusesWhatIsNoTime) {
    for (auto const* value : {"30d",
                              "seen >= 30d",
                              "first-seen",
                              "first-seen published >= 30d",
                              "published published >= 30d",
                              ">= 30",
                              ">= 3651d"})
        EXPECT_NE(sample::refusal("age", Words{value}), "") << value;
    EXPECT_EQ(sample::refusal("age", Words{">= 1d", "< 2d"}),
              "age takes one time, such as \">= 30d\"");
    EXPECT_EQ(sample::text_of("age", Words{"first-seen >= 7d"}), "first seen >= 7d ago");
}

} // namespace
} // namespace clairgate::policy
