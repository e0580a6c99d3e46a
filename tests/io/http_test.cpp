#include <clairgate/base/text.hpp>
#include <clairgate/io/http.hpp>
#include <clairgate/io/race.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <support/loopback_server.hpp>
#include <support/test_world.hpp>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

namespace clairgate::io {
namespace {

using test::Answer;
using test::LoopbackServer;
using test::Received;
using test::TestWorld;

Url url_of(std::string const& text) {
    return Url::parse(text).value();
}

Result<Response> send(TestWorld& world, Request request, Duration time = std::chrono::seconds(5)) {
    return world.run(world.http->send(std::move(request), Deadline::after(world.clock, time)));
}

Result<Response> get(TestWorld& world, std::string const& url) {
    return send(world, Request::get(url_of(url)));
}

TEST(Http, SendsWhatWasAskedAndReturnsTheAnswer) {
    TestWorld world;
    LoopbackServer server(world.context, [](Received const& received) {
        auto answer = Answer::json(201, cat("{\"got\":\"", received.body, "\"}"));
        answer.headers.emplace_back("X-Twice", "one");
        answer.headers.emplace_back("X-Twice", "two");
        return answer;
    });
    auto const response =
        send(world,
             Request::post(url_of(server.url() + "/a/../b?x=1"), "hello", "application/json")
                 .header("X-Ours", "value")
                 .authorization(Secret("Bearer token")))
            .value();
    EXPECT_EQ(response.status, 201);
    EXPECT_EQ(response.body, "{\"got\":\"hello\"}");
    EXPECT_EQ(response.header("content-type"), "application/json");
    EXPECT_EQ(std::count_if(response.headers.begin(),
                            response.headers.end(),
                            [](auto const& header) { return header.first == "x-twice"; }),
              2);
    EXPECT_EQ(response.http_version, "1.1");
    ASSERT_EQ(server.received().size(), 1U);
    auto const& received = server.received().front();
    EXPECT_EQ(received.method, "POST");
    EXPECT_EQ(received.target, "/a/../b?x=1");
    EXPECT_EQ(received.headers.at("x-ours"), "value");
    EXPECT_EQ(received.headers.at("authorization"), "Bearer token");
    EXPECT_EQ(received.headers.at("accept-encoding"), "identity");
    EXPECT_EQ(received.headers.at("content-type"), "application/json");
    EXPECT_EQ(received.headers.count("expect"), 0U);
}

TEST(Http, ServesTwoHundredRequestsAtOnce) {
    TestWorld world;
    LoopbackServer server(
        world.context, [](Received const& received) { return Answer::text(200, received.target); });
    auto make = [&](std::size_t i) -> Task<Result<Response>> {
        auto const deadline = Deadline::after(world.clock, std::chrono::seconds(30));
        auto request = Request::get(url_of(cat(server.url(), "/", i)));
        co_return co_await world.http->send(std::move(request), deadline);
    };
    auto all = [](auto made) -> Task<Result<std::vector<Result<Response>>>> {
        std::function<Task<Result<Response>>(std::size_t)> const function = made;
        co_return co_await for_each_concurrent<Response>(200, 200, function);
    };
    auto const responses = world.run(all(make)).value();
    for (std::size_t i = 0; i < 200; ++i)
        EXPECT_EQ(responses[i].value().body, cat("/", i));
}

TEST(Http, ReportsARefusedConnection) {
    TestWorld world;
    std::string url;
    {
        LoopbackServer const gone(world.context, [](auto&) { return Answer(); });
        url = gone.url();
    }
    auto const error = get(world, url + "/x").error();
    EXPECT_EQ(error.kind(), ErrorKind::unreachable);
    EXPECT_EQ(error.text(), cat("cannot connect to ", url, ": Connection refused"));
}

TEST(Http, SpeaksIpv6) {
    TestWorld world;
    LoopbackServer server(
        world.context, [](auto&) { return Answer::text(200, "six"); }, test::Loopback::ipv6);
    EXPECT_EQ(get(world, server.url()).value().body, "six");
    EXPECT_EQ(server.received().front().headers.at("host"), server.host());
}

TEST(Http, UsesOneConnectionForRequestsInARow) {
    TestWorld world;
    LoopbackServer server(world.context, [](auto&) { return Answer::text(200, "x"); });
    for (int i = 0; i < 5; ++i)
        ASSERT_TRUE(get(world, server.url()).has_value());
    EXPECT_EQ(server.connections(), 1U);
}

TEST(Http, SendsAgainWhereAKeptConnectionWasClosedMeanwhile) {
    TestWorld world;
    LoopbackServer server(world.context, [](auto&) {
        Answer answer; // says nothing of closing, then closes
        answer.raw = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx";
        return answer;
    });
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(get(world, server.url()).has_value()) << i;
}

TEST(Http, ReportsAHostNameThatDoesNotResolve) {
    HttpOptions options; // a machine without a network takes its time to say no
    options.connect_time_max = std::chrono::seconds(60);
    TestWorld world({}, options);
    auto const error =
        send(world, Request::get(url_of("http://no-such-host.invalid/x")), std::chrono::seconds(60))
            .error();
    EXPECT_EQ(error.kind(), ErrorKind::unreachable);
    EXPECT_EQ(error.text(), "cannot resolve the host name of http://no-such-host.invalid:80");
}

TEST(Http, LogsOneRedactedLineForEachRequest) {
    TestWorld world;
    LoopbackServer server(world.context, [](auto&) { return Answer::text(200, "four"); });
    ASSERT_TRUE(send(world,
                     Request::get(url_of(server.url() + "/a?service=s&sig=hidden"))
                         .authorization(Secret("Bearer hidden"))
                         .secret_header("X-Token", Secret("hidden")))
                    .has_value());
    EXPECT_EQ(server.received().front().headers.at("x-token"), "hidden");
    ASSERT_EQ(world.events.size(), 1U);
    auto const line = to_text_line(world.events.front());
    EXPECT_EQ(world.events.front().level, LogLevel::debug);
    EXPECT_EQ(line.find("hidden"), std::string::npos) << line;
    auto const& facts = world.events.front().facts;
    ASSERT_EQ(facts.size(), 5U);
    EXPECT_EQ(facts[0].second, "GET");
    EXPECT_EQ(facts[1].second, server.url() + "/a?service=s&sig=…");
    EXPECT_EQ(facts[2].second, "200");
    EXPECT_EQ(facts[3].second, "4");
}

// How many connections the server still has open, once it had the time to notice.
std::size_t open_after(TestWorld& world, LoopbackServer const& server) {
    auto settle = [&]() -> Task<Result<std::size_t>> {
        for (int i = 0; i < 200 && server.connections_open() > 0; ++i)
            CO_TRY_VOID(co_await sleep_for(std::chrono::milliseconds(5)));
        co_return server.connections_open();
    };
    return world.run(settle()).value();
}

TEST(Http, CancellationInTheMiddleLeavesNothing) {
    for (auto const fault : {Answer::Fault::stall, Answer::Fault::drip}) {
        TestWorld world;
        {
            LoopbackServer server(world.context, [fault](auto&) {
                auto answer = Answer::text(200, std::string(10'000, 'x'));
                answer.fault = fault;
                return answer;
            });
            auto const soon = Deadline::after(world.clock, std::chrono::milliseconds(80));
            auto const late = Deadline::after(world.clock, std::chrono::seconds(60));
            auto request = Request::get(url_of(server.url()));
            auto const start = world.clock.steady();
            auto const outcome = world.run(
                before(world.clock, soon, "it", world.http->send(std::move(request), late)));
            EXPECT_EQ(outcome.error().kind(), ErrorKind::timeout);
            EXPECT_LT(world.clock.steady() - start, std::chrono::seconds(5));
            EXPECT_EQ(open_after(world, server), 0U);
        }
        EXPECT_TRUE(world.is_idle_after_polling());
    }
}

TEST(Http, CancellationDuringNameResolutionDoesNotWaitForIt) {
    TestWorld world;
    auto const start = world.clock.steady();
    auto const soon = Deadline::after(world.clock, std::chrono::milliseconds(1));
    auto const late = Deadline::after(world.clock, std::chrono::seconds(60));
    auto request = Request::get(url_of("http://no-such-host.invalid/"));
    static_cast<void>(
        world.run(before(world.clock, soon, "it", world.http->send(std::move(request), late))));
    EXPECT_LT(world.clock.steady() - start, std::chrono::seconds(2));
    EXPECT_TRUE(world.is_idle_after_polling());
}

// Starts requests that never end and returns while they are in flight.
void start_stalled(TestWorld& world, LoopbackServer const& server, std::vector<ErrorKind>& ended) {
    for (int i = 0; i < 5; ++i) {
        auto one = [](Http& http, Request request, Deadline deadline) -> Task<Result<Response>> {
            co_return co_await http.send(std::move(request), deadline);
        };
        boost::asio::co_spawn(world.context,
                              one(*world.http,
                                  Request::get(url_of(server.url())),
                                  Deadline::after(world.clock, std::chrono::seconds(60))),
                              [&ended](std::exception_ptr thrown, Result<Response> const& outcome) {
                                  if (!thrown && !outcome.has_value())
                                      ended.push_back(outcome.error().kind());
                              });
    }
    while (server.received().size() < 5)
        world.context.run_one();
}

Answer stalled() {
    Answer answer;
    answer.fault = Answer::Fault::stall;
    return answer;
}

TEST(Http, DestructionEndsTheRequestsInFlight) {
    TestWorld world;
    std::vector<ErrorKind> ended;
    {
        LoopbackServer server(world.context, [](auto&) { return stalled(); });
        start_stalled(world, server, ended);
        world.http.reset();
    }
    EXPECT_TRUE(world.is_idle_after_polling());
    EXPECT_EQ(ended, std::vector<ErrorKind>(5, ErrorKind::cancelled));
}

TEST(Http, TheEndOfTheLoopWithRequestsInFlightIsClean) {
    std::vector<ErrorKind> ended;
    {
        TestWorld world;
        LoopbackServer server(world.context, [](auto&) { return stalled(); });
        start_stalled(world, server, ended);
    } // the client goes first, then the loop with the coroutines in it
    EXPECT_TRUE(ended.empty());
}

TEST(Http, FailsInsteadOfHangingWithoutDescriptors) {
    TestWorld world;
    LoopbackServer server(world.context, [](auto&) { return Answer::text(200, "x"); });
    ASSERT_TRUE(get(world, server.url()).has_value()); // all that is made lazily is there
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
    for (rlim_t spare = 0; spare < 6; ++spare) {
        int const lowest = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
        ::close(lowest);
        rlimit const tight{static_cast<rlim_t>(lowest) + spare, before.rlim_max};
        ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &tight), 0);
        auto const outcome = get(world, "http://name.localhost:1/x");
        ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
        EXPECT_FALSE(outcome.has_value());
        EXPECT_NE(outcome.error().kind(), ErrorKind::timeout) << outcome.error().text();
    }
    EXPECT_TRUE(get(world, server.url()).has_value());
}

TEST(HttpAddresses, PublicOnlyRefusesPrivateOnesWithoutAPacket) {
    TestWorld world;
    LoopbackServer server(world.context, [](auto&) { return Answer::text(200, "secret"); });
    LoopbackServer six(
        world.context, [](auto&) { return Answer::text(200, "secret"); }, test::Loopback::ipv6);
    for (auto const& url : {server.url(),
                            six.url(),
                            cat("http://localhost:", server.port()),
                            cat("http://name.localhost:", server.port()), // curl: loopback
                            cat("http://[::ffff:127.0.0.1]:", server.port()),
                            std::string("http://169.254.169.254/latest/meta-data/"),
                            std::string("http://10.0.0.1/"),
                            std::string("http://[fe80::1]/")}) {
        auto const error =
            send(world, Request::get(url_of(url)).addresses(AddressRule::public_only)).error();
        EXPECT_EQ(error.kind(), ErrorKind::denied) << url << ": " << error.text();
        EXPECT_NE(error.text().find("public"), std::string::npos) << error.text();
    }
    EXPECT_EQ(server.connections() + six.connections(), 0U);
    EXPECT_EQ(get(world, server.url()).value().body, "secret"); // the rule is per request
    EXPECT_TRUE(get(world, cat("http://name.localhost:", server.port())).has_value());
    EXPECT_EQ(send(world,
                   Request::get(url_of(cat("http://name.localhost:", server.port())))
                       .addresses(AddressRule::public_only))
                  .error()
                  .kind(),
              ErrorKind::denied); // a kept connection to the same host is none of its business
}

HttpOptions with_proxy(std::string const& url) {
    HttpOptions options;
    options.http_proxy = url;
    options.https_proxy = url;
    return options;
}

TEST(HttpProxy, TakesTheRequestsThatAreNotExcepted) {
    TestWorld plain;
    LoopbackServer direct(plain.context, [](auto&) { return Answer::text(200, "direct"); });
    LoopbackServer proxy(plain.context, [](auto&) { return Answer::text(200, "proxied"); });
    auto options = with_proxy(cat("http://user:hunter2@", proxy.host()));
    options.no_proxy = "excepted.localhost";
    Http http(plain.context.get_executor(), plain.clock, plain.log, options);
    auto const body = [&](std::string const& url) {
        auto const deadline = Deadline::after(plain.clock, std::chrono::seconds(5));
        auto const outcome = plain.run(http.send(Request::get(url_of(url)), deadline));
        return outcome.has_value() ? outcome->body : outcome.error().text();
    };
    EXPECT_EQ(body("http://registry.example/v2/"), "proxied");
    EXPECT_EQ(proxy.received().front().target, "http://registry.example/v2/");
    EXPECT_EQ(proxy.received().front().headers.at("proxy-authorization"), "Basic dXNlcjpodW50ZXIy");
    EXPECT_EQ(body(direct.url()), "direct"); // loopback
    EXPECT_EQ(body(cat("http://excepted.localhost:", direct.port())), "direct");
    for (auto const& event : plain.events)
        EXPECT_EQ(to_text_line(event).find("hunter2"), std::string::npos);
}

TEST(HttpProxy, IsNeverNamedWithItsPasswordWhenItFails) {
    for (auto const* proxy : {"http://user:hunter2@127.0.0.1:1",
                              "http://user:hunter2@no-such-host.invalid:1",
                              "gopher://user:hunter2@127.0.0.1:1",
                              "http://user:hunter2@127.0.0.1:1:1"}) {
        TestWorld world({}, with_proxy(proxy));
        for (auto const* url : {"http://registry.example/", "https://registry.example/"}) {
            auto const error = get(world, url).error();
            EXPECT_EQ(error.text().find("hunter2"), std::string::npos) << error.text();
        }
    }
}

TEST(HttpProxy, IsNotTakenFromTheProcessEnvironment) {
    for (auto const* name : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"})
        ::setenv(name, "http://127.0.0.1:1", 1);
    TestWorld world;
    LoopbackServer server(world.context, [](auto&) { return Answer::text(200, "direct"); });
    auto const outcome = get(world, cat("http://name.localhost:", server.port()));
    for (auto const* name : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"})
        ::unsetenv(name);
    EXPECT_EQ(outcome.value().body, "direct");
}

TEST(HttpProxy, ThatRefusesATunnelIsReported) {
    TestWorld world;
    LoopbackServer proxy(world.context, [](auto&) { return Answer::text(407, "who are you"); });
    Http http(world.context.get_executor(),
              world.clock,
              world.log,
              with_proxy(cat("http://user:hunter2@", proxy.host())));
    auto const deadline = Deadline::after(world.clock, std::chrono::seconds(5));
    auto const error =
        world.run(http.send(Request::get(url_of("https://registry.example/v2/")), deadline))
            .error();
    EXPECT_EQ(proxy.received().front().method, "CONNECT");
    EXPECT_EQ(proxy.received().front().target, "registry.example:443");
    EXPECT_EQ(error.kind(), ErrorKind::unreachable) << error.text();
    EXPECT_NE(error.text().find("407"), std::string::npos) << error.text();
    EXPECT_EQ(error.text().find("hunter2"), std::string::npos) << error.text();
}

TEST(Http, TakesTheLongestTimes) {
    TestWorld world;
    LoopbackServer server(world.context, [](auto&) { return Answer::text(200, "x"); });
    auto const days = std::chrono::hours(24 * 3650);
    auto request = Request::get(url_of(server.url())).time_max(days).silence_max(days / 2);
    EXPECT_TRUE(send(world, std::move(request), days).has_value());
    auto none = Request::get(url_of(server.url())).silence_max(Duration::zero());
    EXPECT_TRUE(send(world, std::move(none), days).has_value());
}

TEST(Http, SurvivesAPeerThatResetsAnUpload) {
    TestWorld world;
    boost::asio::ip::tcp::acceptor acceptor(world.context,
                                            {boost::asio::ip::address_v4::loopback(), 0});
    acceptor.async_accept([&](boost::system::error_code, boost::asio::ip::tcp::socket socket) {
        socket.set_option(boost::asio::socket_base::linger(true, 0));
        socket.close();
    });
    auto const url = url_of(cat("http://127.0.0.1:", acceptor.local_endpoint().port()));
    auto const error =
        send(world, Request::post(url, std::string(50'000'000, 'x'), "text/plain")).error();
    EXPECT_EQ(error.kind(), ErrorKind::unreachable) << error.text();
}

} // namespace
} // namespace clairgate::io
