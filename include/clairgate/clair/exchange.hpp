#pragma once

#include <clairgate/clair/client.hpp>
#include <clairgate/io/http.hpp>
#include <clairgate/io/world.hpp>

#include <string>
#include <string_view>

namespace clairgate::clair {

/// One request to Clair's API: URL below the root (prefix kept), a fresh token, the caps, and
/// Clair's way of failing turned into errors. A 401 is tried once more with a new token, then it is
/// kind denied; an answer that Clair broke off (trailer `Clair-Error`) is kind unreachable.
class Exchange {
  public:
    Exchange(io::World& world, Options const& options) : world_(world), options_(options) {}

    /// GET with a cap on the body; statuses other than 401 are answers.
    io::Task<Result<io::Response>>
    get(std::string path, std::size_t body_bytes_max, Deadline deadline) const;
    /// POST that Clair may hold until `deadline`.
    io::Task<Result<io::Response>> post_held(std::string path,
                                             std::string body,
                                             std::size_t body_bytes_max,
                                             Deadline deadline) const;
    io::Task<Result<io::Response>> remove(std::string path, Deadline deadline) const;

    /// The error for an answer nobody expected, with the setting to look at.
    Error failed(std::string_view what, io::Response const& response) const;

    io::World& world() const { return world_; }
    Options const& options() const { return options_; }

  private:
    io::Url url_of(std::string_view path) const;
    io::Task<Result<io::Response>> send(io::Request request, Deadline deadline) const;
    io::World& world_;
    Options const& options_;
};

} // namespace clairgate::clair
