#include "http_transfer.hpp"

#include <clairgate/base/text.hpp>
#include <clairgate/io/address.hpp>
#include <clairgate/io/http_proxy.hpp>

#include <algorithm>
#include <utility>

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

namespace clairgate::io {

namespace {

// curl_easy_setopt is variadic, and its only failures here are a lack of memory.
template <class Value>
void set(CURL* easy, CURLoption option, Value value) {
    CLAIRGATE_ASSERT(curl_easy_setopt(easy, option, value) == CURLE_OK);
}

struct UrlDeleter {
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

// A part of the URL, decoded, which then lacks it; ends with NUL.
std::optional<Secret> take_part(CURLU* url, CURLUPart part) {
    char* text = nullptr;
    unsigned const flags = part == CURLUPART_URL ? 0U : unsigned{CURLU_URLDECODE};
    if (curl_url_get(url, part, &text, flags) != CURLUE_OK)
        return std::nullopt;
    Secret taken{std::string(text)};
    ::explicit_bzero(text, ::strlen(text));
    curl_free(text);
    if (part != CURLUPART_URL)
        curl_url_set(url, part, nullptr, 0);
    return taken;
}

} // namespace

void ListDeleter::operator()(curl_slist* list) const {
    for (auto* node = list; node != nullptr; node = node->next)
        ::explicit_bzero(node->data, ::strlen(node->data));
    curl_slist_free_all(list);
}

bool names_origin(std::string_view entry, UrlOrigin const& origin) {
    return equals_ignoring_case(entry, origin.host) ||
           equals_ignoring_case(entry, cat(origin.host, ":", origin.port));
}

Transfer::Transfer(Request request, Duration time_left)
    : request_(std::move(request)), time_left_(time_left), easy_(curl_easy_init()),
      reader_(request_.url, request_.method == "HEAD", request_.body_bytes_cap) {
    CLAIRGATE_ASSERT(easy_ != nullptr);
}

Result<std::unique_ptr<Transfer>>
Transfer::make(Request request, HttpOptions const& options, Duration time_left) {
    if (time_left <= Duration::zero())
        return Error(ErrorKind::timeout,
                     cat("no time left for ", request.method, " ", request.url.redacted()));
    auto const literal = address_bytes(request.url.origin.host);
    if (request.address_rule == AddressRule::public_only &&
        (request.url.origin.host == "localhost" || (literal && !is_public_address(*literal))))
        return Error(ErrorKind::denied,
                     cat(request.url.origin.host,
                         " is not a public address, which ",
                         request.url.redacted(),
                         " has to be"));
    std::unique_ptr<Transfer> transfer(new Transfer(std::move(request), time_left));
    auto* const easy = transfer->easy();
    // A kept connection was made under the rule of another request.
    long const is_fresh = transfer->request_.address_rule == AddressRule::public_only ? 1 : 0;
    set(easy, CURLOPT_FRESH_CONNECT, is_fresh);
    set(easy, CURLOPT_URL, transfer->request_.url.text().c_str());
    set(easy, CURLOPT_PATH_AS_IS, 1L); // what we parsed is what is sent
    set(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    set(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    set(easy, CURLOPT_FOLLOWLOCATION, 0L);
    set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(easy, CURLOPT_NOSIGNAL, 1L);
    set(easy, CURLOPT_QUICK_EXIT, 1L); // 7.88 else joins the resolver's thread when cancelled
    set(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    set(easy, CURLOPT_BUFFERSIZE, 120000L); // bytes: reports are megabytes
    transfer->add_times(options);
    transfer->add_tls(options);
    TRY_VOID(transfer->add_proxy(options));
    transfer->add_body();
    transfer->add_callbacks();
    TRY_VOID(transfer->add_headers(options));
    return transfer;
}

Result<void> Transfer::add_headers(HttpOptions const& options) {
    auto const add = [this](std::string const& line) {
        auto* const shorter = lines_.release();
        lines_.reset(curl_slist_append(shorter, line.c_str()));
        CLAIRGATE_ASSERT(lines_ != nullptr);
    };
    for (auto const& [name, value] : request_.headers) {
        if (!is_http_token(name) || holds_line_break(value))
            return Error(ErrorKind::usage,
                         cat("the request header ", printable(name), " is malformed"));
        // "name;" is how curl is told to send a header without a value.
        add(trim(value).empty() ? cat(name, ";") : cat(name, ": ", value));
    }
    auto const add_secret = [&add](std::string_view name, Secret const& value) -> Result<void> {
        if (!is_http_token(name))
            return Error(ErrorKind::usage,
                         cat("the request header ", printable(name), " is malformed"));
        if (holds_line_break(value.reveal()))
            return Error(ErrorKind::usage, "the credential holds a line break");
        auto line = cat(name, ": ", value.reveal());
        add(line);
        ::explicit_bzero(line.data(), line.size());
        return ok();
    };
    if (request_.authorization_value)
        TRY_VOID(add_secret("Authorization", *request_.authorization_value));
    for (auto const& secret : request_.secret_headers)
        if (secret.origin == request_.url.origin)
            TRY_VOID(add_secret(secret.name, secret.value));
    add("Accept-Encoding: identity"); // no decoder, no bomb
    add("Expect:");                   // no wait for 100 Continue
    set(easy(), CURLOPT_HTTPHEADER, lines_.get());
    if (!options.user_agent.empty())
        set(easy(), CURLOPT_USERAGENT, options.user_agent.c_str());
    return ok();
}

void Transfer::add_body() {
    auto const& method = request_.method;
    if (method == "HEAD")
        set(easy(), CURLOPT_NOBODY, 1L);
    if (method == "POST" || method == "PUT" || method == "PATCH") {
        set(easy(), CURLOPT_POST, 1L);
        set(easy(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
        set(easy(), CURLOPT_POSTFIELDS, request_.body.c_str()); // not copied: we outlive it
    }
    if (method == "PUT" || method == "PATCH" || method == "DELETE")
        set(easy(), CURLOPT_CUSTOMREQUEST, method.c_str());
}

void Transfer::add_times(HttpOptions const& options) {
    auto const connect = std::min(time_left_, options.connect_time_max);
    long const whole_ms = time_left_.count();
    long const connect_ms = connect.count();
    set(easy(), CURLOPT_TIMEOUT_MS, whole_ms);
    set(easy(), CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
    long const silence = std::chrono::ceil<std::chrono::seconds>(request_.silence_cap).count();
    if (request_.silence_cap < time_left_) {
        set(easy(), CURLOPT_LOW_SPEED_LIMIT, 1L);
        set(easy(), CURLOPT_LOW_SPEED_TIME, std::clamp(silence, 1L, 65535L));
    }
}

void Transfer::add_tls(HttpOptions const& options) {
    auto const& origin = request_.url.origin;
    set(easy(), CURLOPT_CA_CACHE_TIMEOUT, 300L); // a long-running process sees a replaced root
    for (auto const version : {CURLOPT_SSLVERSION, CURLOPT_PROXY_SSLVERSION})
        set(easy(), version, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (options.ca_file) {
        set(easy(), CURLOPT_CAINFO, options.ca_file->c_str());
        set(easy(), CURLOPT_PROXY_CAINFO, options.ca_file->c_str());
    }
    if (options.ca_directory) {
        set(easy(), CURLOPT_CAPATH, options.ca_directory->c_str());
        set(easy(), CURLOPT_PROXY_CAPATH, options.ca_directory->c_str());
    }
    for (auto const& [host, file] : options.ca_file_by_host) {
        if (names_origin(host, origin)) { // replaces the system's, so no folder beside it
            set(easy(), CURLOPT_CAINFO, file.c_str());
            set(easy(), CURLOPT_CAPATH, static_cast<char const*>(nullptr));
        }
    }
    for (auto const& host : options.insecure_tls_hosts) {
        if (names_origin(host, origin)) {
            set(easy(), CURLOPT_SSL_VERIFYPEER, 0L);
            set(easy(), CURLOPT_SSL_VERIFYHOST, 0L);
        }
    }
}

Result<void> Transfer::add_proxy(HttpOptions const& options) {
    auto const& origin = request_.url.origin;
    auto const& proxy = origin.scheme == "https" ? options.https_proxy : options.http_proxy;
    uses_proxy_ =
        proxy && !proxy->empty() && !bypasses_proxy(origin, options.no_proxy.value_or(""));
    // Always set, or curl would read the environment itself.
    set(easy(), CURLOPT_PROXY, "");
    set(easy(), CURLOPT_NOPROXY, "");
    set(easy(), CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    if (!uses_proxy_)
        return ok();
    // The credentials go their own way, so that no message of curl's can quote them.
    std::unique_ptr<CURLU, UrlDeleter> const parsed(curl_url());
    auto constexpr flags = CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME;
    if (curl_url_set(parsed.get(), CURLUPART_URL, proxy->c_str(), flags) != CURLUE_OK)
        return Error(ErrorKind::config,
                     cat("the proxy's URL for ", origin.text(), " is malformed"));
    auto const user = take_part(parsed.get(), CURLUPART_USER);
    auto const password = take_part(parsed.get(), CURLUPART_PASSWORD);
    if (user)
        set(easy(), CURLOPT_PROXYUSERNAME, user->reveal().data());
    if (password)
        set(easy(), CURLOPT_PROXYPASSWORD, password->reveal().data());
    auto const bare = take_part(parsed.get(), CURLUPART_URL);
    set(easy(), CURLOPT_PROXY, bare ? bare->reveal().data() : "");
    return ok();
}

void Transfer::add_callbacks() {
    set(easy(), CURLOPT_PRIVATE, static_cast<void*>(this));
    set(easy(), CURLOPT_ERRORBUFFER, static_cast<char*>(error_text_));
    set(easy(), CURLOPT_HEADERFUNCTION, &Transfer::on_header);
    set(easy(), CURLOPT_HEADERDATA, static_cast<void*>(this));
    set(easy(), CURLOPT_WRITEFUNCTION, &Transfer::on_body);
    set(easy(), CURLOPT_WRITEDATA, static_cast<void*>(this));
    set(easy(), CURLOPT_OPENSOCKETFUNCTION, &Transfer::on_open_socket);
    set(easy(), CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
}

std::size_t Transfer::on_header(char* bytes, std::size_t size, std::size_t count, void* self) {
    auto const length = size * count;
    return static_cast<Transfer*>(self)->reader_.take_header({bytes, length}) ? length : 0;
}

std::size_t Transfer::on_body(char* bytes, std::size_t size, std::size_t count, void* self) {
    auto const length = size * count;
    return static_cast<Transfer*>(self)->reader_.take_body({bytes, length}) ? length : 0;
}

curl_socket_t Transfer::on_open_socket(void* self, curlsocktype purpose, curl_sockaddr* address) {
    static_cast<void>(purpose);
    return static_cast<Transfer*>(self)->open_socket(*address);
}

curl_socket_t Transfer::open_socket(curl_sockaddr const& address) {
    std::string bytes;
    if (address.family == AF_INET) {
        sockaddr_in in{};
        ::memcpy(&in, &address.addr, sizeof in);
        bytes.assign(reinterpret_cast<char const*>(&in.sin_addr), sizeof in.sin_addr);
    } else if (address.family == AF_INET6) {
        sockaddr_in6 in{}; // longer than the sockaddr it is declared as: curl stores it whole
        ::memcpy(&in, static_cast<void const*>(&address.addr), sizeof in);
        bytes.assign(reinterpret_cast<char const*>(&in.sin6_addr), sizeof in.sin6_addr);
    }
    if (request_.address_rule == AddressRule::public_only && !uses_proxy_ &&
        !is_public_address(bytes)) {
        denial_ = Error(ErrorKind::denied,
                        cat(request_.url.origin.host,
                            " resolves to an address that is not public, which ",
                            request_.url.redacted(),
                            " has to be"));
        return CURL_SOCKET_BAD;
    }
    // curl's own would be inherited by children.
    return ::socket(address.family, address.socktype | SOCK_CLOEXEC, address.protocol);
}

Result<Response> Transfer::outcome(CURLcode code) {
    bool const is_told = code == CURLE_OK || reader_.refusal() || reader_.is_cut();
    if (!is_told)
        return error_of(code);
    return std::move(reader_).finish();
}

Error Transfer::tls_error(std::string_view reason) const {
    return {ErrorKind::unreachable,
            cat("TLS failure with ",
                request_.url.origin.text(),
                ": ",
                reason,
                error_text_[0] == '\0' ? "" : ": ",
                std::string_view(error_text_))};
}

Error Transfer::error_of(CURLcode code) const {
    auto const where = request_.url.origin.text();
    auto const what = cat(request_.method, " ", request_.url.redacted());
    std::string_view const words = error_text_[0] != '\0' ? error_text_ : curl_easy_strerror(code);
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return {ErrorKind::unreachable, cat("cannot resolve the host name of ", where)};
    case CURLE_COULDNT_RESOLVE_PROXY:
        return {ErrorKind::unreachable, cat("cannot resolve the proxy's host name for ", where)};
    case CURLE_COULDNT_CONNECT: {
        if (denial_)
            return *denial_;
        long number = 0;
        curl_easy_getinfo(easy(), CURLINFO_OS_ERRNO, &number);
        char buffer[128] = {};
        std::string_view const reason =
            number != 0 ? ::strerror_r(static_cast<int>(number), buffer, sizeof buffer) : words;
        return {
            ErrorKind::unreachable,
            cat("cannot connect to ", uses_proxy_ ? "the proxy for " : "", where, ": ", reason)};
    }
    case CURLE_OPERATION_TIMEDOUT:
        return {ErrorKind::timeout, cat("no answer to ", what, " in time: ", words)};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
        return tls_error("certificate problem");
    case CURLE_SSL_CACERT_BADFILE:
        return {ErrorKind::config, cat("cannot read the CA certificates for ", where, ": ", words)};
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_SHUTDOWN_FAILED:
        return tls_error("no secure connection");
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_PARTIAL_FILE:
    case CURLE_PROXY:
        return {ErrorKind::unreachable, cat("the connection broke during ", what, ": ", words)};
    case CURLE_OUT_OF_MEMORY: // what curl calls a header line beyond its own cap
        return {ErrorKind::limit,
                cat("the answer to ", what, " has a header line beyond all bounds")};
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
        return {ErrorKind::protocol, cat("the answer to ", what, " is not HTTP: ", words)};
    default:
        return {ErrorKind::protocol, cat(what, " failed: ", words)};
    }
}

} // namespace clairgate::io
