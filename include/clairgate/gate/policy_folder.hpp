#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/policy/policy.hpp>

#include <filesystem>
#include <optional>

namespace clairgate::gate {

/// Reads the policy files of a folder (design section 8). `named` is false when it is only the
/// default place, where absence means the built-in policy; a named folder that is missing, or holds
/// no `global.toml`, is kind policy. Links out of the folder, other file types and oversize are
/// refused.
Result<policy::Policy> load_policy(std::filesystem::path const& folder, bool named);

} // namespace clairgate::gate
