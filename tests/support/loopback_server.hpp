#pragma once

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace clairgate::test {

/// One request as the server saw it.
struct Received {
    std::string method, target, body;
    std::map<std::string, std::string> headers; ///< lower-case names; repeated ones joined by ", "
};

/// What the server answers. Content-Length is added unless a header frames the body already.
struct Answer {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;

    /// What goes wrong on the way.
    enum class Fault {
        none,
        reset_before_headers, ///< RST instead of an answer
        reset_in_body,        ///< whole head, half of the body, RST
        truncate,             ///< whole head, half of the body, orderly close
        stall,                ///< never a byte, the connection stays open
        garbage,              ///< bytes that are not HTTP
        drip                  ///< one byte every 20 ms
    };
    Fault fault = Fault::none;
    std::chrono::milliseconds delay{0}; ///< before the first byte
    std::optional<std::string> raw;     ///< exactly these bytes instead, then an orderly close

    static Answer text(int status, std::string body);
    static Answer json(int status, std::string body);
};

/// The certificate and key of a TLS server, PEM.
struct ServerIdentity {
    std::string certificate;
    std::string key;
    bool is_old = false; ///< speaks TLS 1.1 at most
};

enum class Loopback { ipv4, ipv6 };

/// A real HTTP/1.1 server on the test's own event loop, on a free port of the loopback interface;
/// connections are kept alive. Stops in its destructor.
class LoopbackServer {
  public:
    using Handler = std::function<Answer(Received const&)>;
    LoopbackServer(boost::asio::io_context& context,
                   Handler handler,
                   Loopback loopback = Loopback::ipv4,
                   std::optional<ServerIdentity> identity = std::nullopt);
    ~LoopbackServer();
    LoopbackServer(LoopbackServer const&) = delete;
    LoopbackServer& operator=(LoopbackServer const&) = delete;

    std::uint16_t port() const;
    /// "127.0.0.1:PORT" or "[::1]:PORT".
    std::string host() const;
    /// "http://127.0.0.1:PORT", no slash at the end; "https://localhost:PORT" with an identity.
    std::string url() const;
    std::vector<Received> const& received() const;
    /// How many connections were accepted so far, and how many are open now.
    std::size_t connections() const;
    std::size_t connections_open() const;

    struct State;

  private:
    std::shared_ptr<State> state_;
};

} // namespace clairgate::test
