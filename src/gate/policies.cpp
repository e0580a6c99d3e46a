#include <clairgate/base/text.hpp>
#include <clairgate/gate/change_request.hpp>
#include <clairgate/gate/policies.hpp>
#include <clairgate/gate/policy_artifact.hpp>
#include <clairgate/gate/policy_folder.hpp>
#include <clairgate/gate/policy_git.hpp>
#include <clairgate/gate/work_tree.hpp>
#include <clairgate/policy/change.hpp>

#include <algorithm>

namespace clairgate::gate {

namespace {

namespace fs = std::filesystem;
using Files = std::vector<policy::SourceFile>;

// The folder as a clone knows it.
struct Place {
    fs::path clone;
    std::string folder; // "/"-relative
};

std::optional<Place> place_of(fs::path const& folder) {
    auto const place = fs::absolute(folder).lexically_normal();
    auto const tree = work_tree_of(place);
    if (!tree)
        return std::nullopt;
    std::error_code failed;
    auto const real = fs::weakly_canonical(place, failed);
    auto relative = (failed ? place : real).lexically_relative(*tree).generic_string();
    while (relative.ends_with('/'))
        relative.pop_back();
    if (relative == ".")
        relative.clear();
    return Place{*tree, std::move(relative)};
}

void mark(Files& files, std::string const& source) {
    for (auto& file : files)
        file.source = source;
}

io::Task<Result<Files>> files_of(io::World& world,
                                 PolicySource source,
                                 PolicyChoice const& choice,
                                 registry::Options const& registry,
                                 Deadline deadline) {
    Files files;
    if (source.artifact) {
        CO_TRY(files, co_await policy_of_artifact(world, registry, *source.artifact, deadline));
    } else {
        auto const place = place_of(choice.folder);
        if (!place)
            co_return Error(ErrorKind::policy, cat(choice.folder.string(), " is in no git clone"))
                .with_remedy("--policy DIR names the folder in the clone that --policy-source "
                             "git:COMMIT reads");
        auto read = policy_of_commit(place->clone, source.commit, place->folder);
        if (!read.has_value())
            co_return std::move(read).with_context("--policy-source");
        files = *std::move(read);
    }
    if (files.empty())
        co_return Error(ErrorKind::policy, cat(source.text, " holds no policy file"));
    mark(files, source.text);
    co_return files;
}

bool is_of_level(policy::SourceFile const& file, policy::Level level) {
    auto const role = policy::role_of(file.path);
    if (!role.has_value())
        return false; // the loader says what is wrong with it
    bool const is_application = role->level == policy::Level::application_environment;
    return (is_application ? policy::Level::application : role->level) == level;
}

// Each level from its own source, the rest from the source without a level, else from the folder,
// which then is not trusted.
io::Task<Result<PolicyFiles>>
from_sources(io::World& world, PolicyChoice choice, registry::Options registry, Deadline deadline) {
    PolicyFiles out;
    out.is_trusted = true;
    std::vector<policy::Level> taken;
    std::optional<Files> rest;
    for (auto const& source : choice.sources) {
        CO_TRY(auto files, co_await files_of(world, source, choice, registry, deadline));
        if (!source.level) {
            if (rest)
                co_return Error(ErrorKind::usage, "two --policy-source for all levels")
                    .with_remedy("name the level of one: --policy-source global=…");
            rest = std::move(files);
            continue;
        }
        if (std::find(taken.begin(), taken.end(), *source.level) != taken.end())
            co_return Error(
                ErrorKind::usage,
                cat("two --policy-source for the level ", policy::to_string(*source.level)));
        taken.push_back(*source.level);
        for (auto& file : files)
            if (is_of_level(file, *source.level))
                out.files.push_back(std::move(file));
    }
    if (!rest) {
        auto read = read_policy_folder(choice.folder, choice.is_named);
        if (!read.has_value())
            co_return read.error();
        rest = *std::move(read);
    }
    for (auto& file : *rest) {
        bool const is_taken = std::any_of(taken.begin(), taken.end(), [&](policy::Level level) {
            return is_of_level(file, level);
        });
        if (is_taken)
            continue;
        out.is_trusted = out.is_trusted && file.source != "folder";
        out.files.push_back(std::move(file));
    }
    co_return out;
}

Result<PolicyFiles> from_base(PolicyChoice const& choice,
                              Place const& place,
                              ChangeRequest const& change,
                              std::string const& base) {
    PolicyFiles out;
    out.files = TRY(policy_of_commit(place.clone, base, place.folder));
    mark(out.files, cat("git:", base));
    out.is_trusted = true;
    out.notes.push_back(cat(change.system,
                            ": the policy of its base commit ",
                            base.substr(0, 12),
                            " decides, not the one in the tree"));
    auto proposed = read_policy_folder(choice.folder, false);
    if (!proposed.has_value()) {
        out.notes.push_back(
            cat("the change's own policy cannot be read: ", proposed.error().text()));
        return out;
    }
    for (auto const& line : policy::differences(out.files, *proposed))
        out.notes.push_back(line);
    out.proposed = *std::move(proposed);
    return out;
}

// The commit whose policy a change request is judged by: proven by its merge where there is one.
Result<std::optional<std::string>> base_of(ChangeRequest const& change, Place const& place) {
    if (change.merge_commit)
        if (auto parent = TRY(first_parent_of_merge(place.clone, *change.merge_commit)))
            return parent;
    return change.base_commit;
}

Error no_base(ChangeRequest const& change, std::string const& why) {
    return Error(ErrorKind::policy,
                 cat(change.system,
                     " could have edited the policy in the tree, and its base commit is not at "
                     "hand",
                     why))
        .with_remedy("fetch the base commit (git fetch --depth=1 origin COMMIT), name a trusted "
                     "one with --policy-source, or believe the change with "
                     "--allow-untrusted-policy");
}

Result<PolicyFiles> from_tree(PolicyChoice const& choice, std::optional<Place> const& place) {
    PolicyFiles out;
    if (place) {
        auto const clean = clean_commit(place->clone, place->folder);
        auto const commit = clean.has_value() ? clean->value_or("") : std::string();
        if (!commit.empty()) {
            // From the objects, which nothing can change between this look and the reading.
            out.files = TRY(policy_of_commit(place->clone, commit, place->folder));
            mark(out.files, cat("git:", commit));
            out.is_trusted = !out.files.empty();
        }
    }
    if (out.files.empty())
        out.files = TRY(read_policy_folder(choice.folder, choice.is_named));
    return out;
}

Result<PolicyFiles> from_folder(PolicyChoice const& choice, io::Environment const& environment) {
    auto const place = place_of(choice.folder);
    auto const change = TRY(change_request_of(environment));
    // A folder outside of the clone is not the change's to edit.
    if (!change || (choice.is_named && !place))
        return from_tree(choice, place);
    std::string why;
    if (place) {
        auto const base = TRY(base_of(*change, *place));
        if (base) {
            auto files = from_base(choice, *place, *change, *base);
            if (files.has_value())
                return files;
            why = cat(": ", files.error().text());
        }
    }
    if (!choice.may_be_untrusted)
        return no_base(*change, why);
    PolicyFiles out;
    out.files = TRY(read_policy_folder(choice.folder, choice.is_named));
    out.notes.push_back(
        cat(change->system, ": its own policy decides, since --allow-untrusted-policy says so"));
    return out;
}

} // namespace

io::Task<Result<PolicyFiles>> read_policy_files(io::World& world,
                                                PolicyChoice choice,
                                                registry::Options registry,
                                                Deadline deadline) {
    if (!choice.sources.empty())
        co_return co_await from_sources(world, choice, registry, deadline);
    co_return from_folder(choice, world.environment);
}

Result<std::vector<policy::Policy>> policies_of(PolicyFiles const& files,
                                                std::vector<policy::Context> const& contexts) {
    std::vector<policy::Policy> policies;
    for (auto const& context : contexts) {
        auto policy = TRY(policy::load(files.files, context));
        policy.is_trusted = files.is_trusted && !policy.files.empty();
        for (auto const& note : files.notes)
            policy.notes.push_back({policy::Origin{}, note});
        if (files.proposed)
            TRY_VOID(policy::add_changed_exceptions(policy, *files.proposed));
        policies.push_back(std::move(policy));
    }
    return policies;
}

io::Task<Result<std::vector<policy::Policy>>> load_policies(io::World& world,
                                                            PolicyChoice choice,
                                                            registry::Options registry,
                                                            Deadline deadline) {
    auto const contexts = choice.contexts;
    CO_TRY(auto const files,
           co_await read_policy_files(world, std::move(choice), std::move(registry), deadline));
    co_return policies_of(files, contexts);
}

} // namespace clairgate::gate
