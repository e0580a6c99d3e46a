#pragma once

#include <clairgate/io/url.hpp>

#include <string_view>

namespace clairgate::io {

/// Whether `no_proxy` (or a loopback host) keeps this origin away from the proxy. Entries are
/// separated by commas or spaces: "*"; a domain, which covers its subdomains too; an address; a
/// CIDR block; each with an optional ":port". Names compare without case on label boundaries.
bool bypasses_proxy(UrlOrigin const& origin, std::string_view no_proxy);

} // namespace clairgate::io
