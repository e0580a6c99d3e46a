#include <clairgate/base/bytes.hpp>
#include <clairgate/base/json.hpp>
#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/io/http.hpp>
#include <clairgate/io/retry.hpp>
#include <clairgate/sign/transit.hpp>

#include <nlohmann/json.hpp>

#include <optional>
#include <utility>

namespace clairgate::sign {

namespace {

constexpr auto attempt_time_max = std::chrono::seconds(30);
constexpr std::uint64_t version_max = 0x7FFFFFFF; // an int of theirs

// SubjectPublicKeyInfo (RFC 8410) around the 32 bytes that transit gives for Ed25519.
constexpr std::string_view ed25519_start("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);

std::optional<KeyType> type_named(std::string_view name) {
    if (name == "ecdsa-p256")
        return KeyType::ecdsa_p256;
    if (name == "ecdsa-p384")
        return KeyType::ecdsa_p384;
    if (name == "ed25519")
        return KeyType::ed25519;
    return name.starts_with("rsa-") ? std::optional(KeyType::rsa) : std::nullopt;
}

Result<PublicKey> key_from(KeyType type, std::string const& text) {
    if (type != KeyType::ed25519)
        return PublicKey::from_pem(text);
    return PublicKey::from_der(cat(ed25519_start, TRY(from_base64(text))));
}

Result<nlohmann::json const*> data_of(nlohmann::json const& document) {
    auto const* const data = json::find(document, "data");
    if (data == nullptr || !data->is_object())
        return Error(ErrorKind::protocol, "the answer has no data");
    return data;
}

Result<TransitKey> read_key(std::string const& body) {
    auto const document = TRY(json::parse(body));
    auto const* const data = TRY(data_of(document));
    auto const type_name = TRY(json::string(*data, "type"));
    auto const type = type_named(type_name);
    if (!type)
        return Error(ErrorKind::config,
                     cat("a key of the type ", printable(type_name, 40), " cannot be used"))
            .with_remedy("create one with: vault write transit/keys/NAME type=ecdsa-p256");
    auto const version = TRY(json::unsigned_integer(*data, "latest_version"));
    auto const* const versions = TRY(json::optional_object(*data, "keys"));
    auto const* const newest = versions ? json::find(*versions, cat(version)) : nullptr;
    if (version == 0 || version > version_max || newest == nullptr || !newest->is_object())
        return Error(ErrorKind::protocol, "the answer lacks the newest version of the key");
    auto key = TRY(key_from(*type, TRY(json::string(*newest, "public_key"))));
    if (key.type() != *type)
        return Error(ErrorKind::protocol,
                     cat("the answer calls a key of ", to_string(key.type()), " ", type_name));
    return TransitKey{std::move(key), version};
}

// {"errors": ["permission denied"]}
std::string words_of(std::string const& body) {
    auto const document = json::parse(body);
    if (!document.has_value())
        return {};
    auto const errors = json::optional_array(*document, "errors");
    std::string words;
    if (!errors.has_value() || *errors == nullptr)
        return words;
    for (auto const& one : **errors) {
        if (one.is_string())
            words += cat(words.empty() ? "" : "; ", one.get_ref<std::string const&>());
    }
    return words;
}

// "vault:v3:BASE64", in OpenBao too.
Result<std::string> read_signature(std::string const& body, std::uint64_t version) {
    auto const document = TRY(json::parse(body));
    auto const text = TRY(json::string(*TRY(data_of(document)), "signature"));
    auto const prefix = cat("vault:v", version, ":");
    if (!text.starts_with(prefix))
        return Error(ErrorKind::protocol,
                     cat("the answer is not a signature by version ", version, " of the key"));
    return from_base64(std::string_view(text).substr(prefix.size()));
}

std::string request_body(TransitKey const& key, std::string_view message) {
    bool const is_whole = key.public_key.type() == KeyType::ed25519;
    nlohmann::json body{{"input", to_base64(is_whole ? std::string(message) : sha256(message))},
                        {"key_version", key.version},
                        {"prehashed", !is_whole}};
    if (key.public_key.type() == KeyType::rsa) // PSS otherwise
        body["signature_algorithm"] = "pkcs1v15";
    return json::dump(body);
}

} // namespace

io::Url Transit::url_of(std::string_view what) const {
    auto url = place_.url;
    url.target += cat("/v1/", place_.mount, "/", what);
    return url;
}

// A peer may repeat the token wherever its words reach an error.
Error Transit::cleaned(Error error) const {
    if (error.text().find(place_.token.reveal()) == std::string::npos)
        return error;
    Error clean(error.kind(), "the service repeats the token in its answer, which is not shown");
    auto const status = error.http_status();
    return status ? std::move(clean).with_http_status(*status) : clean;
}

Error Transit::refused(std::string_view method, io::Response answer) const {
    if (auto const words = words_of(answer.body); !words.empty())
        answer.body = json::dump({{"message", words}}); // what `unexpected` reads
    auto error = cleaned(io::unexpected(method, answer, world_.clock.now()));
    if (answer.status == 403)
        return std::move(error).with_remedy(cat("the token needs the right to read ",
                                                place_.mount,
                                                "/keys/",
                                                place_.key,
                                                " and to update ",
                                                place_.mount,
                                                "/sign/",
                                                place_.key,
                                                "/sha2-256"));
    if (answer.status >= 300 && answer.status < 400)
        return std::move(error).with_remedy(
            "redirects are not followed: name the active node or its load balancer");
    return error;
}

io::Task<Result<io::Response>> Transit::send_once(io::Request request, Deadline deadline) const {
    auto const method = request.method;
    auto answer = co_await world_.http.send(std::move(request), deadline);
    if (!answer.has_value())
        co_return cleaned(std::move(answer).error());
    if (answer->status != 200)
        co_return refused(method, *std::move(answer));
    co_return answer;
}

io::Task<Result<std::string>> Transit::send(io::Request request, Deadline deadline) const {
    auto ready = std::move(request)
                     .secret_header("X-Vault-Token", place_.token)
                     .header("X-Vault-Request", "true") // agents ask for it against forged requests
                     .header("Accept", "application/json")
                     .body_bytes_max(limits::mib)
                     .time_max(attempt_time_max);
    if (place_.name_space)
        ready = std::move(ready).header("X-Vault-Namespace", *place_.name_space);
    auto const what = cat("transit key ", place_.key);
    std::function<io::Task<Result<io::Response>>()> const once = [&] {
        return send_once(ready, deadline);
    };
    CO_TRY(auto answer, co_await io::with_retry<io::Response>(world_, what, deadline, once));
    co_return std::move(answer.body);
}

io::Task<Result<TransitKey>> Transit::newest_key(Deadline deadline) {
    auto request = io::Request::get(url_of(cat("keys/", place_.key)));
    auto const what = cat("transit key ", place_.key);
    auto const body = co_await send(std::move(request), deadline);
    if (!body.has_value() && body.error().kind() == ErrorKind::not_found)
        co_return Error(ErrorKind::config, cat("there is no ", what, " in ", place_.mount))
            .with_remedy("TRANSIT_SECRET_ENGINE_PATH names the mount when it is not transit");
    if (!body.has_value())
        co_return body.error().with_context(what);
    auto key = read_key(*body);
    if (!key.has_value())
        co_return cleaned(std::move(key).error()).with_context(what);
    co_return key;
}

io::Task<Result<std::string>>
Transit::sign(TransitKey key, std::string message, Deadline deadline) {
    auto request = io::Request::post(url_of(cat("sign/", place_.key, "/sha2-256")),
                                     request_body(key, message),
                                     "application/json");
    auto const what = cat("signing with the transit key ", place_.key);
    auto const body = co_await send(std::move(request), deadline);
    if (!body.has_value())
        co_return body.error().with_context(what);
    auto signature = read_signature(*body, key.version);
    if (!signature.has_value())
        co_return cleaned(std::move(signature).error()).with_context(what);
    co_return signature;
}

} // namespace clairgate::sign
