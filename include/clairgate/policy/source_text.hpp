#pragma once

#include <clairgate/base/error.hpp>
#include <clairgate/policy/load.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::policy {

/// Keys of one line may be dotted this deep. The parser builds a table per dot, and destroying
/// them recurses.
inline constexpr std::size_t dots_per_line_max = 64;

/// What is wrong with the bytes of a policy file before a parser sees them, with line and column
/// (both 1-based, columns in characters): too large, not UTF-8 (RFC 3629), control characters,
/// characters that hide or reorder what a reviewer sees (bidirectional controls, zero-width,
/// tags), other than ASCII outside of strings and comments, keys dotted too deep. Kind policy;
/// empty: nothing.
std::vector<Error> mistakes_of_text(SourceFile const& file);

/// " (it has U+0456 …)" for a word that only looks like an ASCII one, else "".
std::string look_alike_note(std::string_view word);

} // namespace clairgate::policy
