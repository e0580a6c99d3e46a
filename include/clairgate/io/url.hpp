#pragma once

#include <clairgate/base/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace clairgate::io {

/// scheme, lower-case host and port of a URL (RFC 3986), the port never left out: what a credential
/// is bound to. Two origins are the same only when all three are.
struct UrlOrigin {
    std::string scheme; ///< "http" or "https"
    std::string host;   ///< an IPv6 literal keeps its brackets
    std::uint16_t port = 0;
    /// "https://host:port", with the port in every case.
    std::string text() const;
    friend bool operator==(UrlOrigin const&, UrlOrigin const&) = default;
};

/// An absolute http or https URL. `parse` refuses (kind protocol) userinfo, fragments, control
/// characters, white space, other schemes and hosts curl would read differently than we do
/// (decimal or octal IPv4 forms, trailing dots, percent-encoding).
struct Url {
    UrlOrigin origin;
    std::string target; ///< path and query, starts with '/'
    /// As one writes it: a default port is left out.
    std::string text() const;
    /// For logs: query parameters that are not on the allow-list show as "…".
    std::string redacted() const;
    static Result<Url> parse(std::string_view text);
    /// A `Location` or `Link` target resolved against this URL (RFC 3986 section 5).
    Result<Url> resolve(std::string_view reference) const;
};

} // namespace clairgate::io
