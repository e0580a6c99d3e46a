#pragma once

#include <string_view>

namespace clairgate::wait {

/// Whether a file name matches a pattern of `*`, `?` and literal characters. Time is at most the
/// product of both lengths; no recursion. A leading dot is only matched by a dot.
bool glob_matches(std::string_view pattern, std::string_view name);

} // namespace clairgate::wait
