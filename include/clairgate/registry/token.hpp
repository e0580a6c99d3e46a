#pragma once

#include <clairgate/io/world.hpp>
#include <clairgate/registry/challenge.hpp>
#include <clairgate/registry/client.hpp>
#include <clairgate/registry/credentials.hpp>

#include <optional>
#include <string>
#include <vector>

namespace clairgate::registry {

/// What we answer to a registry's challenge.
struct Login {
    PullAccess access;
    std::optional<Duration> valid_for; ///< how long a token lasts; nothing for a password
    std::string how; ///< "with the credential from …", "anonymously; looked in …", for messages
};

/// What a token is asked for: never more than the task needs.
enum class Rights {
    pull,
    push,  ///< includes pull: a push asks what is there already
    remove ///< includes push: some registries know no right of its own for deleting
};

/// The `Authorization` value for using a repository, in answer to a registry's challenges
/// (Docker registry token specification; RFC 7617 for Basic). Prefers Bearer. Kinds denied,
/// protocol, config and those of the exchange.
io::Task<Result<Login>> answer_challenges(io::World& world,
                                          Options const& options,
                                          io::Url const& registry,
                                          image::Repository const& repository,
                                          std::vector<Challenge> const& challenges,
                                          OwnVariables variables,
                                          Deadline deadline,
                                          Rights rights = Rights::pull);

/// The challenges of all `WWW-Authenticate` headers of an answer.
std::vector<Challenge> challenges_of(io::Response const& response);

/// What a token service gave.
struct Token {
    Secret value;
    Duration valid_for; ///< `expires_in`, 60 s when it does not say, at most a day
};

/// Reads a token service's answer: `token` or `access_token`; only characters that may stand in a
/// header. Kind protocol.
Result<Token> decode_token(std::string_view json);

} // namespace clairgate::registry
