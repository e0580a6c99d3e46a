#pragma once

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace clairgate::test {

/// An HTTP proxy that only knows CONNECT (RFC 9110 section 9.3.6) and leads every tunnel to one
/// loopback port, whatever host was asked for. Stops in its destructor.
class TunnelProxy {
  public:
    TunnelProxy(boost::asio::io_context& context, std::uint16_t upstream_port);
    ~TunnelProxy();
    TunnelProxy(TunnelProxy const&) = delete;
    TunnelProxy& operator=(TunnelProxy const&) = delete;

    /// "127.0.0.1:PORT".
    std::string host() const;
    /// The request heads it got.
    std::vector<std::string> const& heads() const;

    struct State;

  private:
    std::shared_ptr<State> state_;
};

} // namespace clairgate::test
