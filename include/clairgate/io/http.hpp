#pragma once

#include <clairgate/base/log.hpp>
#include <clairgate/io/http_error.hpp>
#include <clairgate/io/http_message.hpp>
#include <clairgate/io/task.hpp>
#include <clairgate/io/url.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace clairgate::io {

/// How to reach the world. Frozen before the first request.
struct HttpOptions {
    std::string user_agent;
    std::map<std::string, std::string>
        ca_file_by_host; ///< host[:port] → PEM file that replaces the system's CAs
    std::vector<std::string>
        insecure_tls_hosts; ///< host[:port]: certificate not verified (written into the evidence)
    std::optional<std::string> ca_file;      ///< SSL_CERT_FILE
    std::optional<std::string> ca_directory; ///< SSL_CERT_DIR
    std::optional<std::string> http_proxy;   ///< proxy URLs may hold credentials: never printed
    std::optional<std::string> https_proxy;
    std::optional<std::string> no_proxy; ///< see http_proxy.hpp; loopback never goes to a proxy
    Duration connect_time_max = std::chrono::seconds(10);
};

/// One HTTP client for the whole process: libcurl's multi interface driven by the event loop.
/// Never follows a redirect (the caller decides), never sends cookies, speaks HTTP/1.1, refuses all
/// protocols but http and https, asks for unencoded bodies and refuses encoded ones. Destroy it
/// after every task that uses it (one that is left ends with kind cancelled).
class Http {
  public:
    Http(Executor executor, Clock clock, Log const& log, HttpOptions options);
    ~Http();
    Http(Http const&) = delete;
    Http& operator=(Http const&) = delete;

    /// Sends and reads the whole answer. Errors: unreachable (refused, reset, DNS, TLS; the message
    /// says which), timeout, limit (body or headers over the cap), protocol (not HTTP), denied (by
    /// the address rule), usage (a header of ours is malformed), cancelled.
    /// A status ≥ 400 is an answer, not an error.
    Task<Result<Response>> send(Request request, Deadline deadline);

  private:
    class Impl;
    std::shared_ptr<Impl> impl_; // shared with transfers: coroutine frames may outlive us
};

} // namespace clairgate::io
