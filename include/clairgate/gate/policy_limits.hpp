#pragma once

#include <clairgate/base/limits.hpp>

#include <cstddef>

/// Bounds on one policy, wherever its files come from. One file: `limits::policy_file_bytes`.
namespace clairgate::gate::policy_limits {

inline constexpr std::size_t files = 10'000; ///< files of the folder, whatever their names
inline constexpr std::size_t total_bytes = 64 * limits::mib; ///< policy files together
inline constexpr std::size_t depth = 8;                      ///< folders in folders

} // namespace clairgate::gate::policy_limits
