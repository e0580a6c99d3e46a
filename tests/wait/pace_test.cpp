#include <clairgate/wait/pace.hpp>

#include <gtest/gtest.h>

namespace clairgate::wait {
namespace {

using namespace std::chrono_literals;

TEST(Pace, GrowsToFourTimesTheFirstPause) {
    Pace pace(400ms);
    EXPECT_EQ(pace.pause({}), 400ms);
    EXPECT_EQ(pace.pause({}), 600ms);
    for (int i = 0; i < 10; ++i)
        (void)pace.pause({});
    EXPECT_EQ(pace.pause({}), 1600ms);
    pace.restart();
    EXPECT_EQ(pace.pause({}), 400ms);
}

TEST(Pace, GrantsTheRegistryAPauseButNotAnyPause) {
    Pace pace(400ms);
    EXPECT_EQ(pace.pause(7), 7s);
    EXPECT_EQ(pace.pause(1'000'000), 60s);
    EXPECT_GE(pace.pause(-5), 400ms);
}

} // namespace
} // namespace clairgate::wait
