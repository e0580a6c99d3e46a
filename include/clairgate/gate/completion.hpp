#pragma once

#include <clairgate/base/result.hpp>

#include <string>
#include <string_view>

namespace clairgate::gate {

/// A script that completes commands, their words, options and file names in `shell` ("bash", "zsh"
/// or "fish"), made from the tables of commands and settings. Kind usage for another shell.
Result<std::string> completion_script(std::string_view shell);

} // namespace clairgate::gate
