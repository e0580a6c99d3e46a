#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/report/out.hpp>
#include <clairgate/report/record.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::report {

/// What a renderer may know of where its text goes.
struct RenderOptions {
    std::size_t columns = 120; ///< width of the terminal, clamped to 80–160 by the caller
    bool has_colour = false;
    bool is_utf8 = true; ///< false: plain ASCII marks
    std::string
        source_file; ///< `--source-file`: the Dockerfile or manifest to point at; "" if none
};

/// One output format. A new one is one file with its renderer and one line of the table.
struct Format {
    std::string_view name; ///< "table"
    std::string_view help;
    /// Writes the whole document; deterministic bytes but for the facts of the run.
    void (*render)(Record const&, RenderOptions const&, Out&);
};

/// All formats, in the order of `--help`.
std::span<Format const> formats();
/// The format of that name, or kind usage with a suggestion.
Result<Format const*> find_format(std::string_view name);

/// The document as one string, where it is small or needed whole.
std::string rendered(Format const& format, Record const& record, RenderOptions const& options = {});

/// What blocks first, for people; escapes everything that came from outside.
void render_table(Record const& record, RenderOptions const& options, Out& out);
/// `clairgate/report/v1` (design section 9): deterministic bytes outside the member `run`.
void render_json(Record const& record, RenderOptions const& options, Out& out);
/// Static Analysis Results Interchange Format 2.1.0 (OASIS), within GitHub code scanning's limits.
void render_sarif(Record const& record, RenderOptions const& options, Out& out);
/// GitLab's container scanning report, schema 15.2.
void render_gitlab(Record const& record, RenderOptions const& options, Out& out);
/// GitLab's subset of Code Climate's issue list.
void render_codequality(Record const& record, RenderOptions const& options, Out& out);
/// JUnit XML as Jenkins and GitLab read it: a test case per finding.
void render_junit(Record const& record, RenderOptions const& options, Out& out);
/// GitHub-flavoured Markdown for a step summary (at most 1 MiB).
void render_markdown(Record const& record, RenderOptions const& options, Out& out);
/// The same for a comment of a pull or merge request (at most 65,536 characters): changes first.
void render_comment(Record const& record, RenderOptions const& options, Out& out);
/// One self-contained page.
void render_html(Record const& record, RenderOptions const& options, Out& out);
/// CycloneDX 1.6: the vulnerable components and their vulnerabilities with their analysis.
void render_cyclonedx(Record const& record, RenderOptions const& options, Out& out);
/// OpenVEX 0.2.0: what the exceptions of the policy say.
void render_openvex(Record const& record, RenderOptions const& options, Out& out);
/// RFC 4180: a line per finding.
void render_csv(Record const& record, RenderOptions const& options, Out& out);
/// KEY=value lines: what wrappers and GitLab's `artifacts:reports:dotenv` read.
void render_dotenv(Record const& record, RenderOptions const& options, Out& out);

/// report.json as one string.
std::string json_of(Report const& report);

/// A report as it was stored.
struct StoredReport {
    Report report;                  ///< without verdict
    std::string verdict;            ///< "pass", "warn", "block" or "undecided"
    bool is_policy_trusted = false; ///< the policy of that verdict was from a trusted source
    bool is_enforced = true;        ///< false: it said `[scan] enforce = "report"`
};
/// Reads back what `render_json` wrote, so that `gate` can judge it again under another policy: the
/// scan and image are restored exactly; the stored verdict is returned beside them as the word it
/// was. Refuses (kind protocol, limit): another schema, missing members, wrong types, bad digests,
/// findings of platforms it does not list.
Result<StoredReport> parse_report(std::string_view json);

/// The same with the account of the stored verdict, so that every format comes out as the run wrote
/// it. Nothing in it was judged again.
struct StoredRecord {
    StoredReport stored;
    Account account;
};
Result<StoredRecord> parse_record(std::string_view json);

} // namespace clairgate::report
