#pragma once

#include <clairgate/report/report.hpp>

#include <cstddef>
#include <set>
#include <string>
#include <vector>

namespace clairgate::report {

/// One line about a finding. Findings that differ in nothing but platform or updater share one.
/// Everything but `severity` and `rule` came from outside and is not escaped.
struct FindingRow {
    finding::Severity severity = finding::Severity::unknown;
    std::string severity_text; ///< "critical 9.8" where the score gave the severity
    std::string package;
    std::string installed;
    std::string fixed_in; ///< "" when no fix is known
    std::string id;
    policy::Origin origin;
    std::set<std::string> platforms;
    std::size_t findings = 0; ///< how many stand behind this line
};

/// The decided findings of one effect: worst severity first, then by package, version and id.
/// Empty where there is no verdict.
std::vector<FindingRow> finding_rows(Report const& report, policy::Effect effect);

} // namespace clairgate::report
