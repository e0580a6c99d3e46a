#include <clairgate/io/task.hpp>

#include <gtest/gtest.h>

#include <support/test_world.hpp>

namespace clairgate::io {
namespace {

TEST(SleepFor, TakesAsLongAsItSays) {
    test::TestWorld world;
    auto const start = world.clock.steady();
    EXPECT_TRUE(world.run(sleep_for(std::chrono::milliseconds(10))).has_value());
    EXPECT_GE(world.clock.steady() - start, std::chrono::milliseconds(10));
    EXPECT_TRUE(world.is_idle_after_polling());
}

TEST(SleepFor, TakesTheLongestDurationForLong) {
    test::TestWorld world;
    auto const soon = Deadline::after(world.clock, std::chrono::milliseconds(5));
    EXPECT_EQ(world.run(before(world.clock, soon, "it", sleep_for(Duration::max()))).error().kind(),
              ErrorKind::timeout);
}

} // namespace
} // namespace clairgate::io
