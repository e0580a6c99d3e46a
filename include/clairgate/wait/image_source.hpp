#pragma once

#include <clairgate/wait/sighting.hpp>

#include <string>

namespace clairgate::wait {

/// Makes the source for --image, unless it only names the repository of another source.
Result<std::vector<std::unique_ptr<Source>>> make_image_sources(Surroundings& surroundings);

/// Whether the registry serves this digest now. What stands in the way is written into `state`;
/// refusals (denied, integrity) are errors, passing faults are "not yet".
io::Task<Result<bool>> serves(Surroundings& surroundings,
                              image::Reference reference,
                              Deadline deadline,
                              std::string& state);

} // namespace clairgate::wait
