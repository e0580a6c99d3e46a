#include <clairgate/base/text.hpp>
#include <clairgate/io/task.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <set>
#include <support/loopback_server.hpp>

namespace clairgate::test {

namespace asio = boost::asio;
namespace beast_http = boost::beast::http;
using tcp = asio::ip::tcp;

struct LoopbackServer::State {
    explicit State(asio::io_context& context) : acceptor(context) {}
    tcp::acceptor acceptor;
    Handler handler;
    std::unique_ptr<asio::ssl::context> tls;
    std::vector<Received> received;
    std::set<tcp::socket*> open;
    std::size_t accepted = 0;
    bool is_stopped = false;
};

namespace {

using SharedState = std::shared_ptr<LoopbackServer::State>;
constexpr auto quietly = asio::as_tuple(asio::use_awaitable);

// Keeps the set of open sockets true, whichever way a connection ends.
struct Listed {
    SharedState state;
    tcp::socket* socket;
    Listed(SharedState of, tcp::socket& which) : state(std::move(of)), socket(&which) {
        state->open.insert(socket);
    }
    Listed(Listed const&) = delete;
    Listed& operator=(Listed const&) = delete;
    ~Listed() { state->open.erase(socket); }
};

Received received_from(beast_http::request<beast_http::string_body> const& request) {
    Received received;
    received.method = std::string(request.method_string());
    received.target = std::string(request.target());
    received.body = request.body();
    for (auto const& field : request) {
        auto& value = received.headers[to_lower(std::string_view(field.name_string()))];
        value += (value.empty() ? "" : ", ") + std::string(field.value());
    }
    return received;
}

std::string head_of(Answer const& answer) {
    auto head = cat("HTTP/1.1 ",
                    answer.status,
                    " ",
                    beast_http::obsolete_reason(static_cast<beast_http::status>(answer.status)),
                    "\r\n");
    bool is_framed = answer.status == 204 || answer.status == 304;
    for (auto const& [name, value] : answer.headers) {
        head += cat(name, ": ", value, "\r\n");
        is_framed |= equals_ignoring_case(name, "Content-Length") ||
                     equals_ignoring_case(name, "Transfer-Encoding");
    }
    if (!is_framed)
        head += cat("Content-Length: ", answer.body.size(), "\r\n");
    return head + "\r\n";
}

void reset(tcp::socket::lowest_layer_type& socket) {
    boost::system::error_code ignored;
    socket.set_option(asio::socket_base::linger(true, 0), ignored);
    socket.close(ignored);
}

io::Task<void> pause(std::chrono::milliseconds duration) {
    asio::steady_timer timer(co_await asio::this_coro::executor, duration);
    co_await timer.async_wait(quietly);
}

template <class Stream>
io::Task<bool> write_all(Stream& stream, std::string const& bytes) {
    auto const outcome = co_await asio::async_write(stream, asio::buffer(bytes), quietly);
    co_return !std::get<0>(outcome);
}

// Sends one answer; true when the connection may carry another exchange.
template <class Stream>
io::Task<bool> send(Stream& stream, Answer answer, bool is_head) {
    auto& socket = stream.lowest_layer();
    using Fault = Answer::Fault;
    if (answer.delay.count() > 0)
        co_await pause(answer.delay);
    if (answer.fault == Fault::reset_before_headers) {
        reset(socket);
        co_return false;
    }
    if (answer.fault == Fault::stall) {
        std::string sink(1, '\0'); // until the peer gives up or the server stops
        co_await stream.async_read_some(asio::buffer(sink), quietly);
        co_return false;
    }
    if (answer.fault == Fault::garbage)
        answer.raw = "\x01\x02 this is no HTTP \x03\r\n\r\n";
    if (answer.raw) {
        co_await write_all(stream, *answer.raw);
        co_return false;
    }
    auto bytes = head_of(answer);
    auto const head_size = bytes.size();
    if (!is_head)
        bytes += answer.body;
    if (answer.fault == Fault::reset_in_body || answer.fault == Fault::truncate) {
        bytes.resize(head_size + (bytes.size() - head_size) / 2);
        co_await write_all(stream, bytes);
        if (answer.fault == Fault::reset_in_body) {
            co_await pause(std::chrono::milliseconds(20)); // or the RST overtakes the bytes
            reset(socket);
        }
        co_return false;
    }
    if (answer.fault != Fault::drip)
        co_return co_await write_all(stream, bytes);
    for (char const byte : bytes) {
        std::string const one(1, byte);
        bool const is_sent = co_await write_all(stream, one);
        if (!is_sent)
            co_return false;
        co_await pause(std::chrono::milliseconds(20));
    }
    co_return true;
}

template <class Stream>
io::Task<void> converse(SharedState state, Stream& stream) {
    boost::beast::flat_buffer buffer;
    bool is_open = true;
    while (is_open && !state->is_stopped) {
        beast_http::request_parser<beast_http::string_body> parser;
        parser.body_limit(256U * 1024 * 1024);
        auto const read = co_await beast_http::async_read(stream, buffer, parser, quietly);
        if (std::get<0>(read) || state->is_stopped)
            co_return;
        state->received.push_back(received_from(parser.get()));
        auto const request = state->received.back(); // the handler may make the vector grow
        auto answer = state->handler(request);
        is_open = co_await send(stream, std::move(answer), request.method == "HEAD");
    }
    boost::system::error_code ignored;
    stream.lowest_layer().shutdown(tcp::socket::shutdown_send, ignored);
}

io::Task<void> serve_plain(SharedState state, tcp::socket socket) {
    Listed const listed(state, socket);
    co_await converse(state, socket);
}

io::Task<void> serve_tls(SharedState state, tcp::socket socket) {
    asio::ssl::stream<tcp::socket> stream(std::move(socket), *state->tls);
    Listed const listed(state, stream.next_layer());
    auto const shaken = co_await stream.async_handshake(asio::ssl::stream_base::server, quietly);
    if (!std::get<0>(shaken))
        co_await converse(state, stream);
}

// The end of a connection is no event for a test: the client's side tells.
void connection_ended(std::exception_ptr) {}

io::Task<void> accept_all(SharedState state) {
    auto const executor = co_await asio::this_coro::executor;
    while (!state->is_stopped) {
        auto accepted = co_await state->acceptor.async_accept(quietly);
        if (std::get<0>(accepted) || state->is_stopped)
            co_return;
        ++state->accepted;
        auto socket = std::get<1>(std::move(accepted));
        boost::system::error_code ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        if (state->tls)
            asio::co_spawn(executor, serve_tls(state, std::move(socket)), connection_ended);
        else
            asio::co_spawn(executor, serve_plain(state, std::move(socket)), connection_ended);
    }
}

asio::ssl::context tls_context(ServerIdentity const& identity) {
    asio::ssl::context context(asio::ssl::context::tls_server);
    context.use_certificate_chain(asio::buffer(identity.certificate));
    context.use_private_key(asio::buffer(identity.key), asio::ssl::context::pem);
    if (identity.is_old) { // OpenSSL 3 speaks it only without a security level
        SSL_CTX_set_security_level(context.native_handle(), 0);
        SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_VERSION);
        SSL_CTX_set_max_proto_version(context.native_handle(), TLS1_1_VERSION);
    }
    return context;
}

} // namespace

Answer Answer::text(int status, std::string body) {
    Answer answer;
    answer.status = status;
    answer.headers = {{"Content-Type", "text/plain; charset=utf-8"}};
    answer.body = std::move(body);
    return answer;
}

Answer Answer::json(int status, std::string body) {
    Answer answer;
    answer.status = status;
    answer.headers = {{"Content-Type", "application/json"}};
    answer.body = std::move(body);
    return answer;
}

LoopbackServer::LoopbackServer(asio::io_context& context,
                               Handler handler,
                               Loopback loopback,
                               std::optional<ServerIdentity> identity)
    : state_(std::make_shared<State>(context)) {
    state_->handler = std::move(handler);
    if (identity)
        state_->tls = std::make_unique<asio::ssl::context>(tls_context(*identity));
    asio::ip::address const address = loopback == Loopback::ipv6
                                          ? asio::ip::address(asio::ip::address_v6::loopback())
                                          : asio::ip::address(asio::ip::address_v4::loopback());
    tcp::endpoint const endpoint(address, 0);
    state_->acceptor.open(endpoint.protocol());
    state_->acceptor.bind(endpoint);
    state_->acceptor.listen();
    asio::co_spawn(context, accept_all(state_), connection_ended);
}

LoopbackServer::~LoopbackServer() {
    state_->is_stopped = true;
    boost::system::error_code ignored;
    state_->acceptor.close(ignored);
    for (auto* socket : state_->open)
        socket->close(ignored);
}

std::uint16_t LoopbackServer::port() const {
    return state_->acceptor.local_endpoint().port();
}

std::string LoopbackServer::host() const {
    bool const is_v6 = state_->acceptor.local_endpoint().address().is_v6();
    return cat(is_v6 ? "[::1]:" : "127.0.0.1:", port());
}

std::string LoopbackServer::url() const {
    return state_->tls ? cat("https://localhost:", port()) : cat("http://", host());
}

std::vector<Received> const& LoopbackServer::received() const {
    return state_->received;
}

std::size_t LoopbackServer::connections() const {
    return state_->accepted;
}

std::size_t LoopbackServer::connections_open() const {
    return state_->open.size();
}

} // namespace clairgate::test
