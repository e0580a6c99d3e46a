#include <clairgate/io/retry.hpp>

#include <algorithm>
#include <array>
#include <chrono>

namespace clairgate::io {

namespace {

// Statuses that other registry clients retry too: the peer's passing trouble, not our request.
constexpr std::array passing_statuses = {408, 425, 429, 499, 500, 502, 503, 504, 522};

} // namespace

bool retryable(ErrorKind kind, std::optional<int> http_status) {
    switch (kind) {
    case ErrorKind::unreachable:
    case ErrorKind::timeout:
    case ErrorKind::protocol:
        return !http_status ||
               std::find(passing_statuses.begin(), passing_statuses.end(), *http_status) !=
                   passing_statuses.end();
    case ErrorKind::usage:
    case ErrorKind::config:
    case ErrorKind::policy:
    case ErrorKind::not_found:
    case ErrorKind::denied:
    case ErrorKind::cancelled:
    case ErrorKind::integrity:
    case ErrorKind::tool:
    case ErrorKind::limit:
    case ErrorKind::no_digest:
    case ErrorKind::file:
        return false;
    }
    return false;
}

std::optional<Duration> next_delay(RetryOptions const& options,
                                   int attempt,
                                   Error const& error,
                                   Duration remaining,
                                   double random) {
    if (attempt < 1 || attempt >= options.attempts_max)
        return std::nullopt;
    auto ceiling = std::min(options.first_delay, options.delay_max);
    for (int doubled = 1; doubled < attempt && ceiling < options.delay_max; ++doubled)
        ceiling = std::min(ceiling * 2, options.delay_max);
    auto const share = std::clamp(random, 0.0, 1.0) * static_cast<double>(ceiling.count());
    Duration delay(static_cast<Duration::rep>(share));
    if (auto const wish = error.retry_after()) {
        auto const seconds_max =
            std::chrono::floor<std::chrono::seconds>(options.retry_after_max).count();
        Duration const wished =
            std::chrono::seconds(std::clamp<std::int64_t>(*wish, 0, seconds_max));
        delay = std::max(delay, wished);
    }
    if (delay >= remaining)
        return std::nullopt;
    return delay;
}

void log_retry(
    World& world, std::string_view what, int attempt, Error const& error, Duration delay) {
    world.log.info(
        cat("retrying ", what),
        {{"attempt", cat(attempt)}, {"delay", to_string(delay)}, {"reason", error.text()}});
}

} // namespace clairgate::io
