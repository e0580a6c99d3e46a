#include <clairgate/base/bytes.hpp>
#include <clairgate/base/json.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/sign/pem.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sign/fake_transit.hpp>
#include <utility>

namespace clairgate::sign {

namespace {

test::Answer refusal(int status, std::string_view words) {
    return test::Answer::json(status, cat(R"({"errors":[")", words, R"("]})"));
}

} // namespace

FakeTransit::FakeTransit()
    : server_(world.context, [this](test::Received const& request) { return answer(request); }) {
    world.environment = io::Environment(
        {{"VAULT_ADDR", server_.url()}, {"VAULT_TOKEN", std::string(token)}, {"HOME", "/nowhere"}});
}

void FakeTransit::add(std::string const& name, std::string type, Secret key) {
    keys_[name].type = std::move(type);
    keys_[name].versions.push_back(std::move(key));
}

test::Answer FakeTransit::answer(test::Received const& request) {
    if (instead) {
        auto other = instead(request);
        if (other)
            return *std::move(other);
    }
    auto const header = request.headers.find("x-vault-token");
    if (header == request.headers.end() || header->second != token)
        return refusal(403, "permission denied");
    for (auto const& [name, key] : keys_) {
        if (request.method == "GET" && request.target == cat("/v1/transit/keys/", name))
            return describe(key);
        if (request.method == "POST" &&
            request.target == cat("/v1/transit/sign/", name, "/sha2-256"))
            return sign(key, request.body);
    }
    return test::Answer::json(404, R"({"errors":[]})");
}

test::Answer FakeTransit::describe(Key const& key) {
    nlohmann::json versions;
    std::size_t number = 0;
    for (auto const& version : key.versions) {
        auto text = peer.public_key(version);
        if (key.type == "ed25519") {
            auto const block = read_pem(text).value();
            text = to_base64(block.bytes.reveal().substr(12));
        }
        versions[cat(++number)] = {{"creation_time", "2026-11-24T00:00:00Z"}, {"public_key", text}};
    }
    nlohmann::json const body{
        {"data", {{"type", key.type}, {"latest_version", number}, {"keys", versions}}},
        {"warnings", nullptr}};
    return test::Answer::json(200, json::dump(body));
}

test::Answer FakeTransit::sign(Key const& key, std::string const& body) {
    auto const document = json::parse(body).value();
    auto const version = json::unsigned_integer(document, "key_version").value();
    auto const input = from_base64(json::string(document, "input").value()).value();
    if (version == 0 || version > key.versions.size())
        return refusal(400, "no such version");
    auto const& secret = key.versions[version - 1];
    bool const is_whole = key.type == "ed25519";
    if (document.value("prehashed", false) == is_whole || (!is_whole && input.size() != 32))
        return refusal(400, "the input is not what the key signs");
    if (key.type.starts_with("rsa") != (document.value("signature_algorithm", "") == "pkcs1v15"))
        return refusal(400, "another padding");
    std::string signature;
    if (is_whole) {
        signature = peer.sign_whole(secret, input);
    } else {
        peer.write("service", secret.reveal());
        peer.write("hash", input);
        signature = peer.run(
            {"pkeyutl", "-sign", "-inkey", "service", "-pkeyopt", "digest:sha256", "-in", "hash"});
    }
    nlohmann::json const answer{
        {"data", {{"signature", cat("vault:v", version, ":", to_base64(signature))}}}};
    return test::Answer::json(200, json::dump(answer));
}

} // namespace clairgate::sign
