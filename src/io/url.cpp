#include <clairgate/base/text.hpp>
#include <clairgate/io/address.hpp>
#include <clairgate/io/url.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <arpa/inet.h>

namespace clairgate::io {

namespace {

constexpr std::size_t url_bytes_max = 8192;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_alpha(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

Error malformed(std::string_view url, std::string_view reason) {
    return {ErrorKind::protocol, cat("malformed URL ", printable(url, 200), ": ", reason)};
}

// RFC 3986 section 2: only these characters, and "%" only before two hexadecimal digits.
bool has_uri_characters_only(std::string_view text) {
    constexpr std::string_view others = "-._~:/?#[]@!$&'()*+,;=%";
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!is_alpha(text[i]) && !is_digit(text[i]) &&
            others.find(text[i]) == std::string_view::npos)
            return false;
        if (text[i] == '%' &&
            (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])))
            return false;
    }
    return true;
}

// What inet_aton, and with it curl's resolver, would take for an IPv4 address.
bool looks_numeric(std::string_view last_label) {
    if (last_label.starts_with("0x"))
        return std::all_of(last_label.begin() + 2, last_label.end(), is_hex);
    return std::all_of(last_label.begin(), last_label.end(), is_digit);
}

bool is_label(std::string_view label) {
    auto const is_allowed = [](char c) {
        return is_alpha(c) || is_digit(c) || c == '-' || c == '_';
    };
    return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
           std::all_of(label.begin(), label.end(), is_allowed);
}

// The one spelling of an IPv6 literal.
std::optional<std::string> normal_ipv6(std::string_view bracketed) {
    auto const bytes = address_bytes(bracketed);
    if (!bytes || bytes->size() != 16)
        return std::nullopt;
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (::inet_ntop(AF_INET6, bytes->data(), text.data(), text.size()) == nullptr)
        return std::nullopt;
    return cat("[", std::string_view(text.data()), "]");
}

// The host in its one spelling, or nothing when it has none.
std::optional<std::string> normal_host(std::string_view host) {
    if (host.starts_with('[') && host.ends_with(']'))
        return normal_ipv6(host);
    auto const lower = to_lower(host);
    auto const labels = split(lower, '.');
    if (lower.size() > 253 || !std::all_of(labels.begin(), labels.end(), is_label))
        return std::nullopt;
    if (looks_numeric(labels.back()) && !address_bytes(lower))
        return std::nullopt;
    return lower;
}

std::uint16_t default_port(std::string_view scheme) {
    return scheme == "https" ? 443 : 80;
}

Result<UrlOrigin> parse_authority(std::string_view url, std::string scheme, std::string_view text) {
    if (text.find('@') != std::string_view::npos)
        return malformed("…", "user information in a URL is not accepted"); // may be a password
    UrlOrigin origin;
    origin.port = default_port(scheme);
    origin.scheme = std::move(scheme);
    auto const bracket = text.rfind(']');
    auto const colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
    if (colon != std::string_view::npos) {
        auto const port = parse_unsigned(text.substr(colon + 1));
        if (!port || *port == 0 || *port > 65535 || text.size() - colon > 6)
            return malformed(url, "no port number between 1 and 65535");
        origin.port = static_cast<std::uint16_t>(*port);
    }
    auto host = normal_host(text.substr(0, colon));
    if (!host)
        return malformed(url, "not a host name or address in its usual spelling");
    origin.host = std::move(*host);
    return origin;
}

// RFC 3986 section 5.2.4, on a path that starts with '/'.
std::string without_dot_segments(std::string_view path) {
    auto const segments = split(path.substr(1), '/');
    std::vector<std::string_view> kept;
    for (std::size_t i = 0; i < segments.size(); ++i) {
        bool const is_last = i + 1 == segments.size();
        bool const is_dot = segments[i] == "." || segments[i] == "..";
        if (segments[i] == ".." && !kept.empty())
            kept.pop_back();
        if (!is_dot)
            kept.push_back(segments[i]);
        else if (is_last)
            kept.push_back("");
    }
    std::string out;
    for (auto const segment : kept)
        out += cat("/", segment);
    return out.empty() ? "/" : out;
}

bool may_be_logged(std::string_view parameter) {
    // What registries, token services and Clair are asked in the open; all else may be a secret
    // (signed download links carry theirs in the query).
    constexpr std::array<std::string_view, 12> open = {"service",
                                                       "scope",
                                                       "n",
                                                       "last",
                                                       "artifactType",
                                                       "digest",
                                                       "mount",
                                                       "from",
                                                       "kind",
                                                       "latest",
                                                       "next",
                                                       "limit"};
    return std::find(open.begin(), open.end(), parameter) != open.end();
}

} // namespace

std::string UrlOrigin::text() const {
    return cat(scheme, "://", host, ":", port);
}

std::string Url::text() const {
    bool const is_default = origin.port == default_port(origin.scheme);
    return is_default ? cat(origin.scheme, "://", origin.host, target) : cat(origin.text(), target);
}

std::string Url::redacted() const {
    auto const whole = text();
    auto const query = whole.find('?');
    if (query == std::string::npos)
        return whole;
    auto out = whole.substr(0, query);
    char separator = '?';
    for (auto const parameter : split(std::string_view(whole).substr(query + 1), '&')) {
        auto const name = parameter.substr(0, parameter.find('='));
        out += separator;
        if (may_be_logged(name))
            out += parameter;
        else
            out += name == parameter ? std::string("…") : cat(name, "=…");
        separator = '&';
    }
    return out;
}

Result<Url> Url::parse(std::string_view text) {
    if (text.size() > url_bytes_max)
        return malformed(text, "too long");
    if (!has_uri_characters_only(text))
        return malformed(text, "a character that a URL may not hold");
    if (text.find('#') != std::string_view::npos)
        return malformed(text, "a fragment is not accepted");
    auto const separator = text.find("://");
    auto scheme = to_lower(text.substr(0, separator));
    if (separator == std::string_view::npos || (scheme != "http" && scheme != "https"))
        return malformed(text, "only http:// and https:// are accepted");
    auto const rest = text.substr(separator + 3);
    auto const end = rest.find_first_of("/?");
    Url url;
    url.origin = TRY(parse_authority(text, std::move(scheme), rest.substr(0, end)));
    auto const target = end == std::string_view::npos ? std::string_view() : rest.substr(end);
    url.target = target.starts_with('/') ? std::string(target) : cat("/", target);
    if (url.target.find_first_of("[]") != std::string::npos)
        return malformed(text, "brackets outside the host");
    return url;
}

Result<Url> Url::resolve(std::string_view reference) const {
    if (reference.size() > url_bytes_max || !has_uri_characters_only(reference) ||
        reference.find('#') != std::string_view::npos)
        return malformed(reference, "not a reference of URI characters without a fragment");
    auto const first = reference.find_first_of(":/?");
    bool const has_scheme =
        first != std::string_view::npos && reference[first] == ':' && is_alpha(reference.front());
    if (has_scheme)
        return parse(reference);
    if (reference.starts_with("//"))
        return parse(cat(origin.scheme, ":", reference));
    if (reference.find_first_of("[]") != std::string_view::npos)
        return malformed(reference, "brackets outside the host");
    Url url = *this;
    if (reference.empty())
        return url;
    auto const base_path = target.substr(0, target.find('?'));
    auto const query = reference.find('?');
    auto const path = std::string(reference.substr(0, query));
    auto const tail = query == std::string_view::npos ? "" : std::string(reference.substr(query));
    if (path.empty())
        url.target = base_path + tail;
    else if (path.front() == '/')
        url.target = without_dot_segments(path) + tail;
    else
        url.target =
            without_dot_segments(base_path.substr(0, base_path.rfind('/') + 1) + path) + tail;
    return url;
}

} // namespace clairgate::io
