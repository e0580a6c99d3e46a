#pragma once

#include <clairgate/base/time.hpp>

#include <optional>
#include <string_view>

namespace clairgate::policy {

/// When a distribution's vendor ends, or ended, the last security support that everyone gets (no
/// paid extension): the first moment without, which is 00:00 UTC behind the last day.
/// `distribution` as findings name it: "debian 12 (bookworm)", "ubuntu 22.04 (Jammy)",
/// "alpine 3.19", "rhel 8". Nothing: not known (another distribution, a rolling or newer release, a
/// service pack that is not told).
std::optional<SystemTime> end_of_life(std::string_view distribution);

} // namespace clairgate::policy
