#pragma once

#include <clairgate/gate/notary.hpp>
#include <clairgate/gate/policy_artifact.hpp>
#include <clairgate/image/reference.hpp>
#include <clairgate/io/world.hpp>
#include <clairgate/registry/client.hpp>

#include <string>

/// Signatures of policy artifacts, as `cosign sign` writes them since version 3: a bundle beside
/// the artifact with a statement of type https://sigstore.dev/cosign/sign/v1 about its digest.
namespace clairgate::gate {

/// What a tag of a policy artifact stands for, when a signature with this key says so: the
/// reference with its digest, read once. Kind policy where the tag or a valid signature is missing;
/// those of the key and of the registry.
io::Task<Result<image::Reference>> signed_policy(io::World& world,
                                                 registry::Options options,
                                                 image::Reference reference,
                                                 std::string key,
                                                 Deadline deadline);

/// Signs a policy artifact that was just pushed, and puts the signature beside it in the forms that
/// `storage` asks for. The notary has to outlive it.
io::Task<Result<void>> sign_policy(io::World& world,
                                   registry::Options options,
                                   image::Repository repository,
                                   PushedPolicy pushed,
                                   Notary& notary,
                                   Storage storage,
                                   Deadline deadline);

} // namespace clairgate::gate
