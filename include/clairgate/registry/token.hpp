#pragma once

#include <clairgate/io/world.hpp>
#include <clairgate/registry/challenge.hpp>
#include <clairgate/registry/client.hpp>
#include <clairgate/registry/credentials.hpp>

#include <optional>
#include <string>
#include <vector>

namespace clairgate::registry {

/// The `Authorization` value for pulling from a repository, in answer to a registry's challenges
/// (Docker registry token specification; RFC 7617 for Basic). Prefers Bearer. Kinds denied,
/// protocol, config and those of the exchange.
io::Task<Result<PullAccess>> answer_challenges(io::World& world,
                                               Options const& options,
                                               io::Url const& registry,
                                               image::Repository const& repository,
                                               std::vector<Challenge> const& challenges,
                                               Deadline deadline);

/// The token in a token service's answer: `token` or `access_token`; only characters that may stand
/// in a header. Kind protocol.
Result<Secret> decode_token(std::string_view json);

} // namespace clairgate::registry
