#include <clairgate/base/text.hpp>
#include <clairgate/clair/json_object.hpp>
#include <clairgate/gate/foreign_report.hpp>
#include <clairgate/gate/stored_report.hpp>
#include <clairgate/report/formats.hpp>

#include <cstdint>
#include <iterator>

namespace clairgate::gate {

namespace {

// More than any of these reports has: a bound on what the parsers have to look at.
constexpr std::size_t top_level_keys_max = 1000;

Result<report::Report> parse_own_report(std::string& bytes) {
    auto stored = TRY(report::parse_report(bytes));
    if (stored.verdict == "undecided" && stored.report.undecided_reason.empty())
        stored.report.undecided_reason = "not told";
    return std::move(stored.report);
}

constexpr std::string_view own_keys[] = {"schema"};
constexpr std::string_view clair_keys[] = {
    "manifest_hash", "vulnerabilities", "package_vulnerabilities"};
constexpr std::string_view roxctl_keys[] = {"result"};
constexpr std::string_view central_keys[] = {"name", "scan"};

constexpr StoredKind table[] = {
    {"clairgate's report.json", own_keys, parse_own_report},
    {"Clair's vulnerability report (also clair-action's)", clair_keys, parse_clair_report},
    {"roxctl image scan -o json", roxctl_keys, parse_roxctl_report},
    {"StackRox's image with its scan (roxctl image scan)", central_keys, parse_central_image}};

Error unknown() {
    std::string names;
    for (auto const& kind : table)
        names += cat(names.empty() ? "" : "; ", kind.name);
    return Error(ErrorKind::protocol, cat("not a report of a known kind: ", names))
        .with_remedy("give the JSON that one of these tools wrote, as it is");
}

Result<StoredKind const*> kind_of(std::string_view bytes) {
    std::uint32_t seen[std::size(table)] = {}; // of each kind: which of its keys are there
    clair::JsonObject top(bytes);
    for (std::size_t count = 0; TRY(top.next()); ++count) {
        if (count == top_level_keys_max)
            return Error(ErrorKind::limit, "the report has too many top-level keys");
        for (std::size_t i = 0; i < std::size(table); ++i)
            for (std::size_t key = 0; key < table[i].keys.size(); ++key)
                if (table[i].keys[key] == top.key())
                    seen[i] |= 1U << key;
    }
    StoredKind const* found = nullptr;
    for (std::size_t i = 0; i < std::size(table); ++i) {
        if (seen[i] != (1U << table[i].keys.size()) - 1U)
            continue;
        if (found != nullptr) // whichever was taken, the other's findings would be passed over
            return Error(ErrorKind::protocol,
                         cat("a report of two kinds: ", found->name, "; ", table[i].name));
        found = &table[i];
    }
    if (found == nullptr)
        return unknown();
    return found;
}

} // namespace

std::span<StoredKind const> stored_kinds() {
    return table;
}

Result<report::Report> parse_any_report(std::string_view, std::string bytes) {
    auto const* const kind = TRY(kind_of(bytes));
    return kind->parse(bytes);
}

Result<report::StoredRecord> parse_any_record(std::string bytes) {
    auto const* const kind = TRY(kind_of(bytes));
    if (kind == &table[0])
        return report::parse_record(bytes);
    auto report = TRY(kind->parse(bytes));
    if (report.undecided_reason.empty())
        report.undecided_reason =
            cat("no policy was applied to this report (", kind->name, "): clairgate gate does");
    auto account = report::account_of(report);
    report::StoredReport stored{std::move(report), "undecided"};
    return report::StoredRecord{std::move(stored), std::move(account)};
}

} // namespace clairgate::gate
