#include <clairgate/base/text.hpp>
#include <clairgate/report/upgrades.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace clairgate::report {

Upgrades upgrades_of(Report const& report) {
    struct Fix {
        std::set<std::string> versions;
        std::size_t clears = 0;
    };
    Upgrades out;
    if (!report.verdict)
        return out;
    std::map<std::string, Fix> fixes;
    for (std::size_t i = 0; i < report.scan.findings.size(); ++i) {
        auto const& finding = report.scan.findings[i];
        if (report.verdict->decisions().at(i).effect != policy::Effect::block)
            continue;
        ++out.blocking;
        if (finding.fixed_version.empty()) {
            ++out.without_fix;
            continue;
        }
        auto const& source = finding.package.source_name;
        auto& fix = fixes[source.empty() ? finding.package.name : source];
        fix.versions.insert(finding.fixed_version);
        ++fix.clears;
    }
    for (auto const& [package, fix] : fixes)
        out.upgrades.push_back({package,
                                fix.versions.size() == 1 ? *fix.versions.begin() : std::string(),
                                fix.clears});
    std::sort(out.upgrades.begin(), out.upgrades.end(), [](Upgrade const& a, Upgrade const& b) {
        return std::tie(b.clears, a.package) < std::tie(a.clears, b.package);
    });
    return out;
}

std::optional<std::size_t> worst_blocking(Report const& report) {
    auto const& verdict = report.verdict;
    CLAIRGATE_ASSERT(verdict.has_value());
    auto const& decisions = verdict->decisions();
    auto const rank = [&](std::size_t i) {
        return std::pair(!decisions[i].pinned_by.has_value(), report.scan.findings[i].severity);
    };
    std::optional<std::size_t> worst;
    for (std::size_t i = 0; i < decisions.size(); ++i)
        if (decisions[i].effect == policy::Effect::block && (!worst || rank(i) > rank(*worst)))
            worst = i;
    return worst;
}

std::vector<std::string> turning_red(Report const& report) {
    auto const& verdict = report.verdict;
    CLAIRGATE_ASSERT(verdict.has_value());
    auto const& decisions = verdict->decisions();
    std::vector<std::pair<SystemTime, std::string>> dated;
    for (std::size_t i = 0; i < decisions.size(); ++i) {
        auto const& finding = report.scan.findings[i];
        auto const& date = decisions[i].turns_red;
        if (date)
            dated.emplace_back(*date, cat(finding.id, " in ", finding.package.name));
    }
    std::sort(dated.begin(), dated.end());
    dated.erase(std::unique(dated.begin(), dated.end()), dated.end());
    std::vector<std::string> out;
    for (auto const& [date, name] : dated)
        out.push_back(cat(name, " blocks from ", to_rfc3339(date)));
    return out;
}

} // namespace clairgate::report
