#include <clairgate/base/text.hpp>
#include <clairgate/io/task.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <support/tunnel_proxy.hpp>
#include <utility>

namespace clairgate::test {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

struct TunnelProxy::State {
    State(asio::io_context& context, std::uint16_t port)
        : acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
          upstream(asio::ip::address_v4::loopback(), port) {}
    tcp::acceptor acceptor;
    tcp::endpoint upstream;
    std::vector<std::string> heads;
    std::vector<std::shared_ptr<tcp::socket>> sockets;
};

namespace {

using SharedState = std::shared_ptr<TunnelProxy::State>;
using SharedSocket = std::shared_ptr<tcp::socket>;
constexpr auto quietly = asio::as_tuple(asio::use_awaitable);

io::Task<void> copy(SharedSocket from, SharedSocket to) {
    std::array<char, 4096> buffer{};
    for (;;) {
        auto const read = co_await from->async_read_some(asio::buffer(buffer), quietly);
        if (std::get<0>(read))
            break;
        auto const bytes = asio::buffer(buffer.data(), std::get<1>(read));
        auto const written = co_await asio::async_write(*to, bytes, quietly);
        if (std::get<0>(written))
            break;
    }
    boost::system::error_code ignored;
    to->shutdown(tcp::socket::shutdown_send, ignored);
}

io::Task<void> tunnel(SharedState state, SharedSocket client) {
    using namespace asio::experimental::awaitable_operators;
    std::string head;
    auto const read =
        co_await asio::async_read_until(*client, asio::dynamic_buffer(head), "\r\n\r\n", quietly);
    if (std::get<0>(read))
        co_return;
    state->heads.push_back(head);
    auto const server = std::make_shared<tcp::socket>(client->get_executor());
    state->sockets.push_back(server);
    auto const connected = co_await server->async_connect(state->upstream, quietly);
    if (std::get<0>(connected))
        co_return;
    std::string const answer = "HTTP/1.1 200 Connection established\r\nX-From: proxy\r\n\r\n";
    co_await asio::async_write(*client, asio::buffer(answer), quietly);
    co_await (copy(client, server) && copy(server, client));
}

void tunnel_ended(std::exception_ptr) {}

io::Task<void> accept_all(SharedState state) {
    auto const executor = co_await asio::this_coro::executor;
    for (;;) {
        auto const client = std::make_shared<tcp::socket>(executor);
        auto const accepted = co_await state->acceptor.async_accept(*client, quietly);
        if (std::get<0>(accepted))
            co_return;
        state->sockets.push_back(client);
        asio::co_spawn(executor, tunnel(state, client), tunnel_ended);
    }
}

} // namespace

TunnelProxy::TunnelProxy(asio::io_context& context, std::uint16_t upstream_port)
    : state_(std::make_shared<State>(context, upstream_port)) {
    asio::co_spawn(context, accept_all(state_), tunnel_ended);
}

TunnelProxy::~TunnelProxy() {
    boost::system::error_code ignored;
    state_->acceptor.close(ignored);
    for (auto const& socket : state_->sockets)
        socket->close(ignored);
    state_->sockets.clear();
}

std::string TunnelProxy::host() const {
    return cat("127.0.0.1:", state_->acceptor.local_endpoint().port());
}

std::vector<std::string> const& TunnelProxy::heads() const {
    return state_->heads;
}

} // namespace clairgate::test
