#pragma once

#include <clairgate/base/secret.hpp>
#include <clairgate/base/time.hpp>

#include <string_view>

namespace clairgate::clair {

/// A JWT (RFC 7519) as Clair's PSK authentication takes it: HS256 over iss, iat, nbf = iat − 60 s
/// and exp = iat + 60 s. Minted for each request, so it never expires under way.
Secret mint_token(Secret const& key, std::string_view issuer, SystemTime now);

} // namespace clairgate::clair
