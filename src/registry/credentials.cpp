#include <clairgate/base/bytes.hpp>
#include <clairgate/base/json.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/registry/credentials.hpp>

#include <nlohmann/json.hpp>

namespace clairgate::registry {

namespace {

using nlohmann::json;

// "https://host/v1/" and "host/v1/" (docker's old spellings) → "host"; "host/ns" stays.
std::string canonical_key(std::string_view key) {
    for (std::string_view const scheme : {"https://", "http://"}) {
        if (!key.starts_with(scheme))
            continue;
        key.remove_prefix(scheme.size());
        key = key.substr(0, key.find('/'));
    }
    for (std::string_view const version : {"/v1/", "/v2/"})
        if (key.ends_with(version) && key.find('/') == key.size() - version.size())
            key.remove_suffix(version.size());
    while (key.ends_with('/'))
        key.remove_suffix(1);
    auto const slash = key.find('/');
    return to_lower(key.substr(0, slash)) +
           std::string(slash == std::string_view::npos ? "" : key.substr(slash));
}

std::string host_key(std::string_view registry) {
    return registry == "docker.io" ? "index.docker.io" : std::string(registry);
}

// Host, then host/ns, host/ns/repo …, longest first.
std::vector<std::string> keys_for(image::Repository const& repository) {
    std::vector<std::string> keys;
    auto const add_prefixes = [&](std::string const& host) {
        auto full = cat(host, "/", repository.path);
        while (full.size() > host.size()) {
            keys.push_back(full);
            full.resize(full.rfind('/'));
        }
        keys.push_back(host);
    };
    add_prefixes(repository.registry);
    if (repository.registry == "docker.io")
        keys.push_back(host_key(repository.registry));
    return keys;
}

Result<std::string> text_of(json const& object, std::string_view key) {
    return TRY(clairgate::json::optional_string(object, key)).value_or("");
}

} // namespace

Result<AuthFile> AuthFile::parse(std::string_view text, std::string source) {
    AuthFile file;
    file.source_ = std::move(source);
    auto const as_config = [&file](Error const& error) {
        return Error(ErrorKind::config,
                     cat("credentials in ", file.source_, ": ", error.message()));
    };
    auto const parsed = clairgate::json::parse(text);
    if (!parsed.has_value())
        return as_config(parsed.error());
    auto const auths = clairgate::json::optional_object(*parsed, "auths");
    auto const helpers = clairgate::json::optional_object(*parsed, "credHelpers");
    auto const store = text_of(*parsed, "credsStore");
    for (auto const* failed : {&auths, &helpers})
        if (!failed->has_value())
            return as_config(failed->error());
    if (!store.has_value())
        return as_config(store.error());
    file.store_ = *store;
    if (*helpers != nullptr)
        for (auto const& [host, name] : (*helpers)->items())
            if (name.is_string())
                file.helpers_.emplace(canonical_key(host), name.get_ref<std::string const&>());
    if (*auths == nullptr)
        return file;
    for (auto const& [key, value] : (*auths)->items()) {
        Entry entry;
        entry.key = canonical_key(key);
        auto const auth = text_of(value, "auth");
        auto const user = text_of(value, "username");
        auto const password = text_of(value, "password");
        auto const identity = text_of(value, "identitytoken");
        auto const token = text_of(value, "registrytoken");
        for (auto const* field : {&auth, &user, &password, &identity, &token})
            if (!field->has_value())
                return as_config(field->error());
        entry.user = *user;
        entry.password = Secret(*password);
        if (!auth->empty()) {
            auto const decoded = from_base64(*auth);
            auto const colon = decoded.has_value() ? decoded->find(':') : std::string::npos;
            if (colon == std::string::npos)
                return Error(ErrorKind::config,
                             cat("credentials in ",
                                 file.source_,
                                 ": auth of ",
                                 key,
                                 " is not base64 of user:password"));
            entry.user = decoded->substr(0, colon);
            entry.password = Secret(decoded->substr(colon + 1));
        }
        entry.identity_token = Secret(*identity);
        entry.registry_token = Secret(*token);
        file.entries_.push_back(std::move(entry));
    }
    return file;
}

Result<std::optional<Credential>> AuthFile::find(image::Repository const& repository) const {
    for (auto const& key : keys_for(repository)) {
        for (auto const& entry : entries_) {
            if (entry.key != key)
                continue;
            if (!entry.registry_token.empty())
                return std::optional(
                    Credential{Credential::RegistryToken{entry.registry_token}, source_});
            if (!entry.identity_token.empty())
                return std::optional(
                    Credential{Credential::IdentityToken{entry.identity_token}, source_});
            if (!entry.user.empty())
                return std::optional(
                    Credential{Credential::Basic{entry.user, entry.password}, source_});
        }
    }
    return std::optional<Credential>();
}

std::optional<std::string> AuthFile::helper(std::string_view registry) const {
    for (auto const& key : {std::string(registry), host_key(registry)})
        if (auto const found = helpers_.find(key); found != helpers_.end())
            return found->second;
    if (!store_.empty())
        return store_;
    return std::nullopt;
}

} // namespace clairgate::registry
