#include <clairgate/attest/envelope.hpp>
#include <clairgate/attest/json_text.hpp>
#include <clairgate/base/bytes.hpp>
#include <clairgate/base/text.hpp>

#include <array>

namespace clairgate::attest {

namespace {

Result<std::string>
read_bytes(JsonMembers const& members, std::string_view key, EnvelopePlace place) {
    return place == EnvelopePlace::bundle ? members.base64_of_protobuf(key) : members.base64(key);
}

// The one signature, decoded.
Result<std::string> read_signature(JsonView const& value, EnvelopePlace place) {
    constexpr std::array<std::string_view, 2> known{"sig", "keyid"};
    auto const members = TRY(read_members(value, "the signature", known));
    auto const id = TRY(members.optional_string("keyid"));
    if (place == EnvelopePlace::bundle && !id.empty())
        return Error(ErrorKind::protocol,
                     "the signature has a \"keyid\", which other verifiers take for another key's");
    return read_bytes(members, "sig", place);
}

} // namespace

std::string pae(std::string_view type, std::string_view payload) {
    std::string out;
    out.reserve(type.size() + payload.size() + 64);
    out += cat("DSSEv1 ", type.size(), " ", type, " ", payload.size(), " ");
    out += payload;
    return out;
}

void append_envelope_json(std::string& out, Envelope const& envelope) {
    out += R"({"payload":")";
    append_base64(out, envelope.payload);
    out += "\",";
    append_json_member(out, "payloadType", envelope.payload_type);
    out += R"(,"signatures":[{"sig":")";
    append_base64(out, envelope.signature);
    out += "\"}]}";
}

std::size_t envelope_json_bytes(Envelope const& envelope) {
    return (envelope.payload.size() + envelope.signature.size()) / 3 * 4 + 256;
}

std::string envelope_json(Envelope const& envelope) {
    std::string out;
    out.reserve(envelope_json_bytes(envelope));
    append_envelope_json(out, envelope);
    return out;
}

Result<Envelope> read_envelope(JsonView const& value, EnvelopePlace place) {
    constexpr std::array<std::string_view, 3> known{"payload", "payloadType", "signatures"};
    auto const members = TRY(read_members(value, "the envelope", known));
    Envelope out;
    out.payload_type = TRY(members.string("payloadType"));
    if (out.payload_type != payload_type)
        return Error(ErrorKind::protocol,
                     cat("the envelope's payload is of type \"",
                         printable(out.payload_type, 100),
                         "\", not ",
                         payload_type));
    auto const signatures = TRY(read_items(TRY(members.get("signatures")), "\"signatures\"", 1));
    if (signatures.empty())
        return Error(ErrorKind::protocol, "the envelope has no signature");
    out.signature = TRY(read_signature(signatures.front(), place));
    out.payload = TRY(read_bytes(members, "payload", place));
    return out;
}

Result<Envelope> parse_envelope(std::string_view json) {
    auto const read = [json]() -> Result<Envelope> {
        return read_envelope(TRY(JsonView::parse(json)), EnvelopePlace::alone);
    };
    return read().with_context("envelope");
}

} // namespace clairgate::attest
