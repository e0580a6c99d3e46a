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

} // namespace
} // namespace clairgate::io
