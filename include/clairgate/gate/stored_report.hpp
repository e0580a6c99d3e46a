#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/report/formats.hpp>

#include <span>
#include <string>
#include <string_view>

namespace clairgate::gate {

/// One kind of stored report. A new one is one file with its parser and one line of the table.
struct StoredKind {
    std::string_view name;                  ///< "Clair's vulnerability report"
    std::span<std::string_view const> keys; ///< at the top level: what it is recognised by
    Result<report::Report> (*parse)(std::string& bytes);
};
std::span<StoredKind const> stored_kinds();

/// A stored report of one of those kinds: the scan without a verdict. `name` is for messages. A
/// report of ours that could not decide keeps its `undecided_reason`. What another tool wrote has
/// no facts about updaters and no times of a run. `bytes` is taken by value because simdjson needs
/// room behind them: move them in. Kinds protocol and limit.
Result<report::Report> parse_any_report(std::string_view name, std::string bytes);

/// The same with the account of the verdict that was stored in a report of ours; nothing was
/// decided in one of another tool, and its `undecided_reason` says so.
Result<report::StoredRecord> parse_any_record(std::string bytes);

} // namespace clairgate::gate
