#pragma once

#include <clairgate/gate/evidence_choice.hpp>
#include <clairgate/gate/proof.hpp>
#include <clairgate/image/reference.hpp>
#include <clairgate/io/world.hpp>
#include <clairgate/registry/client.hpp>

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace clairgate::gate {

/// How far ahead of our clock a signed time may be.
inline constexpr auto clock_skew_max = std::chrono::minutes(5);

/// What was looked at, and what of it was proven.
struct Found {
    std::vector<ProvenReport> reports;
    std::vector<Refusal> refusals;
};

/// Everything that one bundle file holds: a bundle a line (JSON Lines), one laid out over several
/// lines, or one report when unsigned evidence may be believed. Kind file where it cannot be read,
/// limit beyond 1,000 lines.
struct Piece {
    registry::EvidenceForm form = registry::EvidenceForm::bundle;
    std::string bytes;
    std::string where;
    bool is_unsigned = false;
};
Result<std::vector<Piece>> pieces_of_file(std::string const& file, bool may_be_unsigned);

/// What is looked for beside an image.
struct PiecesWish {
    bool is_envelope_wanted = true; ///< an identity is proven from bundles alone
    std::shared_ptr<registry::EvidenceMemory> memory = nullptr; ///< of this run
};

/// The evidence beside repository@digest. Errors are those of the registry.
io::Task<Result<std::vector<Piece>>> pieces_of_registry(io::World& world,
                                                        registry::Options options,
                                                        image::Reference reference,
                                                        PiecesWish wish,
                                                        Deadline deadline);

/// The key that `--key` names; nothing where an identity is trusted instead.
io::Task<Result<std::optional<sign::PublicKey>>>
trusted_key(io::World& world, TrustChoice trust, Deadline deadline);

/// Proves each piece with the key, or where there is none through cosign for the identity.
io::Task<Result<Found>> prove_pieces(io::World& world,
                                     std::vector<Piece> pieces,
                                     std::optional<sign::PublicKey> key,
                                     TrustChoice trust,
                                     Demand demand,
                                     Deadline deadline);

/// The one that counts (design section 9): of those that name no time in the future the newest by
/// signed time; of several equally new ones the worst recorded verdict. An error (kind denied) says
/// which layer of proof failed where none counts.
Result<ProvenReport> newest(Found found, SystemTime now);

/// Whether evidence is recent enough. Kind denied: its age, and what allows it.
Result<void> check_age(ProvenReport const& report, Duration age_max, SystemTime now);

} // namespace clairgate::gate
