#pragma once

#include <clairgate/sign/key.hpp>
#include <clairgate/sign/keyless.hpp>

/// Inside of sign: certificates of Fulcio (sigstore/fulcio, fulcio.proto,
/// CreateSigningCertificate).
namespace clairgate::sign {

/// A certificate for a key of ours, the leaf alone.
struct Certificate {
    std::string der;
};

/// The leaf in an answer of Fulcio, proven to hold `key`. Its issuer and its SCT are not looked at:
/// whoever verifies the bundle does. Kinds protocol, integrity.
Result<Certificate> certificate_of_answer(std::string_view text, PublicKey const& key);

/// Asks for a certificate of the token's identity. Only the public key and the proof that the
/// private one is ours leave.
io::Task<Result<Certificate>> request_certificate(io::World& world,
                                                  SigstoreService authority,
                                                  PrivateKey key,
                                                  IdentityToken identity,
                                                  Deadline deadline);

} // namespace clairgate::sign
