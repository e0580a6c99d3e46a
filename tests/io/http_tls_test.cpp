// HTTPS against real servers whose certificates are right, or wrong in one way.
#include <clairgate/base/text.hpp>
#include <clairgate/io/files.hpp>
#include <clairgate/io/http.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <gtest/gtest.h>

#include <support/loopback_server.hpp>
#include <support/temp_dir.hpp>
#include <support/test_world.hpp>
#include <support/tls.hpp>
#include <support/tunnel_proxy.hpp>

namespace clairgate::io {
namespace {

using test::Answer;
using test::LoopbackServer;
using test::ServerIdentity;
using test::TempDir;
using test::TestAuthority;
using test::TestWorld;

struct TlsTest : testing::Test {
    TlsTest() { EXPECT_TRUE(write_atomically(ca_file, authority.certificate()).has_value()); }

    // The outcome of one GET from a server of that identity; PORT in the options is its port.
    Result<Response> get(ServerIdentity const& identity,
                         HttpOptions options,
                         std::string const& host = "localhost") {
        LoopbackServer server(
            world.context,
            [](auto&) { return Answer::text(200, "secure"); },
            test::Loopback::ipv4,
            identity);
        std::map<std::string, std::string> with_port;
        for (auto const& [name, file] : options.ca_file_by_host)
            with_port[name.ends_with(":PORT") ? cat(name.substr(0, name.size() - 4), server.port())
                                              : name] = file;
        options.ca_file_by_host = with_port;
        Http http(world.context.get_executor(), world.clock, world.log, options);
        auto const url = Url::parse(cat("https://", host, ":", server.port(), "/x")).value();
        auto const deadline = Deadline::after(world.clock, std::chrono::seconds(10));
        auto outcome = world.run(http.send(Request::get(url), deadline));
        requests = server.received().size();
        return outcome;
    }

    HttpOptions trusting() const {
        HttpOptions options;
        options.ca_file = ca_file.native();
        return options;
    }

    TestWorld world;
    TempDir dir;
    TestAuthority authority;
    std::filesystem::path ca_file = dir.path() / "ca.pem";
    ServerIdentity good = authority.issue("DNS:localhost,IP:127.0.0.1");
    std::size_t requests = 0;
};

TEST_F(TlsTest, AGoodCertificateIsTrustedThroughEachSetting) {
    EXPECT_EQ(get(good, trusting()).value().body, "secure");
    EXPECT_EQ(get(good, trusting(), "127.0.0.1").value().body, "secure");
    for (auto const* host : {"localhost", "LOCALHOST", "localhost:PORT"}) {
        HttpOptions options;
        options.ca_file_by_host[host] = ca_file.native();
        EXPECT_EQ(get(good, options).value().body, "secure") << host;
    }
}

TEST_F(TlsTest, AWrongCertificateIsRefusedBeforeAnythingIsSent) {
    TestAuthority const other;
    HttpOptions replaced = trusting(); // the host's own CA replaces all others
    EXPECT_TRUE(write_atomically(dir.path() / "other.pem", other.certificate()).has_value());
    replaced.ca_file_by_host["localhost"] = (dir.path() / "other.pem").native();
    HttpOptions elsewhere;
    elsewhere.ca_file_by_host["other.example"] = ca_file.native();
    elsewhere.ca_file_by_host["localhost:1"] = ca_file.native();
    struct Row {
        char const* sentence;
        ServerIdentity identity;
        HttpOptions options;
    };
    Row const rows[] = {
        {"an unknown authority", good, HttpOptions()},
        {"an authority trusted for other hosts only", good, elsewhere},
        {"another authority for this host", good, replaced},
        {"another name", authority.issue("DNS:registry.example"), trusting()},
        {"an address only", authority.issue("IP:127.0.0.1"), trusting()},
        {"expired", authority.issue("DNS:localhost", std::chrono::hours(-1)), trusting()},
    };
    for (auto const& row : rows) {
        auto const outcome = get(row.identity, row.options);
        ASSERT_FALSE(outcome.has_value()) << row.sentence;
        EXPECT_EQ(outcome.error().kind(), ErrorKind::unreachable) << row.sentence;
        EXPECT_NE(outcome.error().text().find("certificate problem"), std::string::npos)
            << row.sentence << ": " << outcome.error().text();
        EXPECT_NE(outcome.error().text().find("https://localhost:"), std::string::npos);
        EXPECT_EQ(requests, 0U) << row.sentence;
    }
}

TEST_F(TlsTest, OldProtocolVersionsAreRefused) {
    auto old = good;
    old.is_old = true;
    auto const error = get(old, trusting()).error();
    EXPECT_EQ(error.kind(), ErrorKind::unreachable);
    EXPECT_NE(error.text().find("no secure connection"), std::string::npos) << error.text();
}

TEST_F(TlsTest, InsecureIsForTheNamedHostOnly) {
    HttpOptions options;
    options.insecure_tls_hosts = {"localhost"};
    EXPECT_EQ(get(good, options).value().body, "secure");
    EXPECT_FALSE(get(good, options, "127.0.0.1").has_value());
    options.insecure_tls_hosts = {"localhost:1", "notlocalhost", "host"};
    EXPECT_FALSE(get(good, options).has_value());
}

TEST_F(TlsTest, AMissingCaFileIsAFaultOfTheConfiguration) {
    HttpOptions options;
    options.ca_file = (dir.path() / "none.pem").native();
    auto const error = get(good, options).error();
    EXPECT_EQ(error.kind(), ErrorKind::config);
    EXPECT_NE(error.text().find("none.pem"), std::string::npos) << error.text();
}

TEST_F(TlsTest, APlainServerIsNoTlsServer) {
    LoopbackServer server(world.context, [](auto&) { return Answer::text(200, "x"); });
    auto const url = Url::parse(cat("https://", server.host(), "/")).value();
    auto const deadline = Deadline::after(world.clock, std::chrono::seconds(10));
    auto const error = world.run(world.http->send(Request::get(url), deadline)).error();
    EXPECT_EQ(error.kind(), ErrorKind::unreachable);
    EXPECT_NE(error.text().find("no secure connection"), std::string::npos) << error.text();
}

// The certificate is checked through the tunnel: a proxy cannot put itself in between.
TEST_F(TlsTest, ATunnelThroughAProxyIsVerifiedEndToEnd) {
    LoopbackServer server(
        world.context,
        [](auto&) { return Answer::text(200, "secure"); },
        test::Loopback::ipv4,
        authority.issue("DNS:registry.example"));
    test::TunnelProxy proxy(world.context, server.port());
    auto options = trusting();
    options.https_proxy = cat("http://user:hunter2@", proxy.host());
    Http http(world.context.get_executor(), world.clock, world.log, options);
    auto const get_from = [&](std::string const& url) {
        auto const deadline = Deadline::after(world.clock, std::chrono::seconds(10));
        return world.run(http.send(Request::get(Url::parse(url).value()), deadline));
    };
    auto const response = get_from("https://registry.example/v2/").value();
    EXPECT_EQ(response.body, "secure");
    EXPECT_EQ(response.header("x-from"), std::nullopt); // the proxy's own answer is not ours
    EXPECT_EQ(server.received().front().target, "/v2/");
    EXPECT_EQ(server.received().front().headers.count("proxy-authorization"), 0U);
    EXPECT_TRUE(proxy.heads().front().starts_with("CONNECT registry.example:443 HTTP/1.1\r\n"));
    EXPECT_NE(proxy.heads().front().find("Proxy-Authorization: Basic"), std::string::npos);
    auto const error = get_from("https://other.example/v2/").error();
    EXPECT_NE(error.text().find("certificate problem"), std::string::npos) << error.text();
    EXPECT_EQ(server.received().size(), 1U);
}

// OpenSSL writes to the socket: a SIGPIPE would end us without a word.
TEST_F(TlsTest, APeerThatResetsAnUploadDoesNotEndUs) {
    namespace asio = boost::asio;
    asio::ssl::context context(asio::ssl::context::tls_server);
    context.use_certificate_chain(asio::buffer(good.certificate));
    context.use_private_key(asio::buffer(good.key), asio::ssl::context::pem);
    asio::ip::tcp::acceptor acceptor(world.context, {asio::ip::address_v4::loopback(), 0});
    std::optional<asio::ssl::stream<asio::ip::tcp::socket>> stream;
    acceptor.async_accept([&](boost::system::error_code, asio::ip::tcp::socket socket) {
        stream.emplace(std::move(socket), context);
        stream->async_handshake(asio::ssl::stream_base::server, [&](boost::system::error_code) {
            stream->next_layer().set_option(asio::socket_base::linger(true, 0));
            stream->next_layer().close();
        });
    });
    Http http(world.context.get_executor(), world.clock, world.log, trusting());
    auto const url =
        Url::parse(cat("https://localhost:", acceptor.local_endpoint().port(), "/")).value();
    auto const deadline = Deadline::after(world.clock, std::chrono::seconds(10));
    auto request = Request::post(url, std::string(20'000'000, 'x'), "text/plain");
    auto const error = world.run(http.send(std::move(request), deadline)).error();
    EXPECT_EQ(error.kind(), ErrorKind::unreachable) << error.text();
}

} // namespace
} // namespace clairgate::io
