#pragma once

#include <sign/openssl_peer.hpp>
#include <string>
#include <string_view>
#include <support/loopback_server.hpp>

/// What stands in for Sigstore's services: answers made from the requests, as the real ones make
/// them, but signed by nobody that anybody trusts.
namespace clairgate::test {

/// A JWT with these claims (JSON) and no signature worth the name.
std::string jwt(std::string_view claims);

/// Certificates and timestamps as openssl makes them.
class OpensslAuthority {
  public:
    OpensslAuthority();

    /// PEM of a certificate for that public key (PEM).
    std::string certify(std::string const& public_key_pem);
    /// DER of the answer to a timestamp request (DER).
    std::string stamp(std::string const& request);
    /// The same of an authority that takes no SHA-256.
    std::string refuse_to_stamp(std::string const& request);
    /// DER of a request for SHA-256 of those bytes without a nonce.
    std::string request_without_nonce(std::string const& bytes);
    /// Whether openssl itself accepts the timestamp of those bytes.
    bool verifies(std::string const& answer, std::string const& bytes);
    /// Of the authority's own certificate.
    std::string certificate_der();

  private:
    std::string reply(std::string const& section, std::string const& request);
    sign::OpenSslPeer peer_;
};

/// Fulcio's answer to a request, with that certificate in front of its chain.
Answer fulcio_answer(std::string const& certificate_pem);
/// The PEM public key of a request to Fulcio.
std::string requested_key(Received const& received);

/// The answers of Rekor v1 and v2 to the body of a request.
std::string old_log_entry(std::string const& request);
std::string log_entry(std::string const& request);

} // namespace clairgate::test
