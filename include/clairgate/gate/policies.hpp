#pragma once

#include <clairgate/image/reference.hpp>
#include <clairgate/io/world.hpp>
#include <clairgate/policy/load.hpp>
#include <clairgate/registry/client.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace clairgate::gate {

/// One `--policy-source [LEVEL=]git:COMMIT | oci:REF@DIGEST | oci:REF:TAG` (signed).
struct PolicySource {
    std::optional<policy::Level> level; ///< nothing: all levels that no other source has
    std::string text;                   ///< without the level: "git:…"
    std::string commit;                 ///< of git
    std::optional<image::Reference> artifact;
};

/// Whose policy, and for whom.
struct PolicyChoice {
    std::filesystem::path folder = ".clairgate/policy";
    bool is_named = false; ///< false: only the default place, where absence means the built-in one
    std::vector<PolicySource> sources;
    bool may_be_untrusted = false;
    std::optional<std::string> key; ///< `--policy-key`: whose signature makes a tag acceptable
    std::vector<policy::Context> contexts = {{}}; ///< one per environment, at least one
};

/// The policy files of a run, and whether somebody could have changed them on the way.
struct PolicyFiles {
    std::vector<policy::SourceFile> files;
    bool is_trusted = false;
    std::vector<std::string> notes;
    /// In a change request: what the change itself would make of the files; the base's count.
    std::optional<std::vector<policy::SourceFile>> proposed;
};

/// Finds the files (design section 8, "Whose policy"): the named sources; in a change request the
/// base commit's; else the working tree. Kind policy where a change request's base is not there.
io::Task<Result<PolicyFiles>> read_policy_files(io::World& world,
                                                PolicyChoice choice,
                                                registry::Options registry,
                                                Deadline deadline);

/// The policies of all contexts, in their order. Exceptions that a change request adds to
/// application files count where the base's policy says `[exceptions] from_change = true`; else
/// they are noted as pending.
Result<std::vector<policy::Policy>> policies_of(PolicyFiles const& files,
                                                std::vector<policy::Context> const& contexts);

/// Both: what a command judges by.
io::Task<Result<std::vector<policy::Policy>>>
load_policies(io::World& world, PolicyChoice choice, registry::Options registry, Deadline deadline);

} // namespace clairgate::gate
