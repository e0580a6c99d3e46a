#include <clairgate/io/side_by_side.hpp>

#include <gtest/gtest.h>

#include <support/test_world.hpp>

namespace clairgate::io {
namespace {

using test::TestWorld;

TEST(SideBySide, RunsAllToTheirEndAndGivesTheFirstErrorByOrder) {
    TestWorld world;
    std::size_t ended = 0;
    auto const make = [&](std::size_t i) -> Task<Result<void>> {
        CO_TRY_VOID(co_await sleep_for(std::chrono::milliseconds(10 - 2 * i)));
        ++ended;
        if (i == 1 || i == 3)
            co_return Error(ErrorKind::denied, std::to_string(i));
        co_return ok();
    };
    auto const result = world.run(side_by_side(5, 5, make));
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().message(), "1") << "though 3 failed before it";
    EXPECT_EQ(ended, 5U);
    EXPECT_TRUE(world.run(side_by_side(1, 5, make)).has_value());
    EXPECT_TRUE(world.run(side_by_side(0, 5, make)).has_value());
}

} // namespace
} // namespace clairgate::io
