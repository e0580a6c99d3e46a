#pragma once

#include <clairgate/report/record.hpp>
#include <clairgate/report/terminal_writer.hpp>

/// The larger parts of the table, each with its own file.
namespace clairgate::report {

/// "1 finding", "2 findings".
InertText counted(std::size_t count, Fixed noun);

/// What blocks, whole; what warns, shorter: by package, each with the upgrade that clears it.
void tell_findings(TerminalWriter& out, Record const& record);
/// New, fixed and unchanged findings beside the baseline.
void tell_comparison(TerminalWriter& out, Record const& record);
/// Exceptions in use, about to end and without use; findings that will block, and when.
void tell_dates(TerminalWriter& out, Record const& record);
/// What to do about what blocks.
void tell_next_steps(TerminalWriter& out, Record const& record);

} // namespace clairgate::report
