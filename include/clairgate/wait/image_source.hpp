#pragma once

#include <clairgate/wait/sighting.hpp>

namespace clairgate::wait {

/// Makes the source for --image, unless it only names the repository of another source.
Result<std::vector<std::unique_ptr<Source>>> make_image_sources(Surroundings& surroundings);

} // namespace clairgate::wait
