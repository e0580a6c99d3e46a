#pragma once

#include <clairgate/report/report.hpp>

#include <string_view>

namespace clairgate::report {

/// The schema of report.json; a change that a reader could misunderstand gets a new one.
inline constexpr std::string_view schema = "clairgate/report/v1";

/// "pass", "warn", "block", or "undecided" where there is no verdict.
std::string_view verdict_word(Report const& report);

} // namespace clairgate::report
