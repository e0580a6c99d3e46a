#pragma once

#include <clairgate/base/text.hpp>
#include <clairgate/io/task.hpp>
#include <clairgate/io/world.hpp>

#include <functional>
#include <optional>
#include <string>

namespace clairgate::io {

/// Exponential back-off with full jitter ("Exponential Backoff And Jitter", AWS architecture blog).
struct RetryOptions {
    int attempts_max = 6; ///< the first try included
    Duration first_delay = std::chrono::milliseconds(200);
    Duration delay_max = std::chrono::seconds(10);
    Duration retry_after_max = std::chrono::seconds(60); ///< a peer's wish is clamped to this
};

/// Whether trying the same idempotent request again may help: unreachable, timeout of one attempt,
/// protocol errors of a broken answer; never denied, integrity, limit, usage…
bool retryable(ErrorKind kind, std::optional<int> http_status);

/// How long to wait before attempt `attempt` + 1 (attempts count from 1), or nothing to give up.
/// `random` is uniform in [0, 1).
std::optional<Duration> next_delay(RetryOptions const& options,
                                   int attempt,
                                   Error const& error,
                                   Duration remaining,
                                   double random);

/// Runs `attempt` until it succeeds, fails for good, or the deadline would pass; logs each retry
/// with `what`. The last error is returned, with the number of attempts as context; where the
/// deadline cut the last attempt short, the one before it, which says more.
template <class T>
Task<Result<T>> with_retry(World& world,
                           std::string what,
                           Deadline deadline,
                           std::function<Task<Result<T>>()> attempt,
                           RetryOptions options = {});

/// Logs a retry (part of `with_retry`).
void log_retry(
    World& world, std::string_view what, int attempt, Error const& error, Duration delay);

template <class T>
Task<Result<T>> with_retry(World& world,
                           std::string what,
                           Deadline deadline,
                           std::function<Task<Result<T>>()> attempt,
                           RetryOptions options) {
    std::optional<Error> before;
    for (int number = 1;; ++number) {
        auto result = co_await attempt();
        if (result.has_value())
            co_return std::move(result);
        bool const is_cut = result.error().kind() == ErrorKind::timeout &&
                            deadline.passed(world.clock) && before.has_value();
        auto const error = is_cut ? *before : result.error();
        before = error;
        auto const delay =
            next_delay(options, number, error, deadline.remaining(world.clock), world.random());
        if (!retryable(error.kind(), error.http_status()) || !delay) {
            if (number == 1)
                co_return error;
            co_return Error(error).with_context(cat("gave up after ", number, " attempts"));
        }
        log_retry(world, what, number, error, *delay);
        CO_TRY_VOID(co_await sleep_for(*delay));
    }
}

} // namespace clairgate::io
