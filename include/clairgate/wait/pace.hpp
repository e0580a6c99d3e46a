#pragma once

#include <clairgate/base/time.hpp>

#include <cstdint>
#include <optional>

namespace clairgate::wait {

/// How often a registry is asked for what is not there yet: slower and slower, up to four times the
/// first interval, and never sooner than the registry wished (`Retry-After`).
class Pace {
  public:
    explicit Pace(Duration first) : first_(first), next_(first) {}

    /// The pause before the next question.
    Duration pause(std::optional<std::int64_t> retry_after_seconds);
    /// Something happened: the next pause is the first one again.
    void restart() { next_ = first_; }

  private:
    Duration first_;
    Duration next_;
};

} // namespace clairgate::wait
