#pragma once

#include <clairgate/report/report.hpp>

#include <string_view>

namespace clairgate::report {

/// The schema of report.json; a change that a reader could misunderstand gets a new one.
inline constexpr std::string_view schema = "clairgate/report/v1";

/// "pass", "warn", "block", or "undecided" where there is no verdict.
std::string_view verdict_word(Report const& report);

/// How many findings have each effect.
struct Summary {
    std::size_t block = 0;
    std::size_t warn = 0;
    std::size_t allow = 0;
    std::size_t waived = 0; ///< of those allowed: by an exception
};
Summary summary_of(Report const& report);

} // namespace clairgate::report
