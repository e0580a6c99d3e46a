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

} // namespace clairgate::report
