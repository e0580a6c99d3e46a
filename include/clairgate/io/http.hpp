#pragma once

#include <clairgate/base/log.hpp>
#include <clairgate/base/secret.hpp>
#include <clairgate/io/task.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace clairgate::io {

/// scheme, lower-case host and port of a URL (RFC 3986), the port never left out: what a credential
/// is bound to. Two origins are the same only when all three are.
struct UrlOrigin {
    std::string scheme;
    std::string host;
    std::uint16_t port = 0;
    std::string text() const;
    friend bool operator==(UrlOrigin const&, UrlOrigin const&) = default;
};

/// An absolute http or https URL. `parse` refuses (kind protocol) userinfo, fragments, control
/// characters, white space, other schemes and hosts curl would read differently than we do.
struct Url {
    UrlOrigin origin;
    std::string target; ///< path and query, starts with '/'
    std::string text() const;
    /// For logs: query parameters that are not on the allow-list show as "…".
    std::string redacted() const;
    static Result<Url> parse(std::string_view text);
    /// A `Location` or `Link` target resolved against this URL (RFC 3986 section 5).
    Result<Url> resolve(std::string_view reference) const;
};

/// Which addresses a connection may go to. `public_only` refuses loopback, private, link-local and
/// other special addresses *at connect time*, after DNS (so no rebinding).
enum class AddressRule { any, public_only };

/// One request. Build it with the factories; headers of ours may not contain CR, LF or NUL
/// (checked).
class Request {
  public:
    static Request get(Url url);
    static Request head(Url url);
    static Request post(Url url, std::string body, std::string content_type);
    static Request remove(Url url);

    Request header(std::string name, std::string value) &&;
    /// An `Authorization` value; sent only to the origin of the URL it was attached for, never
    /// logged.
    Request authorization(Secret value) &&;
    Request body_bytes_max(std::size_t bytes) &&;
    Request addresses(AddressRule rule) &&;
    /// How long until the whole answer must be there, beside the caller's deadline.
    Request time_max(Duration duration) &&;
    /// Slow peers: give up when fewer than 1 byte/s arrive for this long (default 30 s; a held POST
    /// to Clair sets it to its whole deadline).
    Request silence_max(Duration duration) &&;

    std::string method;
    Url url;
    std::vector<std::pair<std::string, std::string>> headers;
    std::optional<Secret> authorization_value;
    std::string body;
    std::size_t body_bytes_cap = 1024 * 1024;
    AddressRule address_rule = AddressRule::any;
    Duration time_cap = std::chrono::minutes(10);
    Duration silence_cap = std::chrono::seconds(30);

  private:
    Request(std::string method, Url url);
};

/// An answer, whatever its status. Header names are lower-case; several of one name stay apart.
struct Response {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers; ///< trailers come last
    std::string body;
    Url url; ///< of the request that was answered
    std::string http_version;
    /// First header of that lower-case name, or nothing.
    std::optional<std::string_view> header(std::string_view name) const;
};

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
    std::optional<std::string> no_proxy;
    Duration connect_time_max = std::chrono::seconds(10);
};

/// One HTTP client for the whole process: libcurl's multi interface driven by the event loop.
/// Never follows a redirect (the caller decides), never sends cookies, speaks HTTP/1.1, refuses all
/// protocols but http and https. Destroy it after every task that uses it.
class Http {
  public:
    Http(Executor executor, Clock clock, Log const& log, HttpOptions options);
    ~Http();
    Http(Http const&) = delete;
    Http& operator=(Http const&) = delete;

    /// Sends and reads the whole answer. Errors: unreachable (refused, reset, DNS, TLS; the message
    /// says which), timeout, limit (body or headers over the cap), protocol (not HTTP), cancelled.
    /// A status ≥ 400 is an answer, not an error.
    Task<Result<Response>> send(Request request, Deadline deadline);

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

/// An error that describes an unexpected answer: "GET https://… answered 503: <peer's words>".
/// 401, 403 → denied; 404 → not_found; 408, 429, 5xx → unreachable; else protocol. Carries the
/// status and a clamped `Retry-After` (seconds or date).
Error unexpected(std::string_view method, Response const& response, SystemTime now);

} // namespace clairgate::io
