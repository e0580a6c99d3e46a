#pragma once

#include <optional>
#include <string_view>

namespace clairgate::report {

/// A URL from outside that may become a link: https, a host, no user information, nothing but the
/// characters of RFC 3986 (so that no quote, space or control character is in it), at most 2,048
/// bytes. Nothing for any other text.
std::optional<std::string_view> https_url(std::string_view untrusted);

} // namespace clairgate::report
