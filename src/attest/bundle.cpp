#include <clairgate/attest/bundle.hpp>
#include <clairgate/attest/json_text.hpp>
#include <clairgate/base/bytes.hpp>
#include <clairgate/base/text.hpp>

#include <algorithm>
#include <array>
#include <iterator>

namespace clairgate::attest {

namespace {

constexpr std::size_t entries_max = 32; // sigstore-go's bounds, of log entries and of timestamps

void append_base64_object(std::string& out, std::string_view key, std::string_view bytes) {
    out += cat("{\"", key, "\":\"", to_base64(bytes), "\"}");
}

void append_log_entries(std::string& out, std::vector<std::string> const& entries) {
    if (entries.empty())
        return;
    out += R"(,"tlogEntries":[)";
    for (auto const& entry : entries) {
        out += &entry == entries.data() ? "" : ",";
        // Inside of JSON strings line breaks are escaped, so these are white space.
        std::copy_if(entry.begin(), entry.end(), std::back_inserter(out), [](char c) {
            return c != '\n' && c != '\r';
        });
    }
    out += ']';
}

void append_timestamps(std::string& out, std::vector<std::string> const& timestamps) {
    if (timestamps.empty())
        return;
    out += R"(,"timestampVerificationData":{"rfc3161Timestamps":[)";
    for (auto const& timestamp : timestamps) {
        out += &timestamp == timestamps.data() ? "" : ",";
        append_base64_object(out, "signedTimestamp", timestamp);
    }
    out += "]}";
}

Result<void> check_media_type(std::string_view type) {
    if (type == bundle_media_type || type == old_bundle_media_type)
        return ok();
    return Error(ErrorKind::protocol,
                 cat("the media type is \"",
                     printable(type, 100),
                     "\": only a Sigstore bundle of version 0.3 is read"));
}

Result<void> read_signer(JsonMembers const& material, Bundle& out) {
    auto const* const key = material.find("publicKey");
    auto const* const certificate = material.find("certificate");
    if (material.find("x509CertificateChain") != nullptr)
        return Error(ErrorKind::protocol,
                     "a certificate chain: a bundle of version 0.3 has the leaf alone");
    if ((key == nullptr) == (certificate == nullptr))
        return Error(ErrorKind::protocol,
                     key == nullptr ? "neither a public key nor a certificate"
                                    : "a public key and a certificate");
    if (key != nullptr) {
        constexpr std::array<std::string_view, 1> known{"hint"};
        auto const members = TRY(read_message(*key, "\"publicKey\"", known));
        out.key_hint = TRY(members.optional_string("hint"));
        return ok();
    }
    constexpr std::array<std::string_view, 1> known{"rawBytes"};
    auto const members = TRY(read_message(*certificate, "\"certificate\"", known));
    out.certificate = TRY(members.base64_of_protobuf("rawBytes"));
    return ok();
}

Result<std::vector<std::string>> read_log_entries(JsonMembers const& material) {
    std::vector<std::string> out;
    auto const* const entries = material.find("tlogEntries");
    if (entries == nullptr)
        return out;
    for (auto const& entry : TRY(read_items(*entries, "\"tlogEntries\"", entries_max))) {
        if (entry.type() != JsonType::object)
            return Error(ErrorKind::protocol, "a log entry is not an object");
        out.emplace_back(entry.text());
    }
    return out;
}

Result<std::vector<std::string>> read_timestamps(JsonMembers const& material) {
    std::vector<std::string> out;
    auto const* const data = material.find("timestampVerificationData");
    if (data == nullptr)
        return out;
    constexpr std::array<std::string_view, 1> data_known{"rfc3161Timestamps"};
    auto const members = TRY(read_message(*data, "\"timestampVerificationData\"", data_known));
    auto const* const timestamps = members.find("rfc3161Timestamps");
    if (timestamps == nullptr)
        return out;
    for (auto const& entry : TRY(read_items(*timestamps, "\"rfc3161Timestamps\"", entries_max))) {
        constexpr std::array<std::string_view, 1> known{"signedTimestamp"};
        auto const timestamp = TRY(read_message(entry, "a timestamp", known));
        out.push_back(TRY(timestamp.base64_of_protobuf("signedTimestamp")));
    }
    return out;
}

Result<void> read_material(JsonView const& value, Bundle& out) {
    constexpr std::array<std::string_view, 5> known{"publicKey",
                                                    "certificate",
                                                    "x509CertificateChain",
                                                    "tlogEntries",
                                                    "timestampVerificationData"};
    auto const material = TRY(read_message(value, "\"verificationMaterial\"", known));
    TRY_VOID(read_signer(material, out));
    out.log_entries = TRY(read_log_entries(material));
    out.timestamps = TRY(read_timestamps(material));
    return ok();
}

Result<Bundle> read_bundle(std::string_view json) {
    constexpr std::array<std::string_view, 4> known{
        "mediaType", "verificationMaterial", "dsseEnvelope", "messageSignature"};
    auto const members = TRY(read_message(TRY(JsonView::parse(json)), "the document", known));
    TRY_VOID(check_media_type(TRY(members.string("mediaType"))));
    if (members.find("messageSignature") != nullptr)
        return Error(ErrorKind::protocol, "it signs a message, not an attestation");
    Bundle out;
    TRY_VOID(read_material(TRY(members.get("verificationMaterial")), out));
    out.envelope = TRY(read_envelope(TRY(members.get("dsseEnvelope")), EnvelopePlace::bundle));
    return out;
}

} // namespace

std::string bundle_json(Bundle const& bundle) {
    auto const& key_hint = bundle.key_hint;
    auto const& certificate = bundle.certificate;
    CLAIRGATE_ASSERT(key_hint.has_value() != certificate.has_value());
    std::string material;
    if (key_hint) {
        material += "\"publicKey\":{";
        append_json_member(material, "hint", *key_hint);
        material += '}';
    }
    if (certificate) {
        material += "\"certificate\":";
        append_base64_object(material, "rawBytes", *certificate);
    }
    append_log_entries(material, bundle.log_entries);
    append_timestamps(material, bundle.timestamps);
    std::string out;
    out.reserve(envelope_json_bytes(bundle.envelope) + material.size() + 256);
    out += '{';
    append_json_member(out, "mediaType", bundle_media_type);
    out += R"(,"verificationMaterial":{)";
    out += material;
    out += R"(},"dsseEnvelope":)";
    append_envelope_json(out, bundle.envelope);
    out += '}';
    return out;
}

Result<Bundle> parse_bundle(std::string_view json) {
    return read_bundle(json).with_context("bundle");
}

} // namespace clairgate::attest
