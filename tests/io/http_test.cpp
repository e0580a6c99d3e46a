#include <clairgate/base/text.hpp>
#include <clairgate/io/http.hpp>
#include <clairgate/io/race.hpp>

#include <gtest/gtest.h>

#include <support/loopback_server.hpp>
#include <support/test_world.hpp>

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

} // namespace
} // namespace clairgate::io
