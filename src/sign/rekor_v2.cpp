#include "rekor.hpp"
#include "rekor_json.hpp"
#include <clairgate/base/bytes.hpp>

#include <utility>

namespace clairgate::sign {

namespace {

constexpr std::string_view key_details = "PKIX_ECDSA_P256_SHA_256";

std::string digest_of(attest::Envelope const& envelope) {
    return sha256(attest::pae(envelope.payload_type, envelope.payload));
}

Error refuse(std::string message) {
    return {ErrorKind::protocol, std::move(message)};
}

// The body as the log keeps it (rekor-tiles, entry.proto and hashedrekord.proto).
Result<void> check_body(nlohmann::json const& body, LogRequest const& request) {
    auto const kind = TRY(json::string(body, "kind"));
    if (kind != "hashedrekord")
        return is_of_another("kind");
    auto const* const spec = TRY(required_object(body, "spec"));
    auto const* const record = TRY(required_object(*spec, "hashedRekordV002"));
    auto const* const data = TRY(required_object(*record, "data"));
    if (TRY(json::string(*data, "digest")) != to_base64(digest_of(request.envelope)))
        return is_of_another("digest");
    auto const* const signature = TRY(required_object(*record, "signature"));
    if (TRY(json::string(*signature, "content")) != to_base64(request.envelope.signature))
        return is_of_another("signature");
    return ok();
}

// Bundles of version 0.3 need the proof with the checkpoint, so an entry without is worth nothing.
Result<void> check_proof(nlohmann::json const& entry) {
    auto const* const proof = TRY(required_object(entry, "inclusionProof"));
    auto const* const checkpoint = TRY(required_object(*proof, "checkpoint"));
    if (TRY(json::string(*checkpoint, "envelope")).empty())
        return refuse("the checkpoint is empty");
    return ok();
}

} // namespace

std::string hashedrekord_request(LogRequest const& request) {
    return json::dump(
        {{"hashedRekordRequestV002",
          {{"digest", to_base64(digest_of(request.envelope))},
           {"signature",
            {{"content", to_base64(request.envelope.signature)},
             {"verifier",
              {{"x509Certificate", {{"rawBytes", to_base64(request.certificate.der)}}},
               {"keyDetails", key_details}}}}}}}});
}

Result<std::string> entry_of_log(std::string_view answer, LogRequest const& request) {
    auto const entry = TRY(json::parse(answer).with_context("log entry"));
    if (!entry.is_object())
        return refuse("the log entry is not an object");
    auto const encoded = TRY(json::string(entry, "canonicalizedBody").with_context("log entry"));
    auto const body = TRY(from_base64(encoded).with_context("canonicalizedBody"));
    auto const document = TRY(json::parse(body).with_context("canonicalizedBody"));
    TRY_VOID(check_body(document, request).with_context("canonicalizedBody"));
    TRY_VOID(check_proof(entry).with_context("log entry"));
    return json::dump(entry);
}

} // namespace clairgate::sign
