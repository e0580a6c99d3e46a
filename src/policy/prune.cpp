#include <clairgate/base/text.hpp>
#include <clairgate/policy/prune.hpp>
#include <clairgate/policy/toml_library.hpp>

#include <algorithm>

namespace clairgate::policy {

namespace {

struct Extent {
    std::uint32_t last_line = 0;
    bool is_inline = false;
};

// Where the [[allow]] tables of a file end, in their order. The parser gives a table the place of
// its header; it ends with the last of its values.
std::vector<Extent> extents_of(SourceFile const& file) {
    std::vector<Extent> out;
    auto const parsed = toml::parse(file.bytes, std::string_view(file.path));
    auto const* const tables = parsed ? parsed.table()["allow"].as_array() : nullptr;
    if (tables == nullptr)
        return out;
    for (auto const& item : *tables) {
        Extent extent{item.source().end.line, false};
        if (auto const* const table = item.as_table()) {
            extent.is_inline = table->is_inline();
            for (auto const& [key, value] : *table)
                extent.last_line = std::max(extent.last_line, value.source().end.line);
        }
        out.push_back(extent);
    }
    return out;
}

bool may_apply(FileRole const& role, Context const& context) {
    if (context == Context{})
        return true;
    switch (role.level) {
    case Level::cluster:
        return role.name == context.cluster;
    case Level::environment:
        return role.name == context.environment;
    case Level::application:
        return role.name == context.application;
    case Level::application_environment:
        return role.name == context.application && role.environment == context.environment;
    case Level::built_in:
    case Level::global:
        break;
    }
    return true;
}

} // namespace

Pruner::Pruner(std::vector<SourceFile> const& files, SystemTime now) : now_(now) {
    for (auto const& file : files) {
        auto const role = role_of(file.path);
        if (!role.has_value() || role->is_test)
            continue;
        if (role->level == Level::environment)
            environments_.push_back(role->name);
        add(file, *role);
    }
}

void Pruner::add(SourceFile const& file, FileRole const& role) {
    auto layer = parse_layer(file);
    if (!layer.has_value())
        return;
    auto const extents = extents_of(file);
    CLAIRGATE_ASSERT(extents.size() == layer->waivers.size()); // none was refused
    for (std::size_t i = 0; i < extents.size(); ++i) {
        auto const& waiver = layer->waivers[i];
        for (auto const& id : waiver.ids)
            by_id_[to_lower(id)].push_back(entries_.size());
        if (waiver.ids.empty())
            without_id_.push_back(entries_.size());
        entries_.push_back({waiver, role, extents[i].last_line, extents[i].is_inline});
    }
}

void Pruner::see(finding::ScanReport const& scan,
                 std::string_view repository,
                 std::vector<Context> const& contexts) {
    for (auto& entry : entries_)
        if (std::any_of(contexts.begin(), contexts.end(), [&](Context const& context) {
                return may_apply(entry.role, context);
            }))
            ++entry.scans;
    for (auto const& finding : scan.findings) {
        auto const look = [&](std::vector<std::size_t> const& indices) {
            for (auto const index : indices)
                for (auto const& context : contexts)
                    look_at(entries_[index], finding, repository, context);
        };
        look(without_id_);
        auto const by_name = [&](std::string const& id) {
            auto const found = by_id_.find(to_lower(id));
            if (found != by_id_.end())
                look(found->second);
        };
        by_name(finding.id);
        for (auto const& alias : finding.aliases)
            by_name(alias);
    }
}

void Pruner::look_at(Entry& entry,
                     finding::Finding const& finding,
                     std::string_view repository,
                     Context const& context) const {
    if (entry.is_used || !may_apply(entry.role, context))
        return;
    // What is not known may be what it is for.
    auto const covers = [&](std::string const& environment) {
        Facts const facts{finding, repository, environment, now_};
        return std::none_of(entry.waiver.scope.begin(),
                            entry.waiver.scope.end(),
                            [&](Condition const& one) { return one.test(facts) == Truth::no; });
    };
    if (!context.environment.empty())
        entry.is_used = covers(context.environment);
    else if (entry.role.level == Level::environment)
        entry.is_used = covers(entry.role.name);
    else if (entry.role.level == Level::application_environment)
        entry.is_used = covers(entry.role.environment);
    else
        entry.is_used = std::any_of(environments_.begin(), environments_.end(), covers);
}

std::vector<Deletion> Pruner::deletions() const {
    std::vector<Deletion> out;
    for (auto const& entry : entries_) {
        auto const& waiver = entry.waiver;
        std::string reason;
        if (now_ >= waiver.ends)
            reason = cat("expired on ", waiver.expires);
        else if (entry.scans == 1 && !entry.is_used)
            reason = "the one report has no finding that it speaks of";
        else if (entry.scans > 0 && !entry.is_used)
            reason = cat("none of ", entry.scans, " reports has a finding that it speaks of");
        if (!reason.empty())
            out.push_back({waiver.origin, entry.last_line, entry.is_inline, std::move(reason)});
    }
    return out;
}

std::size_t Pruner::unseen() const {
    return static_cast<std::size_t>(
        std::count_if(entries_.begin(), entries_.end(), [&](Entry const& entry) {
            return entry.scans == 0 && now_ < entry.waiver.ends;
        }));
}

} // namespace clairgate::policy
