#include <clairgate/io/race.hpp>

#include <gtest/gtest.h>

#include <stdexcept>
#include <support/test_world.hpp>

namespace clairgate::io {
namespace {

using std::chrono::milliseconds;
using test::TestWorld;

Task<Result<int>> after(Duration duration, int value) {
    CO_TRY_VOID(co_await sleep_for(duration));
    co_return value;
}

Task<Result<int>> throwing() {
    CO_TRY_VOID(co_await sleep_for(milliseconds(1)));
    throw std::runtime_error("a bug");
}

TEST(Before, ReturnsTheOutcomeOfATaskThatIsInTime) {
    TestWorld world;
    auto const deadline = Deadline::after(world.clock, std::chrono::seconds(5));
    EXPECT_EQ(world.run(before(world.clock, deadline, "it", after(milliseconds(1), 7))).value(), 7);
    EXPECT_TRUE(world.is_idle_after_polling());
}

TEST(Before, CancelsATaskThatIsLate) {
    TestWorld world;
    auto const deadline = Deadline::after(world.clock, milliseconds(10));
    auto const late =
        world.run(before(world.clock, deadline, "the nap", after(std::chrono::hours(1), 7)));
    EXPECT_EQ(late.error().kind(), ErrorKind::timeout);
    EXPECT_EQ(late.error().text(), "no end of the nap before its deadline");
    EXPECT_TRUE(world.is_idle_after_polling());
}

TEST(Before, ReportsAnExceptionAtOnceInsteadOfWaitingOutTheTimer) {
    TestWorld world;
    auto const start = world.clock.steady();
    auto const deadline = Deadline::after(world.clock, std::chrono::seconds(30));
    auto const outcome = world.run(before(world.clock, deadline, "it", throwing()));
    EXPECT_EQ(outcome.error().text(), "internal error: a bug");
    EXPECT_LT(world.clock.steady() - start, std::chrono::seconds(5));
}

TEST(Before, TellsCancellationFromOutsideFromItsOwnDeadline) {
    TestWorld world;
    auto const outer = Deadline::after(world.clock, milliseconds(10));
    auto const inner = Deadline::after(world.clock, std::chrono::hours(1));
    auto const outcome =
        world.run(before(world.clock,
                         outer,
                         "the outer",
                         before(world.clock, inner, "the inner", after(std::chrono::hours(1), 7))));
    EXPECT_EQ(outcome.error().text(), "no end of the outer before its deadline");
    EXPECT_TRUE(world.is_idle_after_polling());
}

TEST(Before, AwaitsAfterCancellationEndTheTask) {
    TestWorld world;
    bool went_on = false;
    auto stubborn = [&]() -> Task<Result<int>> {
        static_cast<void>(co_await sleep_for(std::chrono::hours(1)));
        static_cast<void>(co_await sleep_for(std::chrono::hours(1))); // throws at once
        went_on = true;
        co_return 1;
    };
    auto const deadline = Deadline::after(world.clock, milliseconds(10));
    EXPECT_EQ(world.run(before(world.clock, deadline, "it", stubborn())).error().kind(),
              ErrorKind::timeout);
    EXPECT_FALSE(went_on);
}

// `for_each_concurrent` as a task that `run` and `before` take.
Task<Result<std::vector<Result<int>>>>
all(std::size_t count, std::size_t limit, std::function<Task<Result<int>>(std::size_t)> make) {
    auto results = co_await for_each_concurrent<int>(count, limit, std::move(make));
    co_return results;
}

TEST(ForEachConcurrent, KeepsTheOrderAndTheLimit) {
    TestWorld world;
    int running = 0;
    int most = 0;
    auto make = [&](std::size_t i) -> Task<Result<int>> {
        most = std::max(most, ++running);
        CO_TRY_VOID(co_await sleep_for(milliseconds(20 - 2 * i)));
        --running;
        co_return static_cast<int>(i) * 10;
    };
    auto const results = world.run(all(10, 3, make)).value();
    ASSERT_EQ(results.size(), 10U);
    for (int i = 0; i < 10; ++i)
        EXPECT_EQ(results[static_cast<std::size_t>(i)].value(), i * 10);
    EXPECT_EQ(most, 3);
    EXPECT_TRUE(world.run(all(0, 3, make)).value().empty());
}

TEST(ForEachConcurrent, WaitsForTheOthersWhenOneFailsOrThrows) {
    TestWorld world;
    int ended = 0;
    auto make = [&](std::size_t i) -> Task<Result<int>> {
        if (i == 0)
            co_return Error(ErrorKind::denied, "no");
        if (i == 1)
            throw std::runtime_error("a bug");
        CO_TRY_VOID(co_await sleep_for(milliseconds(5)));
        ++ended;
        co_return 1;
    };
    auto const results = world.run(all(6, 2, make)).value();
    EXPECT_EQ(results[0].error().kind(), ErrorKind::denied);
    EXPECT_EQ(results[1].error().text(), "internal error: a bug");
    EXPECT_EQ(ended, 4);
}

TEST(ForEachConcurrent, IsCancelledAsAWhole) {
    TestWorld world;
    int started = 0;
    auto make = [&](std::size_t) -> Task<Result<int>> {
        ++started;
        co_return co_await after(std::chrono::hours(1), 1);
    };
    auto const deadline = Deadline::after(world.clock, milliseconds(10));
    auto const outcome = world.run(before(world.clock, deadline, "all", all(9, 2, make)));
    EXPECT_EQ(outcome.error().kind(), ErrorKind::timeout);
    EXPECT_EQ(started, 2);
    EXPECT_TRUE(world.is_idle_after_polling());
}

} // namespace
} // namespace clairgate::io
