#include <clairgate/base/text.hpp>
#include <clairgate/image/reference.hpp>

#include <algorithm>

namespace clairgate::image {

namespace {

constexpr std::size_t name_bytes_max = 255; // OCI distribution-spec, "Pulling manifests"
constexpr std::size_t tag_bytes_max = 128;

bool is_lower_alnum(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}
bool is_word(char c) {
    return is_lower_alnum(c) || (c >= 'A' && c <= 'Z') || c == '_';
}
bool has_upper(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

Error refuse(std::string_view text, std::string_view why, std::string_view remedy) {
    return Error(ErrorKind::usage,
                 cat("not an image reference: \"", text.substr(0, 300), "\" (", why, ")"))
        .with_remedy(std::string(remedy));
}

// [a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*
bool is_path_component(std::string_view text) {
    if (text.empty() || !is_lower_alnum(text.front()) || !is_lower_alnum(text.back()))
        return false;
    for (std::size_t i = 0; i < text.size();) {
        if (is_lower_alnum(text[i])) {
            ++i;
            continue;
        }
        auto const end =
            std::find_if(text.begin() + static_cast<long>(i), text.end(), is_lower_alnum);
        auto const separator = text.substr(i, static_cast<std::size_t>(end - text.begin()) - i);
        bool const is_dashes = separator.find_first_not_of('-') == std::string_view::npos;
        if (separator != "." && separator != "_" && separator != "__" && !is_dashes)
            return false;
        i += separator.size();
    }
    return true;
}

bool is_path(std::string_view text) {
    auto const components = split(text, '/');
    return text.size() <= name_bytes_max &&
           std::all_of(components.begin(), components.end(), is_path_component);
}

bool is_tag(std::string_view text) {
    return !text.empty() && text.size() <= tag_bytes_max && is_word(text.front()) &&
           std::all_of(
               text.begin(), text.end(), [](char c) { return is_word(c) || c == '.' || c == '-'; });
}

// host[:port]; IPv6 in brackets. Told from a path component by '.', ':' or the name localhost.
bool is_registry(std::string_view text) {
    auto const bracket = text.rfind(']');
    auto const colon = text.rfind(':');
    bool const has_port =
        colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
    auto const host = text.substr(0, has_port ? colon : text.size());
    if (has_port) {
        auto const port = parse_unsigned(text.substr(colon + 1));
        if (!port || *port == 0 || *port > 65535)
            return false;
    }
    if (host.starts_with('['))
        return host.ends_with(']') && host.size() > 3 &&
               host.find_first_not_of("0123456789abcdefABCDEF:.[]") == std::string_view::npos;
    auto const labels = split(host, '.');
    return std::all_of(labels.begin(), labels.end(), [](std::string_view label) {
        return !label.empty() && label.front() != '-' && label.back() != '-' &&
               std::all_of(label.begin(), label.end(), [](char c) {
                   return (is_word(c) && c != '_') || c == '-';
               });
    });
}

bool looks_like_registry(std::string_view first) {
    return first.find_first_of(".:[") != std::string_view::npos ||
           equals_ignoring_case(first, "localhost");
}

Repository split_repository(std::string_view name) {
    auto const slash = name.find('/');
    if (slash == std::string_view::npos || !looks_like_registry(name.substr(0, slash)))
        return {"docker.io",
                slash == std::string_view::npos ? cat("library/", name) : std::string(name)};
    auto registry = to_lower(name.substr(0, slash));
    if (registry == "index.docker.io" || registry == "registry-1.docker.io")
        registry = "docker.io";
    auto path = std::string(name.substr(slash + 1));
    if (registry == "docker.io" && path.find('/') == std::string::npos)
        path = "library/" + path;
    return {std::move(registry), std::move(path)};
}

bool is_hex64(std::string_view text) {
    return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

// Takes ":tag" off the end of the name. A colon before a slash belongs to the registry's port.
std::optional<std::string> take_tag(std::string_view& name) {
    auto const colon = name.rfind(':');
    if (colon == std::string_view::npos || name.find('/', colon) != std::string_view::npos)
        return std::nullopt;
    auto tag = std::string(name.substr(colon + 1));
    name = name.substr(0, colon);
    return tag;
}

std::string_view why_not_a_path(std::string_view path) {
    if (has_upper(path))
        return "a repository is lower case";
    return path.size() > name_bytes_max ? "a repository has at most 255 characters"
                                        : "bad repository";
}

} // namespace

Result<Reference> Reference::parse(std::string_view text) {
    constexpr std::string_view form =
        "write registry/repository:tag or registry/repository@sha256:…";
    if (text.empty())
        return refuse(text, "empty", form);
    if (text.find("://") != std::string_view::npos)
        return refuse(
            text, "it starts with a scheme", "leave the scheme out: registry/repository:tag");
    if (text.starts_with("sha256:") || text.starts_with("sha512:") || is_hex64(text))
        return refuse(text,
                      "a bare digest or image ID names no repository",
                      "write registry/repository@sha256:…, with the manifest's digest as the push "
                      "printed it");
    auto const at = text.find('@');
    auto name = text.substr(0, at);
    std::optional<Digest> digest;
    if (at != std::string_view::npos)
        digest = TRY(Digest::parse(text.substr(at + 1)));
    auto tag = take_tag(name);
    if (tag && !is_tag(*tag))
        return refuse(text,
                      "a tag is at most 128 letters, digits, '_', '.' and '-', and starts with "
                      "neither '.' nor '-'",
                      form);
    Reference reference(split_repository(name));
    auto const& repository = reference.repository_;
    if (!is_registry(repository.registry))
        return refuse(text, "bad registry host", form);
    if (!is_path(repository.path))
        return refuse(text, why_not_a_path(repository.path), form);
    reference.tag_ = std::move(tag);
    reference.digest_ = std::move(digest);
    return reference;
}

Reference Reference::at(Digest digest) const {
    return make(repository_, std::move(digest));
}

Reference Reference::make(Repository repository, Digest digest) {
    Reference reference(std::move(repository));
    reference.digest_ = std::move(digest);
    return reference;
}

std::string Reference::text() const {
    if (digest_)
        return cat(repository_.text(), "@", digest_->text());
    return tag_ ? cat(repository_.text(), ":", *tag_) : repository_.text();
}

} // namespace clairgate::image
