#pragma once

#include <clairgate/base/secret.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <sign/openssl_peer.hpp>
#include <string>
#include <support/loopback_server.hpp>
#include <support/test_world.hpp>
#include <vector>

namespace clairgate::sign {

/// The two requests of the transit engine that are used, over real HTTP; openssl holds the keys.
/// Strict about what it is asked, as the real one is.
class FakeTransit {
  public:
    FakeTransit();
    Deadline deadline() const { return Deadline::after(world.clock, std::chrono::seconds(30)); }

    /// A new version of the key `name` with that PEM private key.
    void add(std::string const& name, std::string type, Secret key);
    /// What the requests answer instead, when it says something.
    std::function<std::optional<test::Answer>(test::Received const&)> instead;

    std::string url() const { return server_.url(); }
    std::vector<test::Received> const& received() const { return server_.received(); }

    /// A world whose environment names this server and its token.
    test::TestWorld world;
    OpenSslPeer peer;
    static constexpr std::string_view token = "hvs.CAESIGNerToken";

  private:
    struct Key {
        std::string type;
        std::vector<Secret> versions; ///< the first one is version 1
    };
    test::Answer answer(test::Received const& request);
    test::Answer describe(Key const& key);
    test::Answer sign(Key const& key, std::string const& body);

    std::map<std::string, Key> keys_;
    test::LoopbackServer server_;
};

} // namespace clairgate::sign
