#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::report {

/// How many columns a UTF-8 text takes on a terminal: characters; East Asian wide ones count two.
std::size_t width_of(std::string_view text);

/// The text cut to `columns` (marked with "…", or "..." in ASCII) or padded to it.
std::string fitted(std::string_view text, std::size_t columns, bool is_utf8);

/// Text from outside, inert on a terminal and in a CI log: base/text.hpp's `printable`, and the
/// markers that CI systems act on anywhere in a line ("##[", "##vso[", "##teamcity[", "::",
/// "section_start:") are broken with a backslash. ASCII alone when `is_utf8` is false.
std::string inert(std::string_view untrusted, bool is_utf8);

/// Rows with aligned columns that fit `columns`: wide columns give way in proportion, none below
/// its head.
std::string aligned(std::vector<std::vector<std::string>> const& rows,
                    std::size_t columns,
                    std::string_view indent,
                    bool is_utf8);

} // namespace clairgate::report
