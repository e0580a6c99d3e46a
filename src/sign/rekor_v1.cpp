#include "rekor.hpp"
#include "rekor_json.hpp"
#include <clairgate/base/bytes.hpp>
#include <clairgate/base/limits.hpp>
#include <clairgate/sign/pem.hpp>

#include <utility>

namespace clairgate::sign {

namespace {

constexpr std::size_t envelope_bytes_max = limits::mib; // the public instance fails at a few

Error refuse(std::string message) {
    return {ErrorKind::protocol, std::move(message)};
}

std::optional<unsigned> nibble(char c) {
    if (c >= '0' && c <= '9')
        return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f')
        return static_cast<unsigned>(c - 'a' + 10);
    return std::nullopt;
}

// Rekor v1 writes bytes in lower-case hexadecimal, bundles in base64.
Result<std::string> base64_of_hex(std::string_view hex) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        auto const high = nibble(hex[i]);
        auto const low = nibble(hex[i + 1]);
        if (!high || !low)
            return refuse("not hexadecimal");
        bytes += static_cast<char>(*high * 16 + *low);
    }
    if (hex.size() % 2 != 0 || hex.empty())
        return refuse("not hexadecimal");
    return to_base64(bytes);
}

Result<std::string> bytes_member(nlohmann::json const& object, std::string_view key) {
    auto const hex = TRY(json::string(object, key));
    return base64_of_hex(hex).with_context(std::string(key));
}

Result<std::string> number_member(nlohmann::json const& object, std::string_view key) {
    return cat(TRY(json::unsigned_integer(object, key)));
}

Result<void> check_hash(nlohmann::json const& spec, std::string_view key, std::string_view bytes) {
    auto const* const hash = TRY(required_object(spec, key));
    bool const is_ours = TRY(json::string(*hash, "algorithm")) == "sha256" &&
                         TRY(json::string(*hash, "value")) == to_hex(sha256(bytes));
    return is_ours ? ok() : is_of_another(key);
}

// The body as the log keeps it (rekor, dsse_v0_0_1_schema.json): hashes in place of the envelope.
Result<void> check_body(nlohmann::json const& body, LogRequest const& request) {
    if (TRY(json::string(body, "kind")) != "dsse" ||
        TRY(json::string(body, "apiVersion")) != "0.0.1")
        return is_of_another("kind");
    auto const* const spec = TRY(required_object(body, "spec"));
    TRY_VOID(check_hash(*spec, "payloadHash", request.envelope.payload));
    TRY_VOID(check_hash(*spec, "envelopeHash", attest::envelope_json(request.envelope)));
    auto const* const signatures = TRY(json::optional_array(*spec, "signatures"));
    if (signatures == nullptr || signatures->size() != 1)
        return refuse("not one signature");
    auto const logged = TRY(json::string(signatures->front(), "signature"));
    return logged == to_base64(request.envelope.signature) ? ok() : is_of_another("signature");
}

Result<nlohmann::json> proof_of(nlohmann::json const& verification) {
    auto const* const proof = TRY(required_object(verification, "inclusionProof"));
    auto const* const hashes = TRY(json::optional_array(*proof, "hashes"));
    auto list = nlohmann::json::array();
    for (std::size_t i = 0; hashes != nullptr && i < hashes->size(); ++i) {
        auto const& hash = (*hashes)[i];
        if (!hash.is_string())
            return refuse("\"hashes\" holds something else than strings");
        list.push_back(TRY(base64_of_hex(hash.get_ref<std::string const&>())));
    }
    // Not inside of the braces below: g++ 12 leaks what stands before a return from within them.
    auto const index = TRY(number_member(*proof, "logIndex")); // in its shard, unlike the other
    auto const root = TRY(bytes_member(*proof, "rootHash"));
    auto const size = TRY(number_member(*proof, "treeSize"));
    auto const checkpoint = TRY(json::string(*proof, "checkpoint"));
    return nlohmann::json{{"logIndex", index},
                          {"rootHash", root},
                          {"treeSize", size},
                          {"hashes", std::move(list)},
                          {"checkpoint", {{"envelope", checkpoint}}}};
}

Result<nlohmann::json> entry_of(nlohmann::json const& entry, LogRequest const& request) {
    auto const encoded = TRY(json::string(entry, "body"));
    auto const body = TRY(from_base64(encoded).with_context("body"));
    auto const document = TRY(json::parse(body).with_context("body"));
    TRY_VOID(check_body(document, request).with_context("body"));
    auto const* const verification = TRY(required_object(entry, "verification"));
    auto const promise = TRY(json::string(*verification, "signedEntryTimestamp"));
    TRY(from_base64(promise).with_context("signedEntryTimestamp"));
    auto proof = TRY(proof_of(*verification).with_context("inclusionProof"));
    auto const index = TRY(number_member(entry, "logIndex"));
    auto const log = TRY(bytes_member(entry, "logID"));
    auto const time = TRY(number_member(entry, "integratedTime"));
    return nlohmann::json{{"logIndex", index},
                          {"logId", {{"keyId", log}}},
                          {"kindVersion", {{"kind", "dsse"}, {"version", "0.0.1"}}},
                          {"integratedTime", time},
                          {"inclusionPromise", {{"signedEntryTimestamp", promise}}},
                          {"inclusionProof", std::move(proof)},
                          {"canonicalizedBody", encoded}};
}

} // namespace

Result<void> check_old_log_size(attest::Envelope const& envelope) {
    auto const size_bytes = attest::envelope_json(envelope).size();
    if (size_bytes <= envelope_bytes_max)
        return ok();
    return Error(ErrorKind::limit,
                 cat("an envelope of ",
                     size_bytes,
                     " bytes; a log of API version 1 gets all of it and takes ",
                     envelope_bytes_max))
        .with_remedy("use a log of API version 2 (Rekor v2), which gets its digest alone");
}

std::string dsse_request(LogRequest const& request) {
    auto const pem = write_pem("CERTIFICATE", request.certificate.der);
    return json::dump({{"apiVersion", "0.0.1"},
                       {"kind", "dsse"},
                       {"spec",
                        {{"proposedContent",
                          {{"envelope", attest::envelope_json(request.envelope)},
                           {"verifiers", nlohmann::json::array({to_base64(pem)})}}}}}});
}

Result<std::string> entry_of_old_log(std::string_view answer, LogRequest const& request) {
    auto const document = TRY(json::parse(answer).with_context("log entry"));
    if (!document.is_object() || document.size() != 1)
        return refuse("the log's answer is not one entry under its id");
    return json::dump(TRY(entry_of(*document.begin(), request).with_context("log entry")));
}

} // namespace clairgate::sign
