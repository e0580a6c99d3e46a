#include <clairgate/finding/version_order.hpp>
#include <clairgate/report/html_rows.hpp>

#include <algorithm>
#include <tuple>
#include <unordered_map>

namespace clairgate::report {

namespace {

using finding::Finding;

std::string_view name_of(Finding const& finding) {
    auto const& source = finding.package.source_name;
    return source.empty() ? finding.package.name : source;
}

// A group as it gathers findings, and what it is ranked by.
struct Growing {
    HtmlGroup group;
    int rank = 0;
    finding::Severity severity = finding::Severity::unknown;
    bool is_one_installed = true;
    bool is_ordered = true;
};

void add(Growing& growing, Finding const& finding, Decided const* decided) {
    auto& group = growing.group;
    auto const rank = rank_of(decided);
    if (std::tie(rank, finding.severity) > std::tie(growing.rank, growing.severity))
        std::tie(growing.rank, growing.severity) = std::tie(rank, finding.severity);
    ++group.findings;
    if (decided != nullptr && decided->action == policy::Effect::block)
        ++group.blocking;
    growing.is_one_installed =
        growing.is_one_installed && group.installed == finding.package.version;
    if (finding.fixed_version.empty())
        return;
    ++group.fixable;
    if (group.fixed.empty() || group.fixed == finding.fixed_version) {
        group.fixed = finding.fixed_version;
        return;
    }
    auto const order =
        finding::compare_versions(group.ecosystem, group.fixed, finding.fixed_version);
    growing.is_ordered = growing.is_ordered && order.has_value();
    if (order && *order < 0)
        group.fixed = finding.fixed_version;
}

struct Key {
    std::string_view name, ecosystem;
    friend bool operator==(Key const&, Key const&) = default;
};
struct KeyHash {
    std::size_t operator()(Key const& key) const {
        std::hash<std::string_view> const hash;
        return hash(key.name) * 31 + hash(key.ecosystem);
    }
};

// The groups, best place first; `place` becomes the group of each finding.
std::vector<HtmlGroup> groups_of(Record const& record, std::vector<std::uint32_t>& place) {
    std::vector<Growing> growing;
    std::unordered_map<Key, std::uint32_t, KeyHash> known;
    auto const& findings = record.findings();
    place.resize(findings.size());
    for (std::size_t i = 0; i < findings.size(); ++i) {
        Key const key{name_of(findings[i]), findings[i].package.ecosystem};
        auto const next = static_cast<std::uint32_t>(growing.size());
        auto const [found, is_fresh] = known.try_emplace(key, next);
        if (is_fresh) {
            auto& group = growing.emplace_back().group;
            group.name = key.name;
            group.ecosystem = key.ecosystem;
            group.installed = findings[i].package.version;
        }
        place[i] = found->second;
        add(growing[found->second], findings[i], record.decision(i));
    }
    std::vector<std::uint32_t> order(growing.size());
    for (std::uint32_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        auto const& x = growing[a];
        auto const& y = growing[b];
        return std::tie(y.rank, y.severity, y.group.blocking, y.group.findings, x.group.name, a) <
               std::tie(x.rank, x.severity, x.group.blocking, x.group.findings, y.group.name, b);
    });
    std::vector<std::uint32_t> position(order.size());
    std::vector<HtmlGroup> out;
    out.reserve(order.size());
    for (auto const from : order) {
        position[from] = static_cast<std::uint32_t>(out.size());
        auto& group = out.emplace_back(growing[from].group);
        if (!growing[from].is_one_installed)
            group.installed = {};
        if (!growing[from].is_ordered)
            group.fixed = {};
    }
    for (auto& one : place)
        one = position[one];
    return out;
}

double score_of(Finding const& finding) {
    return finding.cvss.empty() ? 0 : finding.cvss.front().score;
}

// Whether two findings are one line: they differ in nothing that it says.
bool is_same_line(Record const& record, std::uint32_t a, std::uint32_t b) {
    auto const& x = record.findings()[a];
    auto const& y = record.findings()[b];
    auto const told = [](Finding const& f) {
        return std::tie(f.id,
                        f.package.name,
                        f.package.version,
                        f.fixed_version,
                        f.updater,
                        f.severity,
                        f.is_new,
                        f.is_base_layer);
    };
    if (x.platform == y.platform || told(x) != told(y))
        return false;
    auto const* const p = record.decision(a);
    auto const* const q = record.decision(b);
    return p == nullptr || q == nullptr ||
           std::tie(p->action, p->rule, p->lock, p->is_waived, p->turns_red, p->pinned) ==
               std::tie(q->action, q->rule, q->lock, q->is_waived, q->turns_red, q->pinned);
}

} // namespace

int rank_of(Decided const* decided) {
    if (decided == nullptr)
        return 0;
    switch (decided->action) {
    case policy::Effect::block:
        return 3;
    case policy::Effect::warn:
        return 2;
    case policy::Effect::allow:
        break;
    }
    return decided->is_waived ? 1 : 0;
}

HtmlRows html_rows_of(Record const& record) {
    HtmlRows out;
    std::vector<std::uint32_t> group_of;
    out.groups = groups_of(record, group_of);
    auto const& findings = record.findings();
    out.findings.resize(findings.size());
    for (std::uint32_t i = 0; i < findings.size(); ++i)
        out.findings[i] = i;
    std::sort(out.findings.begin(), out.findings.end(), [&](std::uint32_t a, std::uint32_t b) {
        if (group_of[a] != group_of[b])
            return group_of[a] < group_of[b];
        auto const& x = findings[a];
        auto const& y = findings[b];
        auto const p = std::tuple(rank_of(record.decision(a)), x.severity, score_of(x));
        auto const q = std::tuple(rank_of(record.decision(b)), y.severity, score_of(y));
        if (p != q)
            return p > q;
        return std::tie(x.id, x.package.name, x.package.version, x.fixed_version, x.updater, a) <
               std::tie(y.id, y.package.name, y.package.version, y.fixed_version, y.updater, b);
    });
    for (std::uint32_t i = 0; i < out.findings.size(); ++i) {
        auto const at = out.findings[i];
        bool const is_of_last_group = i > 0 && group_of[out.findings[i - 1]] == group_of[at];
        auto& group = out.groups[group_of[at]];
        if (is_of_last_group && is_same_line(record, out.findings[i - 1], at)) {
            ++out.rows.back().count;
            continue;
        }
        if (group.count++ == 0)
            group.first = static_cast<std::uint32_t>(out.rows.size());
        out.rows.push_back({i, 1});
    }
    return out;
}

} // namespace clairgate::report
