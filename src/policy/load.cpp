#include <clairgate/base/text.hpp>
#include <clairgate/image/digest.hpp>
#include <clairgate/policy/load.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace clairgate::policy {

namespace {

constexpr std::size_t name_bytes_max = 128;
constexpr std::string_view places[] = {
    "global.toml", "cluster", "environment", "application", "tests"};
constexpr std::string_view suffix = ".toml";

Error stray(std::string_view path) {
    auto const folder = path.substr(0, path.find('/'));
    return Error(ErrorKind::policy, cat("is no policy file", did_you_mean(folder, places)))
        .with_position({std::string(path), 0, 0})
        .with_remedy(
            "policy files are global.toml, cluster/NAME.toml, environment/NAME.toml, "
            "application/NAME.toml, application/NAME@ENVIRONMENT.toml and tests/NAME.toml; "
            "names match [a-z0-9][a-z0-9._-]*");
}

using Tree = std::map<std::string, SourceFile const*, std::less<>>;

// The paths of all files, each a policy file and there once.
Result<Tree> tree_of(std::vector<SourceFile> const& files) {
    Tree tree;
    std::vector<Error> mistakes;
    for (auto const& file : files) {
        auto const role = role_of(file.path);
        if (!role.has_value())
            mistakes.push_back(role.error());
        else if (!tree.emplace(file.path, &file).second)
            mistakes.push_back(
                Error(ErrorKind::policy, "is given twice").with_position({file.path, 0, 0}));
    }
    if (!mistakes.empty())
        return all_mistakes(std::move(mistakes));
    return tree;
}

Error no_file(std::string_view flag, std::string_view path, std::string_view hint) {
    return Error(ErrorKind::policy, cat("there is no ", path, " in the policy folder", hint))
        .with_remedy(cat("write it, or correct --", flag));
}

Error no_parent(Setting<std::string> const& cluster) {
    auto const& at = cluster.origin;
    return Error(ErrorKind::policy, cat("there is no cluster/", cluster.value, suffix))
        .with_position({at.file, at.line, at.column})
        .with_remedy("write it, or correct cluster here");
}

// Parses what the context asks for, and keeps the record of what was read.
class Selection {
  public:
    explicit Selection(Tree const& tree) : tree_(tree) {}

    /// Whether the file is there; its mistakes are collected.
    Layer const* take(std::string const& path) {
        auto const found = tree_.find(path);
        if (found == tree_.end())
            return nullptr;
        auto const& file = *found->second;
        records.push_back({file.path, image::Digest::of(file.bytes).text(), file.source});
        auto layer = parse_layer(file, mistakes);
        if (!layer)
            return nullptr;
        layers.push_back(*std::move(layer));
        return &layers.back();
    }
    bool has(std::string const& path) const { return tree_.contains(path); }
    /// " (did you mean X?)" by the files of that folder, or "".
    std::string hint(std::string_view folder, std::string_view name) const {
        std::vector<std::string_view> names;
        for (auto const& [path, file] : tree_) {
            std::string_view text = path;
            if (!text.starts_with(cat(folder, "/")) || text.find('@') != std::string_view::npos)
                continue;
            text.remove_prefix(folder.size() + 1);
            text.remove_suffix(suffix.size());
            names.push_back(text);
        }
        return did_you_mean(name, names);
    }

    std::vector<Layer> layers;
    std::vector<FileRecord> records;
    std::vector<Error> mistakes;

  private:
    Tree const& tree_;
};

Result<void> check_name(std::string_view flag, std::string_view name) {
    if (name.empty() || is_level_name(name))
        return ok();
    return Error(ErrorKind::usage, cat("--", flag, ": \"", printable(name, 60), "\" is no name"))
        .with_remedy("names match [a-z0-9][a-z0-9._-]*");
}

// The environment says which cluster it is on; the flag may repeat it, not contradict it.
void take_environment(Selection& selection, Context& context) {
    if (context.environment.empty())
        return;
    auto const path = cat("environment/", context.environment, suffix);
    if (!selection.has(path))
        return selection.mistakes.push_back(
            no_file("environment", path, selection.hint("environment", context.environment)));
    auto const* const layer = selection.take(path);
    if (layer == nullptr || !layer->cluster)
        return;
    auto const cluster = *layer->cluster;
    if (!context.cluster.empty() && context.cluster != cluster.value)
        selection.mistakes.push_back(
            Error(ErrorKind::policy,
                  cat("environment ",
                      context.environment,
                      " is on cluster ",
                      cluster.value,
                      ", not on ",
                      context.cluster))
                .with_position({cluster.origin.file, cluster.origin.line, cluster.origin.column})
                .with_remedy("leave --cluster out"));
    else if (context.cluster.empty() && !selection.has(cat("cluster/", cluster.value, suffix)))
        selection.mistakes.push_back(no_parent(cluster));
    else
        context.cluster = cluster.value;
}

void take_cluster(Selection& selection, Context const& context) {
    if (context.cluster.empty())
        return;
    auto const path = cat("cluster/", context.cluster, suffix);
    if (!selection.has(path))
        return selection.mistakes.push_back(
            no_file("cluster", path, selection.hint("cluster", context.cluster)));
    (void)selection.take(path);
}

std::vector<Note> take_application(Selection& selection, Context const& context) {
    std::vector<Note> notes;
    if (context.application.empty())
        return notes;
    auto const path = cat("application/", context.application, suffix);
    auto const there = cat("application/", context.application, "@", context.environment, suffix);
    if (selection.has(path))
        (void)selection.take(path);
    if (!context.environment.empty() && selection.has(there))
        (void)selection.take(there);
    if (!selection.has(path) && !selection.has(there))
        notes.push_back({Origin{Level::application, path, 0, 0, "application"},
                         cat("there is no ",
                             path,
                             selection.hint("application", context.application),
                             ": the application inherits everything")});
    return notes;
}

} // namespace

bool is_level_name(std::string_view name) {
    auto const is_start = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    return !name.empty() && name.size() <= name_bytes_max && is_start(name.front()) &&
           std::all_of(name.begin(), name.end(), [&](char c) {
               return is_start(c) || c == '.' || c == '_' || c == '-';
           });
}

Result<FileRole> role_of(std::string_view path) {
    if (path == "global.toml")
        return FileRole{Level::global, "", "", false};
    auto const slash = path.find('/');
    if (slash == std::string_view::npos || !path.ends_with(suffix))
        return stray(path);
    auto const folder = path.substr(0, slash);
    auto name = path.substr(slash + 1);
    name.remove_suffix(suffix.size());
    auto const at = name.find('@');
    auto const environment = at == std::string_view::npos ? "" : name.substr(at + 1);
    bool const has_environment = at != std::string_view::npos;
    name = name.substr(0, at);
    if (!is_level_name(name) || (has_environment && !is_level_name(environment)))
        return stray(path);
    if (folder == "application")
        return FileRole{has_environment ? Level::application_environment : Level::application,
                        std::string(name),
                        std::string(environment),
                        false};
    if (has_environment)
        return stray(path);
    if (folder == "cluster")
        return FileRole{Level::cluster, std::string(name), "", false};
    if (folder == "environment")
        return FileRole{Level::environment, std::string(name), "", false};
    if (folder == "tests")
        return FileRole{Level::global, std::string(name), "", true};
    return stray(path);
}

Result<Policy> load(std::vector<SourceFile> const& files, Context const& given) {
    TRY_VOID(check_name("cluster", given.cluster));
    TRY_VOID(check_name("environment", given.environment));
    TRY_VOID(check_name("application", given.application));
    auto const tree = TRY(tree_of(files));
    auto context = given;
    Selection selection(tree);
    (void)selection.take("global.toml");
    take_environment(selection, context);
    take_cluster(selection, context);
    auto notes = take_application(selection, context);
    if (!selection.mistakes.empty())
        return all_mistakes(std::move(selection.mistakes));
    auto policy = resolve(std::move(selection.layers), std::move(context));
    policy.notes.insert(policy.notes.end(), notes.begin(), notes.end());
    policy.files = std::move(selection.records);
    std::sort(policy.files.begin(), policy.files.end(), [](auto const& a, auto const& b) {
        return a.path < b.path;
    });
    for (auto const& file : policy.files) {
        if (file.path == policy.files.front().path)
            policy.source = file.source;
        else if (policy.source.find(file.source) == std::string::npos)
            policy.source += cat(", ", file.source);
    }
    return policy;
}

std::vector<Error> mistakes_of_tree(std::vector<SourceFile> const& files) {
    std::vector<Error> mistakes;
    auto const keep = [&mistakes](Error const& error) {
        mistakes.push_back(error);
        for (auto const& other : error.also())
            mistakes.push_back(other);
    };
    if (auto const tree = tree_of(files); !tree.has_value())
        keep(tree.error());
    std::set<std::string_view> paths;
    for (auto const& file : files)
        paths.insert(file.path);
    for (auto const& file : files) {
        auto const role = role_of(file.path);
        if (!role.has_value() || role->is_test)
            continue;
        auto const layer = parse_layer(file);
        if (!layer.has_value()) {
            keep(layer.error());
            continue;
        }
        auto const& cluster = layer->cluster;
        if (cluster && !paths.contains(cat("cluster/", cluster->value, suffix)))
            mistakes.push_back(no_parent(*cluster));
        auto const environment = cat("environment/", role->environment, suffix);
        if (!role->environment.empty() && !paths.contains(environment))
            mistakes.push_back(Error(ErrorKind::policy, cat("there is no ", environment))
                                   .with_position({file.path, 0, 0})
                                   .with_remedy("write it, or correct the name of this file"));
    }
    return mistakes;
}

} // namespace clairgate::policy
