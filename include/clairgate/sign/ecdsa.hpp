#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/sign/key.hpp>

#include <string_view>

namespace clairgate::sign {

/// Whether the bytes are the one DER encoding of an ECDSA signature (RFC 3279 section 2.2.3) that
/// the curve of `type` (P-256 or P-384) allows: 1 ≤ r, s < n and nothing behind. An s over n/2 is
/// allowed, as cosign does. Kind integrity. Says nothing about the message.
Result<void> check_ecdsa_signature(std::string_view der, KeyType type);

} // namespace clairgate::sign
