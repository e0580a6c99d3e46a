#pragma once

#include <clairgate/io/http.hpp>
#include <clairgate/io/world.hpp>
#include <clairgate/registry/client.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace clairgate::registry {

/// One authenticated exchange with a registry's API: answers its challenge once, follows redirects
/// without taking credentials to another origin. Keeps the answer to the challenge per repository.
class Fetcher {
  public:
    Fetcher(io::World& world, Options const& options) : world_(world), options_(options) {}

    /// `path` below /v2/<repository>/. A status ≥ 400 (but 401 with a credential still to try) is
    /// an answer.
    io::Task<Result<io::Response>> send(std::string method,
                                        image::Repository repository,
                                        std::string path,
                                        std::size_t body_bytes_max,
                                        Deadline deadline);

    /// How the repository is pulled from; asks the registry when that is not known yet.
    io::Task<Result<PullAccess>> access(image::Repository repository, Deadline deadline);
    /// Drops what is known, so that the next use asks for a fresh token.
    void forget(image::Repository const& repository);
    /// The error for an answer that was not the wanted one, with the setting that may mend it.
    Error failed(std::string_view method,
                 image::Repository const& repository,
                 io::Response const& response) const;

  private:
    io::Task<Result<io::Response>> follow(io::Url registry, io::Request request, Deadline deadline);

    io::World& world_;
    Options const& options_;
    std::map<image::Repository, PullAccess> known_;
};

} // namespace clairgate::registry
