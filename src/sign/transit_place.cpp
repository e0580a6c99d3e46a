#include <clairgate/base/text.hpp>
#include <clairgate/io/address.hpp>
#include <clairgate/io/files.hpp>
#include <clairgate/sign/transit.hpp>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace clairgate::sign {

namespace {

constexpr std::size_t name_bytes_max = 256;
constexpr std::string_view mount_default = "transit";

// The variables of one service.
struct Variables {
    std::string address;
    std::string token;
    std::string name_space;
};
Variables variables_of(std::string_view prefix) {
    return {cat(prefix, "_ADDR"), cat(prefix, "_TOKEN"), cat(prefix, "_NAMESPACE")};
}

// What may stand between two slashes of a path without a second meaning.
bool is_plain_segment(std::string_view segment) {
    return !segment.empty() && segment.size() <= name_bytes_max && segment != "." &&
           segment != ".." && std::all_of(segment.begin(), segment.end(), [](char c) {
               return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                      c == '_' || c == '.' || c == '-';
           });
}

bool is_plain_path(std::string_view path) {
    auto const segments = split(path, '/');
    return std::all_of(segments.begin(), segments.end(), is_plain_segment);
}

bool is_visible_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7F'; });
}

bool is_loopback(std::string_view host) {
    auto const bytes = io::address_bytes(host);
    return host == "localhost" || (bytes && io::is_loopback_address(*bytes));
}

Result<std::string> key_of(std::string_view reference) {
    auto const at = reference.find("://");
    auto const key = at == std::string_view::npos ? std::string_view() : reference.substr(at + 3);
    if (!is_plain_segment(key))
        return Error(ErrorKind::usage,
                     cat("\"", printable(key, 80), "\" is no name of a transit key"))
            .with_remedy("a key is written hashivault://NAME: letters, digits, '-', '_' and '.'");
    return std::string(key);
}

Result<io::Url> address_of(io::Environment const& environment, std::string const& variable) {
    auto const text = environment.value(variable);
    if (!text)
        return Error(ErrorKind::config, cat(variable, " is not set"))
            .with_remedy(cat(variable, " has to be the URL of the service that has the key"));
    auto url = io::Url::parse(trim(*text));
    if (!url.has_value())
        return Error(ErrorKind::config, cat(variable, ": ", url.error().message()));
    if (url->target.find('?') != std::string::npos)
        return Error(ErrorKind::config, cat(variable, " may not hold a query"));
    if (url->origin.scheme != "https" && !is_loopback(url->origin.host))
        return Error(ErrorKind::config,
                     cat(variable, " is http, which would show the token to the network"))
            .with_remedy(cat(variable, " has to be https except on this machine itself"));
    while (url->target.ends_with('/'))
        url->target.pop_back();
    return url;
}

Result<Secret> token_of(io::Environment const& environment, std::string const& variable) {
    auto const value = environment.value(variable);
    auto const home = environment.value("HOME");
    if (!value && (!home || !std::filesystem::path(*home).is_absolute()))
        return Error(ErrorKind::config, cat(variable, " is not set"));
    auto token = value ? Result<Secret>(Secret(*value))
                       : io::read_secret(std::filesystem::path(*home) / ".vault-token");
    if (!token.has_value())
        return Error(ErrorKind::config, cat(variable, " is not set, and ", token.error().text()));
    Secret trimmed{std::string(trim(token->reveal()))};
    if (trimmed.empty() || !is_visible_ascii(trimmed.reveal()))
        return Error(ErrorKind::config,
                     cat("the token in ", variable, " or ~/.vault-token is malformed"));
    return trimmed;
}

Result<std::string> mount_of(io::Environment const& environment) {
    constexpr std::string_view variable = "TRANSIT_SECRET_ENGINE_PATH";
    auto const value = environment.value(variable);
    std::string_view mount = value ? std::string_view(*value) : mount_default;
    while (mount.starts_with('/'))
        mount.remove_prefix(1);
    while (mount.ends_with('/'))
        mount.remove_suffix(1);
    if (!is_plain_path(mount))
        return Error(ErrorKind::config, cat(variable, " is no path of a mount"));
    return std::string(mount);
}

} // namespace

Result<TransitPlace> transit_place(io::Environment const& environment, std::string_view reference) {
    auto key = TRY(key_of(reference));
    bool const is_openbao = reference.starts_with("openbao:") && environment.value("BAO_ADDR");
    auto const variables = variables_of(is_openbao ? "BAO" : "VAULT");
    auto url = TRY(address_of(environment, variables.address));
    auto mount = TRY(mount_of(environment));
    auto name_space = environment.value(variables.name_space);
    if (name_space && !is_visible_ascii(*name_space))
        return Error(ErrorKind::config, cat(variables.name_space, " is malformed"));
    auto token = TRY(token_of(environment, variables.token));
    return TransitPlace{
        std::move(url), std::move(mount), std::move(key), std::move(name_space), std::move(token)};
}

} // namespace clairgate::sign
