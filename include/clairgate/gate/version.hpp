#pragma once

#include <string_view>

namespace clairgate::gate {

/// The version of this build ("0.1.0"), from CMake's project version.
std::string_view version();

} // namespace clairgate::gate
