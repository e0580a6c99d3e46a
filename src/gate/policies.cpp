#include <clairgate/base/text.hpp>
#include <clairgate/gate/change_request.hpp>
#include <clairgate/gate/policies.hpp>
#include <clairgate/gate/policy_artifact.hpp>
#include <clairgate/gate/policy_folder.hpp>
#include <clairgate/gate/policy_git.hpp>
#include <clairgate/gate/policy_place.hpp>
#include <clairgate/gate/policy_signature.hpp>
#include <clairgate/gate/work_tree.hpp>
#include <clairgate/policy/change.hpp>

#include <algorithm>

namespace clairgate::gate {

namespace {

namespace fs = std::filesystem;
using Files = std::vector<policy::SourceFile>;
using Place = PolicyPlace;

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
    auto name = source.text;
    if (source.artifact) {
        auto reference = *source.artifact;
        if (!reference.digest()) {
            auto const key = choice.key.value_or("");
            CO_TRY(reference, co_await signed_policy(world, registry, reference, key, deadline));
            name = cat("oci:", reference.text());
        }
        CO_TRY(files, co_await policy_of_artifact(world, registry, reference, deadline));
    } else {
        auto const place = policy_place(choice.folder);
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
    mark(files, name);
    co_return files;
}

bool is_of_level(policy::SourceFile const& file, policy::Level level) {
    auto const role = policy::role_of(file.path);
    if (!role.has_value())
        return false; // the loader says what is wrong with it
    bool const is_application = role->level == policy::Level::application_environment;
    return (is_application ? policy::Level::application : role->level) == level;
}

Result<PolicyFiles> from_base(PolicyChoice const& choice,
                              Place const& place,
                              ChangeRequest const& change,
                              std::string const& base) {
    PolicyFiles out;
    out.files = TRY(policy_of_commit(place.clone, base, place.folder));
    mark(out.files, cat("git:", base));
    if (out.files.empty() && choice.is_named)
        return Error(
                   ErrorKind::policy,
                   cat("the base commit ", base.substr(0, 12), " has no ", choice.folder.string()))
            .with_remedy("name a trusted policy with --policy-source, or believe the change with "
                         "--allow-untrusted-policy");
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
    constexpr std::size_t differences_max = 20;
    auto const differences = policy::differences(out.files, *proposed);
    for (std::size_t i = 0; i < std::min(differences.size(), differences_max); ++i)
        out.notes.push_back(differences[i]);
    if (differences.size() > differences_max)
        out.notes.push_back(
            cat("this change alters ", differences.size() - differences_max, " more files"));
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

Error no_base(ChangeRequest const& change, std::optional<Error> const& why) {
    auto const what = cat(change.system,
                          " could have edited the policy in the tree, and its base commit's cannot "
                          "be read");
    if (why)
        return Error(ErrorKind::policy, cat(what, ": ", why->text()))
            .with_remedy(cat(why->remedy().empty() ? "" : cat(why->remedy(), "; or "),
                             "believe the change with --allow-untrusted-policy"));
    return Error(ErrorKind::policy, cat(what, ": nothing says which commit it is"))
        .with_remedy("name a trusted policy with --policy-source git:COMMIT (a commit of the "
                     "target branch), or believe the change with --allow-untrusted-policy");
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
            out.is_trusted = true; // also of what is not there
        }
    }
    if (out.files.empty())
        out.files = TRY(read_policy_folder(choice.folder, choice.is_named));
    return out;
}

// Whether the folder is below where the change was unpacked, with or without a `.git`.
bool is_in_workspace(fs::path const& folder, io::Environment const& environment) {
    std::error_code failed;
    std::vector<fs::path> workspaces{fs::current_path(failed)};
    for (auto const* const name : {"GITHUB_WORKSPACE",
                                   "CI_PROJECT_DIR",
                                   "BITBUCKET_CLONE_DIR",
                                   "BUILD_SOURCESDIRECTORY",
                                   "WORKSPACE"})
        if (auto const value = environment.value(name); value && !value->empty())
            workspaces.emplace_back(*value);
    auto const real = fs::weakly_canonical(folder, failed);
    return failed || std::any_of(workspaces.begin(), workspaces.end(), [&](fs::path const& one) {
               auto const relative = real.lexically_relative(fs::weakly_canonical(one, failed));
               return failed || (!relative.empty() && *relative.begin() != "..");
           });
}

Result<PolicyFiles> from_folder(PolicyChoice const& choice, io::Environment const& environment) {
    auto const place = policy_place(choice.folder);
    auto const change = TRY(change_request_of(environment));
    bool const is_elsewhere =
        choice.is_named && !place && !is_in_workspace(choice.folder, environment);
    if (!change || is_elsewhere) // which is not the change's to edit
        return from_tree(choice, place);
    std::optional<Error> why;
    if (place) {
        auto const base = TRY(base_of(*change, *place));
        if (base) {
            auto files = from_base(choice, *place, *change, *base);
            if (files.has_value())
                return files;
            why = files.error();
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

// Each level from its own source, the rest from the source without a level, else as without any
// source: a change request does not judge itself on the other levels.
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
        auto const before = out.files.size();
        for (auto& file : files) {
            if (auto const role = policy::role_of(file.path); !role.has_value())
                co_return role.error().with_context(source.text);
            if (is_of_level(file, *source.level))
                out.files.push_back(std::move(file));
        }
        if (*source.level == policy::Level::global && out.files.size() == before)
            co_return Error(ErrorKind::policy, cat(source.text, " holds no global.toml"))
                .with_remedy("publish the folder that holds it: clairgate policy push");
    }
    auto const is_taken = [&](policy::SourceFile const& file) {
        return std::any_of(taken.begin(), taken.end(), [&](policy::Level level) {
            return is_of_level(file, level);
        });
    };
    if (!rest) {
        auto others = from_folder(choice, world.environment);
        if (!others.has_value())
            co_return others.error();
        out.notes = std::move(others->notes);
        out.proposed = std::move(others->proposed);
        if (out.proposed) {
            std::erase_if(*out.proposed, is_taken);
            out.proposed->insert(out.proposed->end(), out.files.begin(), out.files.end());
        }
        rest = std::move(others->files);
        out.is_trusted = others->is_trusted;
    }
    for (auto& file : *rest)
        if (!is_taken(file))
            out.files.push_back(std::move(file));
    co_return out;
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
