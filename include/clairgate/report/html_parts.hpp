#pragma once

#include <clairgate/report/html_layers.hpp>
#include <clairgate/report/html_rows.hpp>
#include <clairgate/report/html_writer.hpp>
#include <clairgate/report/record.hpp>
#include <clairgate/report/upgrades.hpp>

#include <cstddef>
#include <string_view>
#include <vector>

namespace clairgate::report {

/// What the parts of the page are written from and to.
struct HtmlPage {
    Record const& record;
    HtmlWriter& html;
    HtmlRows const& rows;
    HtmlLayers const& layers;
    Upgrades const& upgrades;         ///< of what blocks
    bool has_platforms;               ///< more than one
    std::string_view platform_prefix; ///< that all of them have: need not be said again
};

/// Lines of one list; the rest is counted, never dropped in silence.
inline constexpr std::size_t html_lines_max = 200;
/// Lines of findings: what a browser still scrolls through without the script.
inline constexpr std::size_t html_rows_max = 20'000;

/// The verdict, its grounds beside findings, and whose it is.
void html_verdict(HtmlPage& page);
/// What to do first, and what turns red later.
void html_first_steps(HtmlPage& page);
/// A bar for each severity.
void html_severities(HtmlPage& page);
/// What is new and what is fixed since the baseline, where there is one.
void html_comparison(HtmlPage& page);
/// The filters (shown by the script) and the table of findings.
void html_findings(HtmlPage& page);
/// Decision, origin and facts of one line, as a definition list.
void html_details(HtmlPage& page, HtmlRow row);
/// Layers, coverage, exceptions, policy files and data: what the verdict stands on.
void html_grounds(HtmlPage& page);

/// "3 findings", "1 finding": the noun and its plural.
void html_counted(HtmlWriter& html, std::size_t count, Fixed one, Fixed many);
/// "sha256:" and twelve digits.
std::string_view html_short(std::string_view digest);
/// The file and line where something stands, "built-in" where there is no file.
void html_place(HtmlWriter& html, policy::Origin const& origin);
/// "partly covered".
Fixed html_coverage(policy::CoverageState state);
/// "… and 12 more: -o json=FILE has all", where some were left out.
void html_left_out(HtmlWriter& html, std::size_t all, std::size_t shown);

} // namespace clairgate::report
