#include <clairgate/wait/pace.hpp>

#include <algorithm>

namespace clairgate::wait {

namespace {

constexpr std::int64_t retry_after_seconds_max = 60;

} // namespace

Duration Pace::pause(std::optional<std::int64_t> retry_after_seconds) {
    auto const own = next_;
    next_ = std::min(next_ * 3 / 2, first_ * 4);
    auto const wish =
        std::clamp<std::int64_t>(retry_after_seconds.value_or(0), 0, retry_after_seconds_max);
    return std::max<Duration>(own, std::chrono::seconds(wish));
}

} // namespace clairgate::wait
