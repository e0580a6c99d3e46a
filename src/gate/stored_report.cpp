#include <clairgate/gate/stored_report.hpp>
#include <clairgate/report/formats.hpp>

namespace clairgate::gate {

Result<report::Report> parse_any_report(std::string_view, std::string_view bytes) {
    auto stored = TRY(report::parse_report(bytes));
    if (stored.verdict == "undecided" && stored.report.undecided_reason.empty())
        stored.report.undecided_reason = "not told";
    return std::move(stored.report);
}

} // namespace clairgate::gate
