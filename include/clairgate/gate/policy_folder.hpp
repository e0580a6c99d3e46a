#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/policy/load.hpp>

#include <filesystem>
#include <vector>

namespace clairgate::gate {

/// The *.toml files below a folder, sorted by path. `is_named` is false when it is only the default
/// place, where absence means the built-in policy: no files. Kind policy: a named folder that is
/// missing, a folder without a policy file, links, other file types, and what exceeds
/// `policy_limits`.
Result<std::vector<policy::SourceFile>> read_policy_folder(std::filesystem::path const& folder,
                                                           bool is_named);

} // namespace clairgate::gate
