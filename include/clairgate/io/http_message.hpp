#pragma once

#include <clairgate/base/secret.hpp>
#include <clairgate/base/time.hpp>
#include <clairgate/io/url.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace clairgate::io {

/// Which addresses a connection may go to. `public_only` refuses loopback, private, link-local and
/// other special addresses *at connect time*, after DNS (so no rebinding). Where a proxy is used,
/// the proxy resolves: then only a literal address in the URL is checked.
enum class AddressRule { any, public_only };

/// One request. Build it with the factories; headers of ours may not contain CR, LF or NUL
/// (checked).
class Request {
  public:
    static Request get(Url url);
    static Request head(Url url);
    static Request post(Url url, std::string body, std::string content_type);
    static Request put(Url url, std::string body, std::string content_type);
    static Request patch(Url url, std::string body, std::string content_type);
    static Request remove(Url url);

    Request header(std::string name, std::string value) &&;
    /// An `Authorization` value; sent only to the origin of the URL it was attached for, never
    /// logged.
    Request authorization(Secret value) &&;
    /// Another header that is a credential: sent only to the origin that `url` has now, wiped and
    /// never logged.
    Request secret_header(std::string name, Secret value) &&;
    Request body_bytes_max(std::size_t bytes) &&;
    Request addresses(AddressRule rule) &&;
    /// How long until the whole answer must be there, beside the caller's deadline.
    Request time_max(Duration duration) &&;
    /// Slow peers: give up when fewer than 1 byte/s arrive for this long (default 30 s; a held POST
    /// to Clair sets it to its whole deadline). Whole seconds count.
    Request silence_max(Duration duration) &&;

    std::string method;
    Url url;
    std::vector<std::pair<std::string, std::string>> headers;
    std::optional<Secret> authorization_value;
    struct SecretHeader {
        std::string name;
        Secret value;
        UrlOrigin origin; ///< whom it may be shown to
    };
    std::vector<SecretHeader> secret_headers;
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
    std::string body; ///< of a status ≥ 400 cut at limits::error_body_bytes
    Url url;          ///< of the request that was answered
    std::string http_version;
    /// First header of that lower-case name, or nothing.
    std::optional<std::string_view> header(std::string_view name) const;
};

} // namespace clairgate::io
