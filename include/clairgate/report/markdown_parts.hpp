#pragma once

#include <clairgate/report/markdown_rows.hpp>
#include <clairgate/report/markdown_writer.hpp>
#include <clairgate/report/record.hpp>

#include <cstddef>

namespace clairgate::report {

/// How long a document may become, and each of its tables and lists: a row or a line is begun only
/// before this many bytes of the document. Where they end early, they say how much is missing.
struct MarkdownLimits {
    std::size_t changes_end;
    std::size_t blocking_end;
    std::size_t warnings_end;
    std::size_t lists_end;
    std::size_t rows_max;  ///< of a table
    std::size_t lines_max; ///< of a list
    std::size_t url_bytes_max;
};

/// What one field may have. A byte of it becomes six at most.
inline constexpr std::size_t markdown_name_bytes_max = 100;
inline constexpr std::size_t markdown_version_bytes_max = 60;
inline constexpr std::size_t markdown_sentence_bytes_max = 400;

/// A table of these findings, one row for those that are alike; begins after an empty line.
void write_findings(MarkdownWriter& out,
                    Record const& record,
                    Positions const& positions,
                    MarkdownLimits const& limits,
                    std::size_t end);

/// What this image brought since the baseline; nothing without one.
void write_changes(MarkdownWriter& out, Record const& record, MarkdownLimits const& limits);

/// What removes most of what blocks.
void write_first_steps(MarkdownWriter& out, Record const& record, MarkdownLimits const& limits);

/// Exceptions and their ends, and the days on which more will block.
void write_dates(MarkdownWriter& out, Record const& record, MarkdownLimits const& limits);

/// By which rules, files and data it was decided.
void write_grounds(MarkdownWriter& out, Record const& record, MarkdownLimits const& limits);

/// Of a list: whether another line may be begun.
inline bool has_room(MarkdownWriter const& out, MarkdownLimits const& limits, std::size_t lines) {
    return lines < limits.lines_max && out.bytes() < limits.lists_end;
}

} // namespace clairgate::report
