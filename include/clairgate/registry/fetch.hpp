#pragma once

#include <clairgate/io/http.hpp>
#include <clairgate/io/world.hpp>
#include <clairgate/registry/challenge.hpp>
#include <clairgate/registry/client.hpp>
#include <clairgate/registry/token.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::registry {

/// One authenticated exchange with a registry's API: answers its challenge once, follows redirects
/// without taking credentials to another origin. Keeps the login per repository.
class Fetcher {
  public:
    Fetcher(io::World& world, Options const& options, Rights rights = Rights::pull)
        : world_(world), options_(options), rights_(rights) {}

    /// GET or HEAD of `path` below /v2/<repository>/. A status ≥ 400 is an answer, but 401 only
    /// after a fresh login (an expired token gets one).
    io::Task<Result<io::Response>> send(std::string method,
                                        image::Repository repository,
                                        std::string path,
                                        std::size_t body_bytes_max,
                                        Deadline deadline);

    /// POST, PUT, PATCH or DELETE to the registry itself; a URL of another origin is refused (kind
    /// denied). The same rules for a login; a redirect is an answer that is not followed, since a
    /// body and a right to push go nowhere else.
    io::Task<Result<io::Response>>
    send_body(io::Request request, image::Repository repository, Deadline deadline);

    /// Root URL of the API that serves the repository: where every exchange starts.
    Result<io::Url> root_of(image::Repository const& repository) const;

    /// How the repository is pulled from; asks the registry when that is not known yet, and for a
    /// new token when the one we have ends soon.
    io::Task<Result<PullAccess>> access(image::Repository repository, Deadline deadline);
    /// Drops the token, so that the next use asks for a fresh one.
    void forget(image::Repository const& repository);
    /// The error for an answer that was not the wanted one, with the setting that may mend it.
    Error failed(std::string_view method,
                 image::Repository const& repository,
                 io::Response const& response) const;

  private:
    // What the registry asked for and what we answered.
    struct Known {
        std::vector<Challenge> challenges; // none: it lets us in without a login
        std::optional<Login> login;
        std::optional<SteadyTime> renew_at;
    };

    io::Task<Result<io::Response>>
    authenticated(io::Request request, image::Repository repository, Deadline deadline);
    io::Task<Result<io::Response>>
    exchange(io::Request request, io::UrlOrigin registry, Deadline deadline);
    io::Task<Result<void>> log_in(image::Repository repository, io::Url root, Deadline deadline);
    Login const* login_of(image::Repository const& repository) const;
    bool needs_login(image::Repository const& repository) const;
    bool may_use_own_variables(std::string const& registry);

    io::World& world_;
    Options const& options_;
    Rights rights_;
    std::map<image::Repository, Known> known_;
    std::string own_registry_; // whom CLAIRGATE_REGISTRY_USER is for
};

} // namespace clairgate::registry
