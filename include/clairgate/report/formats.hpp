#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/report/report.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace clairgate::report {

/// What a renderer may know of where its text goes.
struct RenderOptions {
    std::size_t columns = 120; ///< width of the terminal, clamped to 80–160 by the caller
    bool has_colour = false;
    bool is_utf8 = true; ///< false: plain ASCII marks
};

/// One output format. A new one is one file with its renderer and one line of the table.
struct Format {
    std::string_view name; ///< "table"
    std::string_view help;
    std::string (*render)(Report const&, RenderOptions const&);
};

/// All formats, in the order of `--help`.
std::span<Format const> formats();
/// The format of that name, or kind usage with a suggestion.
Result<Format const*> find_format(std::string_view name);

/// What blocks first, for people; escapes everything that came from outside.
std::string render_table(Report const& report, RenderOptions const& options);
/// `clairgate/report/v1` (design section 9): deterministic bytes outside the member `run`.
std::string render_json(Report const& report, RenderOptions const& options);

/// Reads back what `render_json` wrote, so that `gate` can judge it again under another policy: the
/// scan and image are restored exactly; the stored verdict is returned beside them as the word it
/// was. Refuses (kind protocol, limit): another schema, missing members, wrong types, bad digests,
/// findings of platforms it does not list.
struct StoredReport {
    Report report;                  ///< without verdict
    std::string verdict;            ///< "pass", "warn", "block" or "undecided"
    bool is_policy_trusted = false; ///< the policy of that verdict was from a trusted source
    bool is_enforced = true;        ///< false: it said `[scan] enforce = "report"`
};
Result<StoredReport> parse_report(std::string_view json);

} // namespace clairgate::report
