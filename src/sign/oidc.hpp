#pragma once

#include <clairgate/sign/keyless.hpp>

#include <filesystem>

/// Inside of sign: identity tokens (JWT, RFC 7519). They are never verified here: Fulcio does that.
namespace clairgate::sign {

/// Whom the token speaks of, as Fulcio wants the possession of the key proven: `email` when
/// `email_verified` is true, else `sub`. Kinds protocol, limit.
Result<std::string> identity_of(Secret const& token);

/// `find_identity_token` with the place of the projected file.
io::Task<Result<IdentityToken>> find_identity_token_in(io::World& world,
                                                       std::optional<std::string> token_file,
                                                       std::filesystem::path projected_file,
                                                       Deadline deadline);

} // namespace clairgate::sign
