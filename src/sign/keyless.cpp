#include "fulcio.hpp"
#include "rekor.hpp"
#include "timestamp.hpp"
#include <clairgate/sign/keyless.hpp>

#include <algorithm>
#include <utility>

namespace clairgate::sign {

namespace {

bool is_old(SigstoreService const& log) {
    return log.api_version == 1;
}

// Whoever trusts the bundle verifies with the certificate's key: so do we, before it leaves.
Result<void> check_signature(Certificate const& certificate,
                             std::string_view message,
                             std::string_view signature) {
    auto const key = TRY(PublicKey::from_certificate(certificate.der));
    return key.verify(message, signature);
}

} // namespace

io::Task<Result<attest::Bundle>> sign_keyless(io::World& world,
                                              SigningServices services,
                                              IdentityToken identity,
                                              std::string statement,
                                              Deadline deadline) {
    LogRequest request;
    request.envelope.payload = std::move(statement);
    request.envelope.payload_type = attest::payload_type;
    auto const message = attest::pae(request.envelope.payload_type, request.envelope.payload);
    CO_TRY(auto const key, PrivateKey::generate());
    CO_TRY(request.envelope.signature, key.sign(message));
    auto const& signature = request.envelope.signature;
    // Before anything is said to anybody: certificates and log entries are public for ever.
    if (std::any_of(services.logs.begin(), services.logs.end(), is_old))
        CO_TRY_VOID(check_old_log_size(request.envelope));
    CO_TRY(request.certificate,
           co_await request_certificate(world, services.authority, key, identity, deadline));
    CO_TRY_VOID(check_signature(request.certificate, message, signature));
    attest::Bundle bundle;
    for (auto const& authority : services.timestamps) {
        CO_TRY(auto timestamp, co_await fetch_timestamp(world, authority, signature, deadline));
        bundle.timestamps.push_back(std::move(timestamp));
    }
    for (auto const& log : services.logs) {
        CO_TRY(auto entry, co_await log_signature(world, log, request, deadline));
        bundle.log_entries.push_back(std::move(entry));
    }
    bundle.certificate = std::move(request.certificate.der);
    bundle.envelope = std::move(request.envelope);
    co_return bundle;
}

} // namespace clairgate::sign
