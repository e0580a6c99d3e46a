#pragma once

#include <clairgate/base/time.hpp>
#include <clairgate/io/http_message.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace clairgate::io {

/// An error that describes an unexpected answer: "GET https://… answered 503: <peer's words>".
/// 401, 403 → denied; 404 → not_found; 408, 429, 5xx → unreachable; else protocol. Carries the
/// status and a clamped `Retry-After` (seconds or date).
Error unexpected(std::string_view method, Response const& response, SystemTime now);

/// What the peer says in the body of an error, shortened, not escaped: the OCI error list (OCI
/// distribution v1.1, "Error Codes"), Clair's code and message, OAuth's error and description, or
/// plain text; else "".
std::string peer_words(Response const& response);

/// `Retry-After` (RFC 9110 section 10.2.3) in seconds from `now`, clamped to [0, 3600]; nothing
/// when it is neither a number nor an IMF-fixdate.
std::optional<std::int64_t> parse_retry_after(std::string_view value, SystemTime now);

} // namespace clairgate::io
