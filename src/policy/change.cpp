#include <clairgate/base/text.hpp>
#include <clairgate/policy/change.hpp>

#include <algorithm>
#include <set>

namespace clairgate::policy {

namespace {

SourceFile const* file_at(std::vector<SourceFile> const& files, std::string_view path) {
    auto const found = std::find_if(
        files.begin(), files.end(), [&](SourceFile const& file) { return file.path == path; });
    return found == files.end() ? nullptr : &*found;
}

// All of an exception that decides whom it lifts and for how long.
std::string key_of(Waiver const& waiver) {
    auto out = cat(waiver.expires, "|", waiver.ends_with_fix ? "fixable" : "");
    for (auto const& id : waiver.ids)
        out += cat("|", id);
    for (auto const& scope : waiver.scope)
        out += cat("|", scope.name, "=", scope.text);
    return out;
}

std::vector<Waiver> added(Layer const* base, Layer const& proposed) {
    std::set<std::string> known;
    if (base != nullptr)
        for (auto const& waiver : base->waivers)
            known.insert(key_of(waiver));
    std::vector<Waiver> out;
    for (auto const& waiver : proposed.waivers)
        if (!known.contains(key_of(waiver)))
            out.push_back(waiver);
    return out;
}

bool is_application(Level level) {
    return level == Level::application || level == Level::application_environment;
}

Layer& layer_at(Policy& policy, Level level, std::string const& file) {
    for (auto& layer : policy.layers)
        if (layer.level == level)
            return layer;
    Layer layer;
    layer.level = level;
    layer.file = file;
    policy.layers = merge(std::move(policy.layers), {layer});
    for (auto& other : policy.layers)
        if (other.level == level)
            return other;
    CLAIRGATE_ASSERT(false);
    return policy.layers.back();
}

} // namespace

std::vector<std::string> differences(std::vector<SourceFile> const& base,
                                     std::vector<SourceFile> const& proposed) {
    std::vector<std::string> out;
    for (auto const& file : proposed) {
        auto const* const before = file_at(base, file.path);
        if (before == nullptr)
            out.push_back(cat("this change adds ", file.path));
        else if (before->bytes != file.bytes)
            out.push_back(cat("this change alters ", file.path));
    }
    for (auto const& file : base)
        if (file_at(proposed, file.path) == nullptr)
            out.push_back(cat("this change removes ", file.path));
    return out;
}

Result<void> add_changed_exceptions(Policy& policy, std::vector<SourceFile> const& proposed) {
    auto const& context = policy.context;
    if (context.application.empty())
        return ok();
    bool const counts = policy.exceptions.from_change.value;
    for (auto const& path :
         {cat("application/", context.application, ".toml"),
          cat("application/", context.application, "@", context.environment, ".toml")}) {
        auto const* const file = file_at(proposed, path);
        if (file == nullptr)
            continue;
        auto const layer = parse_layer(*file);
        if (!layer.has_value()) {
            if (counts)
                return layer.error();
            policy.notes.push_back(
                {Origin{}, cat("the change's ", path, " is malformed: ", layer.error().text())});
            continue;
        }
        CLAIRGATE_ASSERT(is_application(layer->level));
        auto const known =
            std::find_if(policy.layers.begin(), policy.layers.end(), [&](Layer const& other) {
                return other.level == layer->level;
            });
        std::vector<Note> told;
        auto news = added(known == policy.layers.end() ? nullptr : &*known, *layer);
        for (auto& waiver : news) {
            told.push_back({waiver.origin,
                            cat("new in this change: ",
                                waiver.origin.rule,
                                " (",
                                place_of(waiver.origin),
                                ") by ",
                                waiver.owner,
                                counts ? ", counts for this change alone" : ", pending")});
            if (!counts) {
                policy.pending.push_back(std::move(waiver));
                continue;
            }
            if (policy.is_trusted || policy.files.empty() || policy.files.back().source != "change")
                policy.files.push_back({path, image::Digest::of(file->bytes).text(), "change"});
            policy.is_trusted = false;
            layer_at(policy, layer->level, path).waivers.push_back(std::move(waiver));
        }
        policy.notes.insert(policy.notes.begin(), told.begin(), told.end());
    }
    return ok();
}

Policy with_pending(Policy policy) {
    auto pending = std::move(policy.pending);
    policy.pending.clear();
    for (auto& waiver : pending) {
        auto const level = waiver.origin.level;
        auto const file = waiver.origin.file;
        layer_at(policy, level, file).waivers.push_back(std::move(waiver));
    }
    return policy;
}

} // namespace clairgate::policy
