#pragma once

#include <clairgate/attest/json_view.hpp>
#include <clairgate/base/result.hpp>

#include <cstddef>
#include <string>
#include <string_view>

/// Dead Simple Signing Envelope (secure-systems-lab/dsse, protocol.md and envelope.md, v1.0.2).
namespace clairgate::attest {

inline constexpr std::string_view payload_type = "application/vnd.in-toto+json";

/// A payload and its one signature; all members are raw bytes, nothing is encoded.
struct Envelope {
    std::string payload;
    std::string payload_type;
    std::string signature;
    friend bool operator==(Envelope const&, Envelope const&) = default;
};

/// The pre-authentication encoding: what is signed.
std::string pae(std::string_view type, std::string_view payload);

/// The JSON form: standard base64, no `keyid` (verifiers skip signatures whose id is not theirs).
std::string envelope_json(Envelope const& envelope);
/// The same at the end of `out`, which grows by about so many bytes.
void append_envelope_json(std::string& out, Envelope const& envelope);
std::size_t envelope_json_bytes(Envelope const& envelope);

/// Reads an envelope. Accepts standard and URL-safe base64, and a `keyid`, which is not looked at;
/// refuses (kind protocol) another payload type than `payload_type`, no signature, more than one,
/// duplicate or unknown members, an empty payload or signature.
Result<Envelope> parse_envelope(std::string_view json);

/// The same for an envelope inside of a document that was checked (`JsonView::parse`).
/// In a bundle a `keyid` must be empty, and base64 may lack its padding, as in protobuf's JSON.
enum class EnvelopePlace { alone, bundle };
Result<Envelope> read_envelope(JsonView const& value, EnvelopePlace place);

} // namespace clairgate::attest
