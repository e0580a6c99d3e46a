#pragma once

#include <clairgate/io/http.hpp>
#include <clairgate/io/world.hpp>

#include <functional>

namespace clairgate::registry {

/// Where a redirect may lead and to which addresses, or why not.
using RedirectCheck = std::function<Result<io::AddressRule>(io::UrlOrigin const& target)>;

/// Sends a GET or HEAD and follows at most `limits::redirects` redirects, each checked before a
/// packet goes there. The credential goes along only to the origin it was attached for. Kinds
/// limit (too many), protocol (no or a malformed Location), those of `check` and of the exchange.
io::Task<Result<io::Response>>
send_following(io::World& world, io::Request request, RedirectCheck check, Deadline deadline);

} // namespace clairgate::registry
