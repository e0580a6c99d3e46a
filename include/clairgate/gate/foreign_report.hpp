#pragma once

#include <clairgate/base/limits.hpp>
#include <clairgate/base/result.hpp>
#include <clairgate/report/report.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::gate {

// What other tools wrote about an image: its scan, without a verdict, a context or any fact about
// the updaters. What is missing or of another type is an error, never "no findings". `bytes` may
// grow by the room that simdjson needs behind them. Kinds protocol, limit.

/// Clair's matcher's vulnerability report; `clair-action report` writes the same.
Result<report::Report> parse_clair_report(std::string& bytes);
/// `roxctl image scan -o json`: only what is vulnerable is in it, and not which image was scanned.
Result<report::Report> parse_roxctl_report(std::string& bytes);
/// The image as StackRox's Central gives it: `roxctl image scan` without -o, `GET /v1/images/ID`.
Result<report::Report> parse_central_image(std::string& bytes);

/// The repository of an image whose report names none. No registry can be called so (RFC 2606).
image::Repository untold_repository();
/// The repository as policy may read it: "" (not known) where the report names none.
std::string repository_of(report::Report const& report);

/// What those parsers share.
namespace foreign {

inline constexpr std::size_t findings_max = 500'000;
inline constexpr std::size_t entry_bytes_max = 256 * limits::kib;
inline constexpr std::size_t text_bytes_max = 4096; ///< of what each finding repeats

Error broken(std::string_view what);

/// The values of `keys` as they stand in the object `text`; "" where absent. One of them twice is
/// refused. Takes the memory of the values that were asked for, whatever else is in it.
Result<std::vector<std::string_view>> members(std::string_view text,
                                              std::span<std::string_view const> keys);
/// One small value; "" (absent) is null.
Result<nlohmann::json> value(std::string_view text);
/// One small object.
Result<nlohmann::json> entry(std::string_view text);

/// A string without NUL and of bounded length; null is "".
Result<std::string> text_of(std::string_view key, nlohmann::json const& value);
/// The member as such a text; absent is "".
Result<std::string> text(nlohmann::json const& object, std::string_view key);
/// The same, but it must be there.
Result<std::string> told_text(nlohmann::json const& object, std::string_view key);
/// A CVSS base score; absent and 0 (a number that was never set) are nothing.
Result<std::optional<double>> score(nlohmann::json const& object, std::string_view key);
/// "IMPORTANT" or "IMPORTANT_VULNERABILITY_SEVERITY".
Result<finding::Severity> stackrox_severity(std::string_view word);

/// Takes the vendor's severity over, or the band of the score where the vendor knows none.
void grade(finding::Finding& finding, finding::Severity vendor, std::string word);
/// Keeps an address of the web.
void add_link(finding::Finding& finding, std::string link);
/// Kind limit when one finding more would be too many.
Result<void> check_room(finding::ScanReport const& scan);

/// The report that `gate` judges.
report::Report report_of(image::Reference reference, finding::ScanReport scan);

} // namespace foreign

} // namespace clairgate::gate
