#pragma once

#include <clairgate/attest/envelope.hpp>
#include <clairgate/base/result.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Sigstore bundle v0.3 (sigstore/protobuf-specs, sigstore_bundle.proto) with a DSSE envelope.
namespace clairgate::attest {

inline constexpr std::string_view bundle_media_type =
    "application/vnd.dev.sigstore.bundle.v0.3+json";
inline constexpr std::string_view old_bundle_media_type =
    "application/vnd.dev.sigstore.bundle+json;version=0.3";

/// An envelope with what is needed to verify it. Exactly one of `key_hint` and `certificate`.
struct Bundle {
    Envelope envelope;
    std::optional<std::string> key_hint;    ///< base64 of SHA-256 of the SPKI; "" when not said
    std::optional<std::string> certificate; ///< DER of the leaf
    /// Entries of transparency logs, each the raw JSON text of a TransparencyLogEntry object
    /// (sigstore_rekor.proto). Not interpreted here: cosign verifies them.
    std::vector<std::string> log_entries;
    std::vector<std::string> timestamps; ///< DER of RFC 3161 TimeStampResp
};

/// The bundle as one line of JSON without a line break: deterministic. Log entries are taken as
/// they are, but for their line breaks. Asserts that there is either a key hint or a certificate.
std::string bundle_json(Bundle const& bundle);

/// Reads a bundle v0.3, also with the media type in its old spelling (`old_bundle_media_type`), in
/// any spelling of protobuf's JSON: names as in the .proto files, base64 for URLs or without
/// padding. Refuses, kind protocol, with the reason: another media type or version, duplicate
/// members anywhere, unknown ones outside of the log entries, a message signature in place of an
/// envelope, neither or both of key and certificate, a certificate chain, more than 32 log entries
/// or timestamps, an envelope that `parse_envelope` refuses, a `keyid` that is not empty. Members
/// that are null count as absent, as in protobuf's JSON.
Result<Bundle> parse_bundle(std::string_view json);

} // namespace clairgate::attest
