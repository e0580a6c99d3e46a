#pragma once

#include <cstdint>
#include <string_view>

/// The keys and words of a level file, once: its readers refuse what is not here, and the schema
/// for editors is made of it. The names of conditions are in `condition_kinds()`.
namespace clairgate::policy::keys {

using Word = std::string_view;

inline constexpr Word top[] = {"schema",
                               "severity",
                               "rule",
                               "allow",
                               "lock",
                               "scan",
                               "exceptions",
                               "budget",
                               "require",
                               "precedence",
                               "cluster"};
inline constexpr Word precedence_words[] = {"devtron"};

inline constexpr Word severities[] = {
    "critical", "high", "medium", "low", "negligible", "unknown", "moderate", "important"};
inline constexpr Word severity_actions[] = {"allow", "warn", "block", "block-if-fixed", "inherit"};

inline constexpr Word scan[] = {"on_error",
                                "uncovered",
                                "partly_covered",
                                "max_data_age",
                                "max_report_age",
                                "require_signature",
                                "enforce"};
inline constexpr Word effects[] = {"allow", "warn", "block"};
inline constexpr Word faults[] = {"registry", "clair", "stale"};
inline constexpr Word enforce_words[] = {"report", "block"};

inline constexpr Word exceptions[] = {"max_days", "from_change", "vex_authors"};
inline constexpr std::int64_t days_max = 3650;

inline constexpr Word rule[] = {"name", "when", "action", "reason"};
inline constexpr Word rule_actions[] = {"allow", "warn", "block", "block-if-fixed"};

inline constexpr Word allow[] = {"id",
                                 "package",
                                 "purl",
                                 "image",
                                 "layer",
                                 "environment",
                                 "reason",
                                 "owner",
                                 "expires",
                                 "until",
                                 "break_glass",
                                 "ticket",
                                 "issued"};
inline constexpr Word until_words[] = {"fixable"};

inline constexpr Word lock[] = {"key", "waivable"};
inline constexpr Word lockable[] = {
    "severity", "rule", "scan", "budget", "require", "exceptions"}; ///< before the dot

inline constexpr Word require[] = {"name", "image", "scan"};
inline constexpr Word require_words[] = {"required", "recommended", "off"};

} // namespace clairgate::policy::keys
