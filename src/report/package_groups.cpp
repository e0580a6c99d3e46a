#include <clairgate/finding/version_order.hpp>
#include <clairgate/report/package_groups.hpp>

#include <algorithm>
#include <tuple>
#include <unordered_map>

namespace clairgate::report {

namespace {

std::string_view source_of(finding::Finding const& finding) {
    auto const& source = finding.package.source_name;
    return source.empty() ? finding.package.name : source;
}

// One finding with what it is grouped by, so that sorting looks nothing up.
struct Entry {
    std::string_view package, ecosystem, installed;
    int rank; // worst first
    bool has_fix, is_new;
    std::uint32_t rule;
    std::string_view id;
    finding::Finding const* finding;
    PlatformSet platform;

    auto group() const { return std::tie(package, ecosystem, installed); }
    auto line() const { return std::tuple(rank, !has_fix, !is_new, rule); }
};

std::vector<Entry> entries_of(Record const& record, policy::Effect effect) {
    std::unordered_map<std::string_view, PlatformSet> bits;
    for (std::size_t i = 0; i < record.scan().platforms.size(); ++i)
        bits.emplace(record.scan().platforms[i].platform, PlatformSet{1} << i);
    std::vector<Entry> entries;
    for (std::size_t i = 0; i < record.account().decisions.size(); ++i) {
        auto const& decided = record.account().decisions[i];
        auto const& finding = record.findings()[i];
        if (decided.action != effect)
            continue;
        entries.push_back({source_of(finding),
                           finding.package.ecosystem,
                           finding.package.version,
                           -static_cast<int>(finding.severity),
                           !finding.fixed_version.empty(),
                           finding.is_new,
                           decided.by(),
                           finding.id,
                           &finding,
                           bits.at(finding.platform)});
    }
    std::sort(entries.begin(), entries.end(), [](Entry const& a, Entry const& b) {
        return std::tuple(a.group(), a.line(), a.id, a.platform) <
               std::tuple(b.group(), b.line(), b.id, b.platform);
    });
    return entries;
}

void add_once(std::vector<std::string_view>& names, std::string_view name) {
    auto const at = std::lower_bound(names.begin(), names.end(), name);
    if (at == names.end() || *at != name)
        names.insert(at, name);
}

// The part of a group that grows with each of its entries.
class Grower {
  public:
    Grower(Record const& record, Entry const& first) : record_(record) {
        group_.package = first.package;
        group_.ecosystem = first.ecosystem;
        group_.installed = first.installed;
        group_.instruction = record.instruction(*first.finding);
        group_.is_base = first.finding->is_base_layer;
    }

    void add(Entry const& entry) {
        auto const& finding = *entry.finding;
        ++group_.findings;
        ++group_.severities.at(static_cast<std::size_t>(finding.severity));
        add_once(group_.binaries, finding.package.name);
        if (group_.instruction != record_.instruction(finding))
            group_.instruction = {};
        if (group_.is_base != finding.is_base_layer)
            group_.is_base = std::nullopt;
        if (entry.has_fix)
            add_fix(finding.fixed_version);
        if (group_.lines.empty() || last_line_ != entry.line())
            group_.lines.push_back(
                {finding.severity, entry.has_fix, entry.is_new, entry.rule, 0, {}});
        last_line_ = entry.line();
        auto& line = group_.lines.back();
        line.platforms |= entry.platform;
        if (line.ids.empty() || line.ids.back() != entry.id)
            line.ids.push_back(entry.id);
    }

    PackageGroup done() && {
        if (!is_ordered_)
            group_.to = {};
        return std::move(group_);
    }

  private:
    void add_fix(std::string_view version) {
        ++group_.with_fix;
        if (group_.to.empty() || group_.to == version) {
            group_.to = version;
            return;
        }
        auto const order = finding::compare_versions(group_.ecosystem, group_.to, version);
        is_ordered_ = is_ordered_ && order.has_value();
        if (order && *order < 0)
            group_.to = version;
    }

    Record const& record_;
    PackageGroup group_;
    std::tuple<int, bool, bool, std::uint32_t> last_line_;
    bool is_ordered_ = true;
};

} // namespace

std::vector<PackageGroup> package_groups(Record const& record, policy::Effect effect) {
    std::vector<PackageGroup> groups;
    auto const entries = entries_of(record, effect);
    for (auto from = entries.begin(); from != entries.end();) {
        auto const end = std::find_if(
            from, entries.end(), [&](Entry const& e) { return e.group() != from->group(); });
        Grower grower(record, *from);
        std::for_each(from, end, [&](Entry const& entry) { grower.add(entry); });
        groups.push_back(std::move(grower).done());
        from = end;
    }
    auto const rank = [](PackageGroup const& group) {
        return std::tuple(-static_cast<int>(group.lines.front().severity),
                          -static_cast<std::ptrdiff_t>(group.findings),
                          group.package,
                          group.ecosystem,
                          group.installed);
    };
    std::sort(groups.begin(), groups.end(), [&](PackageGroup const& a, PackageGroup const& b) {
        return rank(a) < rank(b);
    });
    return groups;
}

} // namespace clairgate::report
