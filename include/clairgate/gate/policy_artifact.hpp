#pragma once

#include <clairgate/image/reference.hpp>
#include <clairgate/io/world.hpp>
#include <clairgate/policy/load.hpp>
#include <clairgate/registry/client.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Policy kept in a registry (design section 8, `oci:REF@DIGEST`): an OCI artifact of type
/// `application/vnd.clairgate.policy.v1` with one layer for each file. Other tools can write it:
/// `oras push --artifact-type application/vnd.clairgate.policy.v1 REF
/// global.toml:application/vnd.clairgate.policy.file.v1+toml`.
namespace clairgate::gate {

/// The policy files of the artifact, sorted by path. The reference needs a digest (kind usage).
/// Errors: protocol (no such artifact, a file that is not *.toml), limit (`policy_limits`),
/// integrity (other bytes than the digests say) and those of the registry.
io::Task<Result<std::vector<policy::SourceFile>>> policy_of_artifact(io::World& world,
                                                                     registry::Options options,
                                                                     image::Reference reference,
                                                                     Deadline deadline);

/// A policy artifact as it is in the registry.
struct PushedPolicy {
    image::Digest digest; ///< of the manifest
    std::uint64_t size_bytes = 0;
};

/// Pushes policy files under a tag and gives the digest to name in `--policy-source`. The same
/// files have the same digest. Kinds usage (no file, a path that cannot be pulled again, a
/// reference that is not a tag), limit, and those of the registry.
io::Task<Result<PushedPolicy>> push_policy(io::World& world,
                                           registry::Options options,
                                           std::vector<policy::SourceFile> files,
                                           image::Reference reference,
                                           Deadline deadline);

} // namespace clairgate::gate
