#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/report/report.hpp>

#include <string_view>

namespace clairgate::gate {

/// A stored report of ours, of Clair's matcher (`vulnerability_report`, also clair-action's) or of
/// `roxctl image scan -o json`: the scan without a verdict. `name` is for messages. A report of
/// ours that could not decide keeps its `undecided_reason`. Kinds protocol and limit.
Result<report::Report> parse_any_report(std::string_view name, std::string_view bytes);

} // namespace clairgate::gate
