#pragma once

#include <clairgate/base/secret.hpp>
#include <clairgate/image/reference.hpp>
#include <clairgate/io/task.hpp>
#include <clairgate/io/world.hpp>

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace clairgate::registry {

/// What a configuration knows for one registry. Nothing of it is printable.
struct Credential {
    struct Basic {
        std::string user;
        Secret password;
    };
    struct IdentityToken {
        Secret token; ///< an OAuth2 refresh token
    };
    struct RegistryToken {
        Secret token; ///< a bearer token, used as it is
    };
    std::variant<Basic, IdentityToken, RegistryToken> value;
    std::string source; ///< where it was found: "~/.docker/config.json", for messages
};

/// One parsed docker or podman configuration.
class AuthFile {
  public:
    /// `auths`, `credsStore`, `credHelpers` of docker's config.json or podman's auth.json; kind
    /// config.
    static Result<AuthFile> parse(std::string_view json, std::string source);

    /// The entry for a repository: the longest of host/path prefixes (podman), then the host alone,
    /// also in docker's legacy spelling https://host/v1/. The host must match as a whole.
    Result<std::optional<Credential>> find(image::Repository const& repository) const;
    /// The helper that is responsible for the host, if any ("ecr-login").
    std::optional<std::string> helper(std::string_view registry) const;
    std::string const& source() const { return source_; }

  private:
    struct Entry {
        std::string key;
        std::string user;
        Secret password{std::string()};
        Secret identity_token{std::string()};
        Secret registry_token{std::string()};
    };
    std::vector<Entry> entries_;
    std::map<std::string, std::string, std::less<>> helpers_;
    std::string store_;
    std::string source_;
};

/// Whether CLAIRGATE_REGISTRY_USER is meant for the registry that is asked about.
enum class OwnVariables { use, skip };

/// Looks in CLAIRGATE_REGISTRY_USER with …_PASSWORD_FILE, then DOCKER_AUTH_CONFIG, the docker and
/// podman files and their credential helpers, in that order. Nothing means anonymous. `looked`
/// collects where it looked.
io::Task<Result<std::optional<Credential>>> find_credential(io::World& world,
                                                            image::Repository const& repository,
                                                            OwnVariables variables,
                                                            std::vector<std::string>& looked,
                                                            Deadline deadline);

/// The name under which Docker Hub's credential is kept.
inline constexpr std::string_view docker_hub_key = "https://index.docker.io/v1/";

} // namespace clairgate::registry
