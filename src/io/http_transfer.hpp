#pragma once

#include <clairgate/io/http.hpp>
#include <clairgate/io/http_reader.hpp>

#include <curl/curl.h>

#include <memory>
#include <optional>
#include <string>

struct curl_slist;

/// Inside of io/http: one exchange as curl sees it. Nobody but http.cpp includes this.
namespace clairgate::io {

struct EasyDeleter {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct ListDeleter {
    void operator()(curl_slist* list) const; // wipes: a line may be an Authorization
};

/// One request on its way: owns the easy handle, collects the answer within its caps, and turns
/// curl's outcome into ours. Does not know the event loop. Stays where it is (curl holds `this`).
class Transfer {
  public:
    /// Kind usage when a header is malformed, timeout when no time is left, denied when the URL
    /// itself names an address that the rule refuses.
    static Result<std::unique_ptr<Transfer>>
    make(Request request, HttpOptions const& options, Duration time_left);
    Transfer(Transfer const&) = delete;
    Transfer& operator=(Transfer const&) = delete;

    CURL* easy() const { return easy_.get(); }
    Request const& request() const { return request_; }

    /// The answer, or why there is none, once curl is done with it.
    Result<Response> outcome(CURLcode code);

  private:
    Transfer(Request request, Duration time_left);

    Result<void> add_headers(HttpOptions const& options);
    void add_body();
    void add_times(HttpOptions const& options);
    void add_tls(HttpOptions const& options);
    Result<void> add_proxy(HttpOptions const& options);
    void add_callbacks();

    curl_socket_t open_socket(curl_sockaddr const& address);
    Error error_of(CURLcode code) const;
    Error tls_error(std::string_view reason) const;

    static std::size_t on_header(char* bytes, std::size_t size, std::size_t count, void* self);
    static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* self);
    static curl_socket_t on_open_socket(void* self, curlsocktype purpose, curl_sockaddr* address);

    Request request_;
    Duration time_left_;
    std::unique_ptr<CURL, EasyDeleter> easy_;
    std::unique_ptr<curl_slist, ListDeleter> lines_;
    char error_text_[CURL_ERROR_SIZE] = {};
    ResponseReader reader_;
    bool uses_proxy_ = false;
    std::optional<Error> denial_; // an address the rule refused
};

/// Whether `list` (entries host or host:port, any case) names this origin.
bool names_origin(std::string_view entry, UrlOrigin const& origin);

} // namespace clairgate::io
