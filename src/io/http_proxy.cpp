#include <clairgate/base/text.hpp>
#include <clairgate/io/address.hpp>
#include <clairgate/io/http_proxy.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace clairgate::io {

namespace {

bool shares_prefix(std::string_view a, std::string_view b, std::uint64_t bits) {
    if (a.size() != b.size() || bits > a.size() * 8)
        return false;
    for (std::size_t i = 0; i < bits; ++i) {
        auto const shift = 7 - i % 8;
        if (((a[i / 8] >> shift) & 1) != ((b[i / 8] >> shift) & 1))
            return false;
    }
    return true;
}

// "name:8080" → name and 8080; a bare IPv6 literal has no port.
std::pair<std::string_view, std::optional<std::uint64_t>> split_port(std::string_view entry) {
    auto const colon = entry.rfind(':');
    bool const is_bare_v6 = std::count(entry.begin(), entry.end(), ':') > 1 &&
                            entry.find(']') == std::string_view::npos;
    if (colon == std::string_view::npos || is_bare_v6 || entry.back() == ']')
        return {entry, std::nullopt};
    auto const port = parse_unsigned(entry.substr(colon + 1));
    return port ? std::pair(entry.substr(0, colon), port) : std::pair(entry, std::nullopt);
}

bool covers_address(std::string_view entry, std::string const& address) {
    auto const slash = entry.find('/');
    auto const block = address_bytes(entry.substr(0, slash));
    if (!block)
        return false;
    if (slash == std::string_view::npos)
        return *block == address;
    auto const bits = parse_unsigned(entry.substr(slash + 1));
    return bits && shares_prefix(*block, address, *bits);
}

bool covers_name(std::string_view entry, std::string_view host) {
    if (entry.starts_with("*."))
        entry.remove_prefix(1);
    while (entry.starts_with('.'))
        entry.remove_prefix(1);
    if (entry.empty() || host.size() < entry.size())
        return false;
    auto const tail = host.substr(host.size() - entry.size());
    bool const is_label_boundary =
        host.size() == entry.size() || host[host.size() - entry.size() - 1] == '.';
    return is_label_boundary && equals_ignoring_case(tail, entry);
}

bool covers(std::string_view entry, UrlOrigin const& origin) {
    if (entry == "*")
        return true;
    auto const [name, port] = split_port(entry);
    if (port && *port != origin.port)
        return false;
    auto const address = address_bytes(origin.host);
    return address ? covers_address(name, *address) : covers_name(name, origin.host);
}

} // namespace

bool bypasses_proxy(UrlOrigin const& origin, std::string_view no_proxy) {
    auto const address = address_bytes(origin.host);
    if (origin.host == "localhost" || (address && is_loopback_address(*address)))
        return true;
    std::string entries(no_proxy);
    std::replace(entries.begin(), entries.end(), ' ', ',');
    for (auto const entry : split(entries, ',')) {
        if (!entry.empty() && covers(trim(entry), origin))
            return true;
    }
    return false;
}

} // namespace clairgate::io
