#pragma once

#include <clairgate/base/secret.hpp>
#include <clairgate/image/subject.hpp>
#include <clairgate/io/http.hpp>
#include <clairgate/io/world.hpp>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace clairgate::registry {

struct Options {
    std::vector<std::string>
        plain_http_hosts; ///< host[:port] spoken to without TLS; loopback needs no entry
    std::vector<std::string>
        trusted_realm_hosts; ///< token services on private addresses the operator named
    std::vector<image::Platform> platforms; ///< empty: all
    /// The registry that CLAIRGATE_REGISTRY_USER is for; empty: the first one that asks for a
    /// login.
    std::string own_registry;
    Duration exchange_time_max = std::chrono::seconds(30);
};

/// What Clair gets to fetch layers itself.
struct PullAccess {
    /// Base URL of blobs: "https://host/v2/<name>/blobs/".
    std::string blobs_url;
    enum class Scheme { none, bearer, basic } scheme = Scheme::none;
    std::optional<Secret> authorization; ///< header value, for bearer and basic
};

/// Client of the OCI distribution API (distribution-spec v1.1, Docker Registry v2) for one run.
/// Tokens are cached per registry and scope. Everything the registry says is verified or refused;
/// redirects are followed by us, without credentials across origins, at most `limits::redirects`.
class Client {
  public:
    Client(io::World& world, Options options);
    ~Client();
    Client(Client const&) = delete;
    Client& operator=(Client const&) = delete;

    /// Whether the registry serves this manifest now: the digest it gives for the tag or digest, or
    /// nothing (404). Uses GET with re-hash where HEAD has no Docker-Content-Digest. One attempt,
    /// no retry: the waiter polls. Credentials that are refused: kind denied.
    io::Task<Result<std::optional<image::Digest>>> exists(image::Reference reference,
                                                          Deadline deadline);

    /// Fetches repository@digest with all its platforms, verifies every byte against its digest and
    /// size, follows nested indexes (bounded), skips attestation children, keeps
    /// `Options::platforms`. Errors: integrity (bytes ≠ digest), not_found, denied, protocol,
    /// limit, unreachable, timeout.
    io::Task<Result<image::Subject>> resolve(image::Reference reference, Deadline deadline);

    /// A URL and credential with which a third party may pull blobs of the repository. `fresh`
    /// drops a cached token first (after Clair saw 401 or 403).
    enum class Token { cached, fresh };
    io::Task<Result<PullAccess>>
    pull_access(image::Repository repository, Token token, Deadline deadline);

    /// `GET /v2/`: what `doctor` shows. Gives the authentication scheme the registry asked for.
    io::Task<Result<std::string>> ping(std::string registry, Deadline deadline);

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace clairgate::registry
