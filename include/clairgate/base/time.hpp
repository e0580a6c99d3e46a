#pragma once

#include <clairgate/base/result.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

namespace clairgate {

/// A moment of civil time, UTC, to the second.
using SystemTime = std::chrono::sys_seconds;
using Duration = std::chrono::milliseconds;
using SteadyTime = std::chrono::steady_clock::time_point;

/// Where time comes from. `now` may jump (it is what reports and expiry use); `steady` never does
/// (it is what deadlines use).
struct Clock {
    std::function<SystemTime()> now;
    std::function<SteadyTime()> steady;
};

/// A point of steady time after which to give up. Made once and passed down; never restarted.
class Deadline {
  public:
    explicit Deadline(SteadyTime at) : at_(at) {}
    static Deadline after(Clock const& clock, Duration duration);

    SteadyTime at() const { return at_; }
    /// Time left, at least zero.
    Duration remaining(Clock const& clock) const;
    bool passed(Clock const& clock) const { return remaining(clock) == Duration::zero(); }
    /// The earlier one of this and `other`.
    Deadline capped(Deadline other) const { return at_ < other.at_ ? *this : other; }

  private:
    SteadyTime at_;
};

/// "2026-11-24T09:51:39Z" (RFC 3339).
std::string to_rfc3339(SystemTime time);
/// RFC 3339 with any offset and fraction (dropped); years 0001 to 9999; kind protocol otherwise.
Result<SystemTime> parse_rfc3339(std::string_view text);

/// "90s", "30m", "48h", "7d", "1h30m", "500ms"; a bare number is refused since its unit is a guess.
/// Kind usage; at most 3650 days.
Result<Duration> parse_duration(std::string_view text);
/// The shortest spelling that reads well: "850ms", "12.3s", "4m05s", "2h10m", "3d4h".
std::string to_string(Duration duration);

} // namespace clairgate
