#include <clairgate/io/retry.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <support/test_world.hpp>

namespace clairgate::io {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::TestWorld;

TEST(Retryable, HoldsForPassingTroubleOnly) {
    struct Row {
        char const* sentence;
        ErrorKind kind;
        std::optional<int> status;
        bool expected;
    };
    Row const rows[] = {
        {"no connection", ErrorKind::unreachable, {}, true},
        {"one attempt took too long", ErrorKind::timeout, {}, true},
        {"a broken answer", ErrorKind::protocol, {}, true},
        {"too many requests", ErrorKind::unreachable, 429, true},
        {"service unavailable", ErrorKind::unreachable, 503, true},
        {"request timeout", ErrorKind::unreachable, 408, true},
        {"not implemented will stay so", ErrorKind::unreachable, 501, false},
        {"a teapot", ErrorKind::protocol, 418, false},
        {"a redirect nobody followed", ErrorKind::protocol, 302, false},
        {"wrong credentials", ErrorKind::denied, 401, false},
        {"not there", ErrorKind::not_found, 404, false},
        {"digests contradict each other", ErrorKind::integrity, {}, false},
        {"integrity is never softened by a status", ErrorKind::integrity, 503, false},
        {"too large", ErrorKind::limit, {}, false},
        {"cancelled", ErrorKind::cancelled, {}, false},
        {"a wrong flag", ErrorKind::usage, {}, false},
        {"a wrong file", ErrorKind::file, {}, false},
    };
    for (auto const& row : rows)
        EXPECT_EQ(retryable(row.kind, row.status), row.expected) << row.sentence;
}

TEST(NextDelay, FollowsTheTable) {
    struct Row {
        char const* sentence;
        int attempt;
        std::optional<std::int64_t> retry_after;
        Duration remaining;
        double random;
        std::optional<Duration> expected;
    };
    Duration const long_time = std::chrono::minutes(10);
    Row const rows[] = {
        {"the first delay at most", 1, {}, long_time, 1.0, milliseconds(200)},
        {"full jitter reaches down to nothing", 1, {}, long_time, 0.0, milliseconds(0)},
        {"doubled", 2, {}, long_time, 1.0, milliseconds(400)},
        {"doubled again, half of it", 3, {}, long_time, 0.5, milliseconds(400)},
        {"the last retry", 5, {}, long_time, 1.0, milliseconds(3200)},
        {"six attempts are enough", 6, {}, long_time, 1.0, {}},
        {"attempts count from 1", 0, {}, long_time, 1.0, {}},
        {"the peer's wish", 1, 7, long_time, 1.0, seconds(7)},
        {"a wish for nothing leaves the back-off", 1, 0, long_time, 1.0, milliseconds(200)},
        {"a wish is clamped", 1, 315360000, long_time, 1.0, seconds(60)},
        {"a negative wish is none", 1, -5, long_time, 0.0, milliseconds(0)},
        {"the deadline would pass", 1, 7, seconds(7), 1.0, {}},
        {"no time is left", 1, {}, milliseconds(0), 0.0, {}},
        {"a random number out of range", 1, {}, long_time, 7.0, milliseconds(200)},
    };
    for (auto const& row : rows) {
        Error error(ErrorKind::unreachable, "x");
        if (row.retry_after)
            error = std::move(error).with_retry_after(*row.retry_after);
        EXPECT_EQ(next_delay(RetryOptions(), row.attempt, error, row.remaining, row.random),
                  row.expected)
            << row.sentence;
    }
    RetryOptions many;
    many.attempts_max = 1000;
    EXPECT_EQ(next_delay(many, 999, Error(ErrorKind::timeout, "x"), long_time, 1.0), seconds(10));
}

RetryOptions quick() {
    RetryOptions options;
    options.first_delay = milliseconds(1);
    return options;
}

// Fails `failures` times, then gives the number of the attempt.
Task<Result<int>> attempt(int& attempts, int failures, ErrorKind kind) {
    if (++attempts <= failures)
        co_return Error(kind, "no luck");
    co_return attempts;
}

Result<int> retried(TestWorld& world, int& attempts, int failures, ErrorKind kind) {
    std::function<Task<Result<int>>()> const once = [&, failures, kind] {
        return attempt(attempts, failures, kind);
    };
    auto const deadline = Deadline::after(world.clock, seconds(10));
    return world.run(with_retry<int>(world.world, "the thing", deadline, once, quick()));
}

TEST(WithRetry, TriesAgainAndLogsIt) {
    TestWorld world;
    int attempts = 0;
    EXPECT_EQ(retried(world, attempts, 2, ErrorKind::unreachable).value(), 3);
    ASSERT_EQ(world.events.size(), 2U);
    EXPECT_EQ(world.events[0].message, "retrying the thing");
    EXPECT_EQ(world.events[0].facts[0].second, "1");
    EXPECT_EQ(world.events[0].facts[2].second, "no luck");
}

TEST(WithRetry, GivesUpWithTheLastErrorAndTheNumberOfAttempts) {
    TestWorld world;
    int attempts = 0;
    auto const error = retried(world, attempts, 100, ErrorKind::timeout).error();
    EXPECT_EQ(attempts, 6);
    EXPECT_EQ(error.kind(), ErrorKind::timeout);
    EXPECT_EQ(error.text(), "gave up after 6 attempts: no luck");
}

TEST(WithRetry, TellsWhatThePeerSaidWhenTheDeadlineCutTheLastAttempt) {
    TestWorld world;
    int attempts = 0;
    auto const deadline = Deadline::after(world.clock, std::chrono::milliseconds(100));
    auto once = [&](bool is_first) -> Task<Result<int>> {
        if (is_first)
            co_return Error(ErrorKind::unreachable, "busy").with_http_status(429);
        CO_TRY_VOID(co_await sleep_for(deadline.remaining(world.clock)));
        co_return Error(ErrorKind::timeout, "no answer");
    };
    std::function<Task<Result<int>>()> const each = [&] { return once(++attempts == 1); };
    auto const error =
        world.run(with_retry<int>(world.world, "it", deadline, each, quick())).error();
    EXPECT_EQ(attempts, 2);
    EXPECT_EQ(error.http_status(), 429);
}

TEST(WithRetry, DoesNotRepeatWhatCannotHelp) {
    TestWorld world;
    int attempts = 0;
    EXPECT_EQ(retried(world, attempts, 100, ErrorKind::integrity).error().text(), "no luck");
    EXPECT_EQ(attempts, 1);
    EXPECT_TRUE(world.events.empty());
}

// A function object that owns memory, converted inside the co_await (sanitizers watch).
TEST(WithRetry, TakesAFunctionThatOwnsItsCaptures) {
    TestWorld world;
    auto whole = [](World& its) -> Task<Result<std::string>> {
        auto once = [text = std::string(100, 'x'),
                     count = std::make_shared<int>(0)]() mutable -> Task<Result<std::string>> {
            if (++*count < 3)
                co_return Error(ErrorKind::unreachable, "no luck");
            co_return text;
        };
        auto const deadline = Deadline::after(its.clock, seconds(10));
        auto const options = quick();
        CO_TRY(auto text, co_await with_retry<std::string>(its, "it", deadline, once, options));
        co_return text;
    };
    EXPECT_EQ(world.run(whole(world.world)).value(), std::string(100, 'x'));
}

} // namespace
} // namespace clairgate::io
