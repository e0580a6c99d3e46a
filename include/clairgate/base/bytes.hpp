#pragma once

#include <clairgate/base/result.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace clairgate {

/// Lower-case hexadecimal of the bytes.
std::string to_hex(std::string_view bytes);

/// RFC 4648 section 4 (standard alphabet, padded).
std::string to_base64(std::string_view bytes);
/// The same at the end of `out`: who builds a document of megabytes reserves and copies nothing.
void append_base64(std::string& out, std::string_view bytes);
/// RFC 4648 section 5 (URL-safe alphabet) without padding, as JWTs use it (RFC 7515).
std::string to_base64url(std::string_view bytes);
/// Decodes section 4; padding is required, anything else is an error of kind protocol.
Result<std::string> from_base64(std::string_view text);
/// Decodes section 4 or 5, padded; a text that mixes both alphabets is an error of kind protocol.
Result<std::string> from_base64_any(std::string_view text);

/// The 32 raw bytes of SHA-256.
std::string sha256(std::string_view bytes);
/// The 64 raw bytes of SHA-512.
std::string sha512(std::string_view bytes);
/// The 32 raw bytes of HMAC-SHA-256 (RFC 2104).
std::string hmac_sha256(std::string_view key, std::string_view message);

/// Whether two byte strings are equal, in time that depends on the lengths alone.
bool equal_in_constant_time(std::string_view a, std::string_view b);

} // namespace clairgate
