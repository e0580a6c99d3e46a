#pragma once

#include <clairgate/gate/evidence_choice.hpp>
#include <clairgate/gate/proof.hpp>
#include <clairgate/io/process.hpp>
#include <clairgate/io/world.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

/// Certificate identities are cosign's to verify: its program is run on the very bundle that is
/// read afterwards, and the envelope in that bundle counts.
namespace clairgate::gate {

/// What cosign is called with for one bundle file, without the program's own name. `has_times`:
/// the bundle has timestamps of an authority. One without has its time from a log of version 1.
std::vector<std::string> cosign_arguments(std::filesystem::path const& bundle,
                                          TrustChoice const& trust,
                                          image::Digest const& digest,
                                          bool has_times);

/// Runs `cosign verify-blob-attestation` on the bundle. A refusal of cosign's is a refusal with its
/// own words; kind config where there is no cosign, with the command to run by hand; kinds tool and
/// timeout where it cannot be run.
io::Task<Result<Proof<attest::Envelope>>> prove_identity(io::World& world,
                                                         std::string_view bundle,
                                                         TrustChoice const& trust,
                                                         image::Digest const& digest,
                                                         Deadline deadline);

} // namespace clairgate::gate
