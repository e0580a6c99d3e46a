#pragma once

#include <clairgate/gate/evidence_choice.hpp>
#include <clairgate/gate/facts.hpp>
#include <clairgate/image/reference.hpp>
#include <clairgate/io/world.hpp>
#include <clairgate/policy/baseline.hpp>
#include <clairgate/registry/client.hpp>
#include <clairgate/registry/evidence_memory.hpp>
#include <clairgate/sign/key.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace clairgate::gate {

/// The signed report of another image as a baseline (`--against REF@DIGEST`): its newest one that
/// the key or identity of `trust` proves. Kind policy when there is none: a comparison that was
/// asked for must not silently be missing.
io::Task<Result<EarlierScan>> signed_baseline(io::World& world,
                                              registry::Options options,
                                              image::Reference reference,
                                              TrustChoice trust,
                                              Deadline deadline);

/// By what a run recognises what it wrote before.
struct OwnEvidence {
    sign::PublicKey key;
    std::shared_ptr<registry::EvidenceMemory> memory; ///< of this run; nothing: none is kept
};

/// What earlier evidence of this very image, signed with this key, knows of dates. Evidence that is
/// not acceptable does not count; nothing found is no error.
io::Task<Result<std::vector<policy::Baseline>>> earlier_evidence(io::World& world,
                                                                 registry::Options options,
                                                                 image::Reference reference,
                                                                 OwnEvidence own,
                                                                 Deadline deadline);

} // namespace clairgate::gate
