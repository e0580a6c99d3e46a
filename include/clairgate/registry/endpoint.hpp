#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/io/http.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace clairgate::registry {

/// Root URL of a registry's API, without a path: https, but http for loopback hosts and those the
/// operator named. Docker Hub is reached at registry-1.docker.io.
Result<io::Url> endpoint_of(std::string_view registry,
                            std::vector<std::string> const& plain_http_hosts);

/// Whether an entry of a host list ("host" or "host:port") names this origin.
bool is_named(std::vector<std::string> const& hosts, io::UrlOrigin const& origin);

/// How a token may be asked for at `realm`, which the registry chose and which may be an attack on
/// our network: freely on the registry's own host and port and on hosts the operator named, else
/// only on public addresses. Kind denied: a downgrade from https to http.
Result<io::AddressRule> realm_rule(io::UrlOrigin const& registry,
                                   io::UrlOrigin const& realm,
                                   std::vector<std::string> const& trusted_realm_hosts);

/// The same for a redirect of a manifest or blob; a registry that is itself on a private address
/// given as a literal may redirect within the private network.
Result<io::AddressRule> redirect_rule(io::UrlOrigin const& registry,
                                      io::UrlOrigin const& target,
                                      std::vector<std::string> const& trusted_hosts);

} // namespace clairgate::registry
