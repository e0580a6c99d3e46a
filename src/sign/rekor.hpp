#pragma once

#include "fulcio.hpp"
#include <clairgate/attest/envelope.hpp>

/// Inside of sign: entries of transparency logs (Rekor), as TransparencyLogEntry objects
/// (sigstore_rekor.proto).
namespace clairgate::sign {

/// What a log is told: a signature of ours with what it is over.
struct LogRequest {
    attest::Envelope envelope;
    Certificate certificate;
};

/// Puts the signature into the log and gives back the entry, compact, checked to be about this very
/// signature. Its proof of inclusion is for verifiers. `request` outlives the task.
io::Task<Result<std::string>>
log_signature(io::World& world, SigstoreService log, LogRequest const& request, Deadline deadline);

/// Rekor v1 gets the whole envelope: kind limit where it is more than that service takes.
Result<void> check_old_log_size(attest::Envelope const& envelope);

/// The body to post to Rekor v1 (dsse 0.0.1), and the entry of its answer. Kinds protocol,
/// integrity.
std::string dsse_request(LogRequest const& request);
Result<std::string> entry_of_old_log(std::string_view answer, LogRequest const& request);

/// The same of Rekor v2 (hashedrekord 0.0.2 over SHA-256 of the envelope's PAE).
std::string hashedrekord_request(LogRequest const& request);
Result<std::string> entry_of_log(std::string_view answer, LogRequest const& request);

} // namespace clairgate::sign
