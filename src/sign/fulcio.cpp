#include "fulcio.hpp"

#include "oidc.hpp"
#include "sigstore_service.hpp"
#include <clairgate/base/bytes.hpp>
#include <clairgate/base/json.hpp>
#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/sign/pem.hpp>

#include <nlohmann/json.hpp>

#include <utility>

namespace clairgate::sign {

namespace {

constexpr std::size_t answer_bytes_max = 128 * limits::kib; // a chain of a few certificates

Error refuse(std::string message) {
    return {ErrorKind::protocol, std::move(message)};
}

// The first certificate of the chain; the SCT stands inside of it or beside the chain.
Result<std::string> first_of_chain(nlohmann::json const& answer) {
    for (auto const* const name :
         {"signedCertificateEmbeddedSct", "signedCertificateDetachedSct"}) {
        auto const* const issued = TRY(json::optional_object(answer, name));
        if (issued == nullptr)
            continue;
        auto const* const chain = TRY(json::optional_object(*issued, "chain"));
        auto const* const certificates =
            chain == nullptr ? nullptr : TRY(json::optional_array(*chain, "certificates"));
        if (certificates == nullptr || certificates->empty() || !certificates->front().is_string())
            return refuse(cat(name, " holds no chain of certificates"));
        return certificates->front().get<std::string>();
    }
    return refuse("it holds no certificate");
}

std::string
request_body(IdentityToken const& identity, PublicKey const& key, std::string_view proof) {
    return json::dump({
        {"credentials", {{"oidcIdentityToken", identity.token.reveal()}}},
        {"publicKeyRequest",
         {{"publicKey", {{"algorithm", "ECDSA"}, {"content", key.pem()}}},
          {"proofOfPossession", to_base64(proof)}}},
    });
}

Error refused(io::World& world, io::Response const& answer, IdentityToken const& identity) {
    auto error = io::unexpected("POST", answer, world.clock.now());
    if (answer.status >= 400 && answer.status < 500)
        return std::move(error).with_remedy(
            cat("does this Fulcio trust the issuer of the token from ",
                identity.from,
                ", is the token's audience sigstore, and has it not expired?"));
    return error;
}

} // namespace

Result<Certificate> certificate_of_answer(std::string_view text, PublicKey const& key) {
    auto const answer = TRY(json::parse(text));
    auto const leaf = read_pem(TRY(first_of_chain(answer)));
    if (!leaf.has_value() || leaf->label != "CERTIFICATE")
        return refuse("the first of the chain is no PEM certificate");
    Certificate certificate{std::string(leaf->bytes.reveal())};
    auto const certified = TRY(PublicKey::from_certificate(certificate.der));
    if (certified != key)
        return Error(ErrorKind::integrity, "the certificate is for another key than ours");
    return certificate;
}

io::Task<Result<Certificate>> request_certificate(io::World& world,
                                                  SigstoreService authority,
                                                  PrivateKey key,
                                                  IdentityToken identity,
                                                  Deadline deadline) {
    auto const public_key = key.public_key();
    auto const where = cat("asking Fulcio at ", authority.url, " for a certificate");
    CO_TRY(auto url, service_url(authority.url, "/api/v2/signingCert"));
    CO_TRY(auto const claim, identity_of(identity.token).with_context("identity token"));
    CO_TRY(auto const proof, key.sign(claim));
    auto request = io::Request::post(std::move(url),
                                     request_body(identity, public_key, proof),
                                     "application/json")
                       .header("Accept", "application/json")
                       .body_bytes_max(answer_bytes_max);
    auto const answer =
        co_await ask_service(world, "the request to Fulcio", std::move(request), deadline);
    if (!answer.has_value())
        co_return answer.error().with_context(where);
    if (answer->status != 200 && answer->status != 201)
        co_return refused(world, *answer, identity).with_context(where);
    co_return certificate_of_answer(answer->body, public_key).with_context(where);
}

} // namespace clairgate::sign
