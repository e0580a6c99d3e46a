#include <clairgate/base/json.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/clair/json_object.hpp>
#include <clairgate/gate/foreign_report.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <set>
#include <utility>

namespace clairgate::gate {

namespace {

// Not known, which is not the same as "of no distribution".
constexpr std::string_view untold = "unknown";

Result<finding::Finding> finding_of(nlohmann::json const& object) {
    finding::Finding finding;
    finding.id = TRY(foreign::told_text(object, "cveId"));
    finding.package.name = TRY(foreign::told_text(object, "componentName"));
    finding.package.version = TRY(foreign::told_text(object, "componentVersion"));
    finding.fixed_version = TRY(foreign::told_text(object, "componentFixedVersion"));
    if (finding.id.empty() || finding.package.name.empty())
        return foreign::broken("a vulnerability without id or component");
    finding.distribution = untold;
    if (auto const score = TRY(foreign::score(object, "cveCVSS"))) // newer roxctl
        finding.cvss.push_back({"", "", *score});
    auto advisory = TRY(foreign::text(object, "advisoryId"));
    if (!advisory.empty() && advisory != finding.id)
        finding.aliases.push_back(std::move(advisory));
    foreign::add_link(finding, TRY(foreign::text(object, "cveInfo")));
    auto word = TRY(foreign::told_text(object, "cveSeverity"));
    auto const severity = TRY(foreign::stackrox_severity(word));
    foreign::grade(finding, severity, std::move(word));
    return finding;
}

// A list that was cut or left out would look like a clean image: the summary must agree. Older
// roxctl counts the vulnerabilities, newer roxctl their ids.
Result<void> check_summary(std::string_view summary, std::uint64_t listed, std::uint64_t ids) {
    auto const counts = TRY(foreign::entry(summary));
    auto const total = TRY(json::unsigned_integer(counts, "TOTAL-VULNERABILITIES")
                               .with_context("stored report: summary"));
    if (total != listed && total != ids)
        return foreign::broken(
            cat("its summary counts ", total, " vulnerabilities, but ", listed, " are listed"));
    return ok();
}

} // namespace

// What was scanned is not told: the image is named by the digest of the report itself, so that two
// reports are never taken for one.
Result<report::Report> parse_roxctl_report(std::string& bytes) {
    static constexpr std::string_view outer[] = {"result"};
    static constexpr std::string_view inner[] = {"summary", "vulnerabilities"};
    if (!is_utf8(bytes))
        return foreign::broken("it is not UTF-8");
    auto const result = TRY(foreign::members(bytes, outer));
    auto const parts = TRY(foreign::members(result.front(), inner));
    finding::ScanReport scan;
    std::set<std::string> ids;
    std::set<std::pair<std::string, std::string>> packages;
    if (!parts[1].empty()) { // left out when there are none
        clair::JsonArray list(parts[1]);
        while (TRY(list.next())) {
            TRY_VOID(foreign::check_room(scan));
            auto finding = TRY(finding_of(TRY(foreign::entry(list.value()))));
            ids.insert(finding.id);
            packages.emplace(finding.package.name, finding.package.version);
            scan.findings.push_back(std::move(finding));
        }
    }
    TRY_VOID(check_summary(parts[0], scan.findings.size(), ids.size()));
    auto const digest = image::Digest::of(bytes);
    scan.platforms.push_back({"", digest, packages.size(), 0, {}});
    if (!packages.empty()) // the scanner had data for these; of all others nothing is known
        scan.platforms.front().ecosystems.push_back(
            {std::string(untold), "", packages.size(), true, {}, std::nullopt});
    scan.scanner.name = "stackrox";
    return foreign::report_of(image::Reference::make(untold_repository(), digest), std::move(scan));
}

} // namespace clairgate::gate
