#include <clairgate/base/text.hpp>
#include <clairgate/report/finding_rows.hpp>

#include <map>
#include <tuple>

namespace clairgate::report {

namespace {

std::string severity_text(finding::Finding const& finding) {
    auto const word = finding::to_string(finding.severity);
    if (finding.severity_source != "cvss" || finding.cvss.empty())
        return std::string(word);
    auto const tenths = static_cast<int>(finding.cvss.front().score * 10 + 0.5);
    return cat(word, " ", tenths / 10, ".", tenths % 10);
}

} // namespace

std::vector<FindingRow> finding_rows(Report const& report, policy::Effect effect) {
    if (!report.verdict)
        return {};
    using Rank = int; // worst first
    using Key = std::tuple<Rank,
                           std::string_view,
                           std::string_view,
                           std::string_view,
                           std::string_view,
                           std::string,
                           std::string_view,
                           std::uint32_t>;
    std::map<Key, FindingRow> rows;
    auto const& decisions = report.verdict->decisions();
    for (std::size_t i = 0; i < report.scan.findings.size(); ++i) {
        auto const& finding = report.scan.findings[i];
        auto const& decision = decisions.at(i);
        if (decision.effect != effect)
            continue;
        auto const& origin =
            policy::origin_of(*report.policy, decision.lock ? *decision.lock : decision.by);
        Key const key{-static_cast<Rank>(finding.severity),
                      finding.package.name,
                      finding.package.version,
                      finding.id,
                      finding.fixed_version,
                      severity_text(finding),
                      origin.rule,
                      origin.line};
        auto& row = rows[key];
        if (row.findings++ == 0) {
            row.severity = finding.severity;
            row.severity_text = std::get<5>(key);
            row.package = finding.package.name;
            row.installed = finding.package.version;
            row.fixed_in = finding.fixed_version;
            row.id = finding.id;
            row.origin = origin;
        }
        row.platforms.insert(finding.platform);
    }
    std::vector<FindingRow> out;
    out.reserve(rows.size());
    for (auto& [key, row] : rows)
        out.push_back(std::move(row));
    return out;
}

} // namespace clairgate::report
