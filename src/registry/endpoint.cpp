#include <clairgate/base/text.hpp>
#include <clairgate/io/address.hpp>
#include <clairgate/registry/endpoint.hpp>

#include <algorithm>

namespace clairgate::registry {

namespace {

std::string_view host_of(std::string_view registry) {
    auto const bracket = registry.rfind(']');
    auto const colon = registry.rfind(':');
    bool const has_port =
        colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
    return registry.substr(0, has_port ? colon : registry.size());
}

bool is_loopback(std::string_view host) {
    if (host == "localhost" || host.ends_with(".localhost"))
        return true;
    auto const bytes = io::address_bytes(host);
    return bytes && io::is_loopback_address(*bytes);
}

bool is_private_literal(std::string_view host) {
    if (is_loopback(host))
        return true;
    auto const bytes = io::address_bytes(host);
    return bytes && !io::is_public_address(*bytes);
}

Error downgrade(io::UrlOrigin const& target) {
    return {ErrorKind::denied, cat("the registry sends us from https to ", target.text())};
}

} // namespace

bool is_named(std::vector<std::string> const& hosts, io::UrlOrigin const& origin) {
    return std::any_of(hosts.begin(), hosts.end(), [&](std::string const& entry) {
        auto const wanted = to_lower(entry);
        return wanted == origin.host || wanted == cat(origin.host, ":", origin.port);
    });
}

Result<io::Url> endpoint_of(std::string_view registry,
                            std::vector<std::string> const& plain_http_hosts) {
    auto const name = registry == "docker.io" ? std::string_view("registry-1.docker.io") : registry;
    auto url = TRY(io::Url::parse(cat("https://", name, "/")));
    auto plain = TRY(io::Url::parse(cat("http://", name, "/")));
    if (is_loopback(host_of(name)) || is_named(plain_http_hosts, plain.origin) ||
        is_named(plain_http_hosts, url.origin))
        return plain;
    return url;
}

Result<io::AddressRule> realm_rule(io::UrlOrigin const& registry,
                                   io::UrlOrigin const& realm,
                                   std::vector<std::string> const& trusted_realm_hosts) {
    if (registry.scheme == "https" && realm.scheme != "https")
        return downgrade(realm);
    bool const is_own = registry.host == realm.host && registry.port == realm.port;
    return is_own || is_named(trusted_realm_hosts, realm) ? io::AddressRule::any
                                                          : io::AddressRule::public_only;
}

Result<io::AddressRule> redirect_rule(io::UrlOrigin const& registry,
                                      io::UrlOrigin const& target,
                                      std::vector<std::string> const& trusted_hosts) {
    if (registry.scheme == "https" && target.scheme != "https")
        return downgrade(target);
    bool const is_own = registry.host == target.host && registry.port == target.port;
    return is_own || is_named(trusted_hosts, target) || is_private_literal(registry.host)
               ? io::AddressRule::any
               : io::AddressRule::public_only;
}

} // namespace clairgate::registry
