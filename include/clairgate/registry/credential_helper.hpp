#pragma once

#include <clairgate/io/world.hpp>
#include <clairgate/registry/credentials.hpp>

#include <optional>
#include <string>

namespace clairgate::registry {

/// Asks `docker-credential-NAME get` (docker-credential-helpers protocol): the server's name on
/// standard input, {ServerURL, Username, Secret} on standard output. "Credentials not found" is
/// nothing; a helper that is missing, hangs, floods or fails is an error that says how to do
/// without it.
io::Task<Result<std::optional<Credential>>>
ask_helper(io::World& world, std::string name, std::string server, Deadline deadline);

} // namespace clairgate::registry
