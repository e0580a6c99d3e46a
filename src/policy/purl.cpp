#include <clairgate/base/text.hpp>
#include <clairgate/policy/purl.hpp>

#include <algorithm>

namespace clairgate::policy {

namespace {

constexpr std::string_view scheme = "pkg:";

// purl-spec, types: what is compared without regard to case.
struct TypeRule {
    std::string_view type;
    bool has_lower_namespace;
    bool has_lower_name;
};
constexpr TypeRule type_rules[] = {{"deb", true, true},
                                   {"apk", true, true},
                                   {"rpm", true, false},
                                   {"pypi", true, true},
                                   {"golang", true, true},
                                   {"oci", true, true},
                                   {"docker", true, true}};

bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

int hex_value(char c) {
    auto const lower = static_cast<char>(c | 0x20);
    return is_digit(c) ? c - '0' : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::optional<std::string> decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        int const high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
        int const low = high < 0 ? -1 : hex_value(text[i + 2]);
        if (low < 0)
            return std::nullopt;
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return is_utf8(out) ? std::optional(std::move(out)) : std::nullopt;
}

// The segments of a path, each decoded, none empty; a segment may not hold a '/' of its own.
std::optional<std::string> decoded_path(std::string_view text) {
    std::string out;
    for (auto const segment : split(text, '/')) {
        auto const piece = decoded(segment);
        if (!piece || piece->find('/') != std::string::npos)
            return std::nullopt;
        if (!piece->empty())
            out += cat(out.empty() ? "" : "/", *piece);
    }
    return out;
}

std::string_view stripped(std::string_view text) {
    auto const first = std::min(text.find_first_not_of('/'), text.size());
    text.remove_prefix(first);
    return text.substr(0, text.find_last_not_of('/') + 1);
}

// Cuts what follows the last `separator` off `text`; "" when there is none.
std::string_view take_after(std::string_view& text, char separator) {
    auto const at = text.rfind(separator);
    if (at == std::string_view::npos)
        return {};
    auto const after = text.substr(at + 1);
    text = text.substr(0, at);
    return after;
}

bool is_type(std::string_view text) {
    return !text.empty() && is_lower(text.front()) &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return is_lower(c) || is_digit(c) || c == '.' || c == '-';
           });
}

bool is_qualifier_key(std::string_view text) {
    return !text.empty() && !is_digit(text.front()) &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return is_lower(c) || is_digit(c) || c == '.' || c == '-' || c == '_';
           });
}

} // namespace

std::optional<Purl> Purl::parse(std::string_view text) {
    Purl purl;
    if (text.size() > bytes_max || !text.starts_with(scheme) || !purl.read(text))
        return std::nullopt;
    purl.make_canonical();
    return purl;
}

// purl-spec, "How to parse": from the right, so that what is left is the path.
bool Purl::read(std::string_view text) {
    text.remove_prefix(scheme.size());
    auto subpath = decoded_path(take_after(text, '#'));
    auto const question = text.find('?');
    auto const qualifiers =
        question == std::string_view::npos ? std::string_view() : text.substr(question + 1);
    text = stripped(text.substr(0, question));
    auto const slash = text.find('/');
    if (!subpath || slash == std::string_view::npos)
        return false;
    type_ = to_lower(text.substr(0, slash));
    auto path = stripped(text.substr(slash));
    // An '@' before a '/' is a namespace's, as npm writes its scopes.
    auto const at = path.rfind('@');
    auto const last_slash = path.rfind('/');
    bool const has_version =
        at != std::string_view::npos && (last_slash == std::string_view::npos || at > last_slash);
    auto version = decoded(has_version ? path.substr(at + 1) : std::string_view());
    path = stripped(path.substr(0, has_version ? at : path.size()));
    auto const name_at = path.rfind('/');
    bool const has_namespace = name_at != std::string_view::npos;
    auto name = decoded(has_namespace ? path.substr(name_at + 1) : path);
    auto name_space = decoded_path(has_namespace ? path.substr(0, name_at) : std::string_view());
    if (!is_type(type_) || !version || !name || name->empty() || !name_space)
        return false;
    subpath_ = *std::move(subpath);
    version_ = *std::move(version);
    name_ = *std::move(name);
    namespace_ = *std::move(name_space);
    return read_qualifiers(qualifiers);
}

bool Purl::read_qualifiers(std::string_view text) {
    if (text.empty())
        return true;
    auto const pairs = split(text, '&');
    if (pairs.size() > qualifiers_max)
        return false;
    for (auto const pair : pairs) {
        auto const equals = pair.find('=');
        auto key = to_lower(pair.substr(0, equals));
        if (equals == std::string_view::npos || !is_qualifier_key(key))
            return false;
        auto value = decoded(pair.substr(equals + 1));
        if (!value || qualifiers_.contains(key))
            return false;
        if (!value->empty())
            qualifiers_.emplace(std::move(key), *std::move(value));
    }
    return true;
}

void Purl::make_canonical() {
    for (auto const& rule : type_rules) {
        if (rule.type != type_)
            continue;
        if (rule.has_lower_namespace)
            namespace_ = to_lower(namespace_);
        if (rule.has_lower_name)
            name_ = to_lower(name_);
    }
    if (type_ == "pypi")
        std::replace(name_.begin(), name_.end(), '_', '-');
}

std::string_view Purl::qualifier(std::string_view key) const {
    auto const found = qualifiers_.find(key);
    return found == qualifiers_.end() ? std::string_view() : std::string_view(found->second);
}

bool Purl::covers(Purl const& other) const {
    return type_ == other.type_ && namespace_ == other.namespace_ && name_ == other.name_ &&
           (version_.empty() || version_ == other.version_) &&
           (subpath_.empty() || subpath_ == other.subpath_) &&
           std::all_of(qualifiers_.begin(), qualifiers_.end(), [&](auto const& qualifier) {
               return other.qualifier(qualifier.first) == qualifier.second;
           });
}

} // namespace clairgate::policy
