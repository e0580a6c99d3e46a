#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/io/http.hpp>
#include <clairgate/io/world.hpp>

#include <string>
#include <string_view>

/// Inside of sign: how Fulcio, Rekor, timestamp authorities and token services are asked.
namespace clairgate::sign {

/// The URL of a service that gets a token or a signature of ours: https, or http on a loopback
/// host; with `path` behind it where it is the base of an API. Kind config.
Result<io::Url> service_url(std::string_view base, std::string_view path = "");

/// Sends within 30 seconds a try, and tries again where that may help: no connection, 5xx, 429. Any
/// other status is an answer; a redirect is not followed.
io::Task<Result<io::Response>>
ask_service(io::World& world, std::string what, io::Request request, Deadline deadline);

} // namespace clairgate::sign
