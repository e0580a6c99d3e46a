#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace clairgate::finding {

/// Clair's normalised severities, worst last but one: `unknown` is a word, not a rank.
enum class Severity { unknown, negligible, low, medium, high, critical };
inline constexpr std::array<Severity, 6> severities{Severity::critical,
                                                    Severity::high,
                                                    Severity::medium,
                                                    Severity::low,
                                                    Severity::negligible,
                                                    Severity::unknown};

/// Lower-case word: "critical".
std::string_view to_string(Severity severity);
/// Any case; also moderate (medium), important (high), defcon1 (critical); nothing when unknown
/// word.
std::optional<Severity> parse_severity(std::string_view word);
/// CVSS v3 qualitative band (spec section 5): 0 negligible here, < 4 low, < 7 medium, < 9 high,
/// else critical. Scores outside 0–10 or not a number: unknown.
Severity severity_of_score(double cvss_base_score);

} // namespace clairgate::finding
