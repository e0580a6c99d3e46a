#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::registry {

/// One challenge of a `WWW-Authenticate` header (RFC 9110 section 11.6.1): scheme and parameter
/// names in lower case, values unquoted.
struct Challenge {
    std::string scheme;
    std::map<std::string, std::string> parameters;
    friend bool operator==(Challenge const&, Challenge const&) = default;
};

/// All challenges of one header value; what cannot be read is left out (a challenge that we do not
/// understand is one that we cannot answer).
std::vector<Challenge> parse_challenges(std::string_view header);

} // namespace clairgate::registry
