#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/local/layout.hpp>

#include <cstdint>
#include <map>
#include <string>

namespace clairgate::local {

/// Whether the user database knows this uid (getpwuid_r(3)).
bool has_passwd_entry(std::uint32_t uid);

/// The environment for initdb run as `uid`: `environment`, and for a uid without a passwd entry a
/// small library of ours before libc, which answers with a name: initdb insists on one. The library
/// is written to the engine's work folder. Kind file.
Result<std::map<std::string, std::string>> initdb_environment(
    Layout const& layout, std::uint32_t uid, std::map<std::string, std::string> environment);

} // namespace clairgate::local
