#include <clairgate/base/text.hpp>
#include <clairgate/gate/config_checks.hpp>
#include <clairgate/io/url.hpp>

#include <set>

namespace clairgate::gate {

namespace {

constexpr std::string_view host_lists[] = {"plain-http", "insecure-tls", "trusted-realm"};

// A setting that means nothing without another one.
struct Need {
    std::string_view setting;
    std::string_view other;
    std::string_view why;
};
constexpr Need needs[] = {
    {"clair-psk-file", "clair-url", "the local engine makes its own key"},
    {"clair-ca", "clair-url", "the local engine speaks no TLS"},
    {"registry-ca", "image", "it is trusted for the registry of that image only"},
};

enum class Scheme { refused, allowed };

// "host", "host:port", "[::1]:5000"; nothing before or behind it.
bool is_host(std::string_view text, Scheme scheme) {
    bool const has_scheme = text.find("://") != std::string_view::npos;
    if (has_scheme && scheme == Scheme::refused)
        return false;
    auto const url = io::Url::parse(has_scheme ? std::string(text) : cat("http://", text));
    return url.has_value() && url->target == "/" && !text.ends_with('/');
}

void check_hosts(Settings const& settings, std::vector<Error>& mistakes) {
    for (auto const name : host_lists)
        for (auto const& text : settings.list(name))
            if (!is_host(text, Scheme::refused))
                mistakes.push_back(
                    Error(ErrorKind::usage, cat("--", name, ": \"", text, "\" is no host"))
                        .with_remedy(
                            cat("--", name, " HOST or HOST:PORT, without scheme and path")));
}

void check_layer_hosts(Settings const& settings, std::vector<Error>& mistakes) {
    std::set<std::string> froms;
    for (auto const& text : settings.list("layer-host")) {
        auto const equals = text.find('=');
        auto const from = std::string_view(text).substr(0, equals);
        bool const is_pair = equals != std::string::npos && is_host(from, Scheme::allowed) &&
                             is_host(std::string_view(text).substr(equals + 1), Scheme::allowed);
        if (!is_pair)
            mistakes.push_back(
                Error(ErrorKind::usage, cat("--layer-host: \"", text, "\" is not FROM=TO"))
                    .with_remedy("--layer-host 127.0.0.1:5000=registry:5000, each side HOST[:PORT] "
                                 "or http(s)://HOST[:PORT]"));
        else if (!froms.insert(to_lower(from)).second)
            mistakes.emplace_back(ErrorKind::usage, cat("--layer-host: ", from, " twice"));
    }
}

void check_updater_urls(Settings const& settings, std::vector<Error>& mistakes) {
    for (auto const& text : settings.list("updater-url")) {
        auto const equals = text.find('=');
        bool const is_pair = equals != std::string::npos && equals != 0 &&
                             io::Url::parse(std::string_view(text).substr(equals + 1)).has_value();
        if (!is_pair)
            mistakes.push_back(
                Error(ErrorKind::usage, cat("--updater-url: \"", text, "\" is not KEY=URL"))
                    .with_remedy("--updater-url debian.mirror_url=http://HOST/"));
    }
}

} // namespace

std::vector<Error> mistakes_in(Settings const& settings) {
    std::vector<Error> mistakes;
    check_hosts(settings, mistakes);
    check_layer_hosts(settings, mistakes);
    check_updater_urls(settings, mistakes);
    for (auto const& need : needs)
        if (settings.is_set(need.setting) && !settings.is_set(need.other))
            mistakes.push_back(Error(ErrorKind::usage,
                                     cat("--",
                                         need.setting,
                                         " (",
                                         settings.origin(need.setting),
                                         ") has no effect without --",
                                         need.other,
                                         ": ",
                                         need.why))
                                   .with_remedy(cat("--", need.other)));
    return mistakes;
}

Result<void> first_with_others(std::vector<Error> mistakes) {
    if (mistakes.empty())
        return ok();
    auto first = mistakes.front();
    auto others = first.also();
    others.insert(others.end(), mistakes.begin() + 1, mistakes.end());
    return std::move(first).with_also(std::move(others));
}

} // namespace clairgate::gate
