#include <clairgate/finding/version_order.hpp>
#include <clairgate/report/upgrades.hpp>

#include <algorithm>
#include <tuple>
#include <unordered_map>

namespace clairgate::report {

namespace {

std::string_view name_of(finding::Finding const& finding) {
    auto const& source = finding.package.source_name;
    return source.empty() ? finding.package.name : source;
}

// The upgrade of one package as it gathers findings.
struct Growing {
    Upgrade upgrade;
    bool is_one_installed = true;
    bool is_ordered = true;
    bool is_one_origin = true;
};

Growing started(Record const& record, finding::Finding const& finding) {
    Growing out;
    out.upgrade.package = name_of(finding);
    out.upgrade.installed = finding.package.version;
    out.upgrade.to = finding.fixed_version;
    out.upgrade.ecosystem = finding.package.ecosystem;
    out.upgrade.instruction = record.instruction(finding);
    out.upgrade.is_base = finding.is_base_layer;
    return out;
}

void add(Growing& growing, Record const& record, finding::Finding const& finding) {
    auto& upgrade = growing.upgrade;
    ++upgrade.clears;
    ++upgrade.severities.at(static_cast<std::size_t>(finding.severity));
    growing.is_one_installed =
        growing.is_one_installed && upgrade.installed == finding.package.version;
    if (upgrade.to != finding.fixed_version) {
        auto const order =
            finding::compare_versions(upgrade.ecosystem, upgrade.to, finding.fixed_version);
        growing.is_ordered = growing.is_ordered && order.has_value();
        if (order && *order < 0)
            upgrade.to = finding.fixed_version;
    }
    if (upgrade.is_base != finding.is_base_layer)
        upgrade.is_base = std::nullopt;
    if (upgrade.instruction != record.instruction(finding))
        growing.is_one_origin = false;
}

} // namespace

Upgrades upgrades_of(Record const& record, policy::Effect effect) {
    Upgrades out;
    if (!record.is_decided())
        return out;
    std::vector<Growing> growing;
    std::unordered_map<std::string_view, std::vector<std::size_t>> by_name; // ecosystems differ
    for (std::size_t i = 0; i < record.findings().size(); ++i) {
        auto const& finding = record.findings()[i];
        if (record.account().decisions[i].action != effect)
            continue;
        ++out.findings;
        if (finding.fixed_version.empty()) {
            ++out.without_fix;
            continue;
        }
        auto& same_name = by_name[name_of(finding)];
        auto const found = std::find_if(same_name.begin(), same_name.end(), [&](std::size_t place) {
            return growing[place].upgrade.ecosystem == finding.package.ecosystem;
        });
        auto const place = found == same_name.end() ? growing.size() : *found;
        if (found == same_name.end()) {
            same_name.push_back(place);
            growing.push_back(started(record, finding));
        }
        add(growing[place], record, finding);
    }
    for (auto& one : growing) {
        if (!one.is_one_installed)
            one.upgrade.installed = {};
        if (!one.is_ordered)
            one.upgrade.to = {};
        if (!one.is_one_origin)
            one.upgrade.instruction = {};
        out.upgrades.push_back(one.upgrade);
    }
    std::sort(out.upgrades.begin(), out.upgrades.end(), [](Upgrade const& a, Upgrade const& b) {
        return std::tie(b.clears, a.package, a.ecosystem) <
               std::tie(a.clears, b.package, b.ecosystem);
    });
    return out;
}

std::optional<std::size_t> worst_blocking(Record const& record) {
    auto const& decisions = record.account().decisions;
    auto const rank = [&](std::size_t i) {
        return std::pair(decisions[i].pinned.empty(), record.findings()[i].severity);
    };
    std::optional<std::size_t> worst;
    for (std::size_t i = 0; i < decisions.size(); ++i)
        if (decisions[i].action == policy::Effect::block && (!worst || rank(i) > rank(*worst)))
            worst = i;
    return worst;
}

std::vector<TurningRed> turning_red(Record const& record) {
    auto const& decisions = record.account().decisions;
    std::vector<TurningRed> dated;
    for (std::size_t i = 0; i < decisions.size(); ++i)
        if (auto const& date = decisions[i].turns_red)
            dated.push_back({*date, record.findings()[i].id, record.findings()[i].package.name});
    auto const key = [](TurningRed const& one) { return std::tie(one.when, one.id, one.package); };
    std::sort(dated.begin(), dated.end(), [&](TurningRed const& a, TurningRed const& b) {
        return key(a) < key(b);
    });
    std::vector<TurningRed> out;
    for (auto const& one : dated) {
        if (!out.empty() && key(out.back()) == key(one))
            ++out.back().findings;
        else
            out.push_back(one);
    }
    return out;
}

SeverityCounts severity_counts(Record const& record, std::optional<policy::Effect> effect) {
    SeverityCounts counts{};
    for (std::size_t i = 0; i < record.findings().size(); ++i) {
        auto const* const decided = record.decision(i);
        if (!effect || (decided != nullptr && decided->action == *effect))
            ++counts.at(static_cast<std::size_t>(record.findings()[i].severity));
    }
    return counts;
}

} // namespace clairgate::report
