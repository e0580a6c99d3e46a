#pragma once

#include <clairgate/gate/evidence.hpp>
#include <clairgate/registry/evidence.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace clairgate::gate {

/// What is needed to tell that older evidence of ours is replaced by a new one.
struct Replacement {
    std::optional<sign::PublicKey> key; ///< nothing: keyless, see `certificate`
    image::Digest digest;               ///< of the manifest it is beside
    std::string predicate_type;
    std::map<std::string, std::string> context;
    SystemTime finished;
    /// DER of the new signature's certificate: what has one of the same identity is ours. That is
    /// enough to remove it, never to believe it.
    std::optional<std::string> certificate = std::nullopt;
};

/// Whether a piece of evidence is replaced: the same signer, subject, predicate type and context,
/// and an earlier time (two runs of one second must not delete each other). What cannot be proven
/// to be so, stays.
bool is_replaced(registry::Evidence const& evidence, Replacement const& by);

/// How a signed report is attached.
struct AttachChoice {
    Storage storage = Storage::both;
    std::optional<sign::PublicKey> key;                         ///< that signed; nothing: keyless
    std::shared_ptr<registry::EvidenceMemory> memory = nullptr; ///< of this run
};

/// Puts a signed report beside every manifest it speaks of, in the forms that were chosen, and
/// prunes what it replaces.
/// Errors: those of `registry::attach_evidence`.
io::Task<Result<std::vector<registry::Attached>>> attach_report(io::World& world,
                                                                registry::Options options,
                                                                image::Subject const& subject,
                                                                report::Report const& report,
                                                                SignedReport const& evidence,
                                                                AttachChoice choice,
                                                                Deadline deadline);

} // namespace clairgate::gate
