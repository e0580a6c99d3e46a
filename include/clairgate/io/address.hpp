#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace clairgate::io {

/// The 4 or 16 network-order bytes of an IPv4 or IPv6 literal (with or without brackets), or
/// nothing when it is a name.
std::optional<std::string> address_bytes(std::string_view literal);

/// Whether the address (4 or 16 network-order bytes) is one of the public internet. Loopback,
/// private, link-local, shared, documentation, multicast and reserved blocks are not (IANA
/// special-purpose registries, RFC 6890), nor IPv6 forms that carry such an IPv4 address
/// (mapped, 6to4, NAT64).
bool is_public_address(std::string_view bytes);

/// Whether the address is 127.0.0.0/8 or ::1 (also mapped).
bool is_loopback_address(std::string_view bytes);

} // namespace clairgate::io
