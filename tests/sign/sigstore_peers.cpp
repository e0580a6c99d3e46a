#include <clairgate/base/bytes.hpp>
#include <clairgate/base/text.hpp>

#include <nlohmann/json.hpp>

#include <sign/sigstore_peers.hpp>

namespace clairgate::test {

namespace {

using nlohmann::json;

constexpr std::string_view timestamp_config = R"([tsa]
default_tsa = plain
[plain]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
[picky]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha512
)";

std::string hash_value(json const& bytes_in_base64) {
    return to_hex(sha256(from_base64(bytes_in_base64.get<std::string>()).value()));
}

} // namespace

std::string jwt(std::string_view claims) {
    return cat(to_base64url(R"({"alg":"RS256","typ":"JWT"})"),
               ".",
               to_base64url(claims),
               ".",
               to_base64url("signature"));
}

OpensslAuthority::OpensslAuthority() {
    peer_.write("tsa.cnf", timestamp_config);
    peer_.write("serial", "01\n");
    peer_.write("ca.key", peer_.p256().reveal());
    peer_.run({"req",
               "-x509",
               "-new",
               "-key",
               "ca.key",
               "-out",
               "ca.pem",
               "-days",
               "2",
               "-subj",
               "/CN=authority",
               "-addext",
               "extendedKeyUsage=critical,timeStamping"});
}

std::string OpensslAuthority::certify(std::string const& public_key_pem) {
    peer_.write("leaf.pub", public_key_pem);
    return peer_.run({"x509",
                      "-new",
                      "-subj",
                      "/CN=leaf",
                      "-force_pubkey",
                      "leaf.pub",
                      "-CA",
                      "ca.pem",
                      "-CAkey",
                      "ca.key",
                      "-days",
                      "1"});
}

std::string OpensslAuthority::reply(std::string const& section, std::string const& request) {
    peer_.write("query", request);
    peer_.run({"ts",
               "-reply",
               "-config",
               "tsa.cnf",
               "-section",
               section,
               "-queryfile",
               "query",
               "-signer",
               "ca.pem",
               "-inkey",
               "ca.key",
               "-out",
               "reply"});
    return peer_.read("reply");
}

std::string OpensslAuthority::stamp(std::string const& request) {
    return reply("plain", request);
}

std::string OpensslAuthority::refuse_to_stamp(std::string const& request) {
    return reply("picky", request);
}

std::string OpensslAuthority::request_without_nonce(std::string const& bytes) {
    peer_.write("data", bytes);
    return peer_.run({"ts", "-query", "-data", "data", "-sha256", "-no_nonce", "-cert"});
}

bool OpensslAuthority::verifies(std::string const& answer, std::string const& bytes) {
    peer_.write("data", bytes);
    peer_.write("answer", answer);
    return peer_.succeeds({"ts", "-verify", "-data", "data", "-in", "answer", "-CAfile", "ca.pem"});
}

std::string OpensslAuthority::certificate_der() {
    return peer_.run({"x509", "-in", "ca.pem", "-outform", "DER"});
}

Answer fulcio_answer(std::string const& certificate_pem) {
    json const answer = {
        {"signedCertificateEmbeddedSct",
         {{"chain", {{"certificates", json::array({certificate_pem, "the issuer's"})}}}}}};
    return Answer::json(200, answer.dump());
}

std::string requested_key(Received const& received) {
    return json::parse(received.body)
        .at("publicKeyRequest")
        .at("publicKey")
        .at("content")
        .get<std::string>();
}

std::string old_log_entry(std::string const& request) {
    auto const proposed = json::parse(request).at("spec").at("proposedContent");
    auto const text = proposed.at("envelope").get<std::string>();
    auto const envelope = json::parse(text);
    json const body = {
        {"apiVersion", "0.0.1"},
        {"kind", "dsse"},
        {"spec",
         {{"envelopeHash", {{"algorithm", "sha256"}, {"value", to_hex(sha256(text))}}},
          {"payloadHash", {{"algorithm", "sha256"}, {"value", hash_value(envelope.at("payload"))}}},
          {"signatures",
           json::array({{{"signature", envelope.at("signatures").at(0).at("sig")},
                         {"verifier", proposed.at("verifiers").at(0)}}})}}}};
    json const entry = {
        {"body", to_base64(body.dump())},
        {"integratedTime", 1764150000},
        {"logID", "c0d23d6ad406973f9559f3ba2d1ca01f84147d8ffc5b8445c224f98b9591801d"},
        {"logIndex", 123456789},
        {"verification",
         {{"inclusionProof",
           {{"checkpoint", "rekor.example - 1\n24\nroot\n"},
            {"hashes", json::array({"00ff", "a1b2"})},
            {"logIndex", 23},
            {"rootHash", "deadbeef"},
            {"treeSize", 24}}},
          {"signedEntryTimestamp", to_base64("promise")}}}};
    return json{{"108e9186e8c5677a", entry}}.dump();
}

std::string log_entry(std::string const& request) {
    auto const asked = json::parse(request).at("hashedRekordRequestV002");
    json const body = {{"apiVersion", "0.0.2"},
                       {"kind", "hashedrekord"},
                       {"spec",
                        {{"hashedRekordV002",
                          {{"data", {{"algorithm", "SHA2_256"}, {"digest", asked.at("digest")}}},
                           {"signature", asked.at("signature")}}}}}};
    json const entry = {{"logIndex", "7"},
                        {"logId", {{"keyId", to_base64("log")}}},
                        {"kindVersion", {{"kind", "hashedrekord"}, {"version", "0.0.2"}}},
                        {"integratedTime", "0"},
                        {"inclusionPromise", nullptr},
                        {"inclusionProof",
                         {{"logIndex", "7"},
                          {"rootHash", to_base64("root")},
                          {"treeSize", "8"},
                          {"hashes", json::array({to_base64("a")})},
                          {"checkpoint", {{"envelope", "log.example\n8\nroot\n"}}}}},
                        {"canonicalizedBody", to_base64(body.dump())}};
    return entry.dump(2); // the real one is not compact either
}

} // namespace clairgate::test
