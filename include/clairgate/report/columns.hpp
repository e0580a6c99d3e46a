#pragma once

#include <cstddef>
#include <span>
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

/// A column that gives way when a row does not fit, down to this width.
struct Yield {
    std::size_t column;
    std::size_t width_min;
};

/// The width of each column so that a row of them fits `columns`: what is too wide gives way in
/// the order of `yields`, then whatever is widest.
std::vector<std::size_t> widths_of(std::vector<std::vector<std::string>> const& rows,
                                   std::size_t columns,
                                   std::string_view indent,
                                   std::span<Yield const> yields = {});

/// Rows with aligned columns that fit `columns`, each line after `indent`.
std::string aligned(std::vector<std::vector<std::string>> const& rows,
                    std::size_t columns,
                    std::string_view indent,
                    bool is_utf8,
                    std::span<Yield const> yields = {});

/// A sentence broken at spaces into lines of at most `columns`; the first begins with `head`, the
/// others with `indent`. A word that is longer than a line stays whole: it is there to be copied.
std::string wrapped(std::string_view head,
                    std::string_view sentence,
                    std::size_t columns,
                    std::string_view indent = "  ");

} // namespace clairgate::report
