#pragma once

#include <clairgate/report/inert_text.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace clairgate::report {

/// How many columns a UTF-8 text takes on a terminal: characters; East Asian wide ones count two.
std::size_t width_of(std::string_view text);

/// The text cut to `columns` (marked with "…", or "..." in ASCII) or padded to it.
std::string fitted(std::string_view text, std::size_t columns, bool is_utf8);

/// A sentence broken at spaces into lines of at most `columns`; the first begins with `head`, the
/// others with `indent`. A word that is longer than a line stays whole: it is there to be copied.
std::string wrapped(std::string_view head,
                    std::string_view sentence,
                    std::size_t columns,
                    std::string_view indent = "  ");

} // namespace clairgate::report
