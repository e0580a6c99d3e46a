#include "../../src/sign/sigstore_service.hpp"

#include <gtest/gtest.h>

#include <support/loopback_server.hpp>
#include <support/test_world.hpp>

namespace clairgate::sign {
namespace {

using test::Answer;
using test::LoopbackServer;
using test::Received;
using test::TestWorld;

TEST(ServiceUrl, PutsThePathBehindTheBase) {
    for (auto const* const base : {"https://rekor.example", "https://rekor.example/"})
        EXPECT_EQ(service_url(base, "/api/v2")->text(), "https://rekor.example/api/v2") << base;
    EXPECT_EQ(service_url("https://x.example/rekor/", "/api/v2")->text(),
              "https://x.example/rekor/api/v2");
    EXPECT_EQ(service_url("https://tsa.example/ts?a=b")->text(), "https://tsa.example/ts?a=b");
}

TEST(ServiceUrl, TakesPlainHttpOnLoopbackAlone) {
    for (auto const* const base :
         {"http://127.0.0.1:1", "http://[::1]:1", "http://localhost:1", "http://a.localhost"})
        EXPECT_TRUE(service_url(base).has_value()) << base;
    for (auto const* const base : {"http://tsa.example",
                                   "http://10.0.0.1",
                                   "http://localhost.example",
                                   "http://127.0.0.1.example",
                                   "ftp://127.0.0.1",
                                   "https://user@fulcio.example",
                                   "tsa.example",
                                   ""}) {
        auto const url = service_url(base);
        ASSERT_FALSE(url.has_value()) << base;
        EXPECT_EQ(url.error().kind(), ErrorKind::config) << base;
    }
    EXPECT_FALSE(service_url("https://rekor.example?a=b", "/api").has_value());
}

struct Asking {
    explicit Asking(LoopbackServer::Handler handler) : server(world.context, std::move(handler)) {}
    Result<io::Response> ask(io::Request request) {
        return world.run(
            ask_service(world.world,
                        "the test",
                        std::move(request),
                        Deadline::after(world.clock, std::chrono::milliseconds(1500))));
    }
    io::Url url() const { return io::Url::parse(server.url()).value(); }
    TestWorld world;
    LoopbackServer server;
};

TEST(AskService, TriesAgainWhatPasses) {
    int tries = 0;
    Asking asking([&](Received const&) {
        ++tries;
        return tries == 1   ? Answer::text(503, "")
               : tries == 2 ? Answer::text(429, "")
                            : Answer::text(201, "done");
    });
    auto const answer = asking.ask(io::Request::post(asking.url(), "body", "text/plain"));
    ASSERT_TRUE(answer.has_value()) << answer.error().text();
    EXPECT_EQ(answer->body, "done");
    EXPECT_EQ(asking.server.received().size(), 3U);
    EXPECT_EQ(asking.server.received()[2].body, "body");
}

TEST(AskService, SaysWhatTheServiceSaidWhenItGivesUp) {
    Asking asking([](Received const&) { return Answer::json(500, R"({"message":"no disk"})"); });
    auto const answer = asking.ask(io::Request::get(asking.url()));
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().kind(), ErrorKind::unreachable);
    EXPECT_NE(answer.error().text().find("no disk"), std::string::npos);
}

TEST(AskService, LeavesOtherStatusesToTheCaller) {
    for (int const status : {200, 400, 401, 404, 409}) {
        Asking asking([=](Received const&) { return Answer::text(status, ""); });
        auto const answer = asking.ask(io::Request::get(asking.url()));
        ASSERT_TRUE(answer.has_value()) << status;
        EXPECT_EQ(answer->status, status);
        EXPECT_EQ(asking.server.received().size(), 1U) << status;
    }
}

TEST(AskService, FollowsNoRedirect) {
    TestWorld other_world;
    LoopbackServer other(other_world.context,
                         [](Received const&) { return Answer::text(200, ""); });
    Asking asking([&](Received const&) {
        auto answer = Answer::text(307, "");
        answer.headers = {{"Location", other.url()}};
        return answer;
    });
    auto const answer = asking.ask(io::Request::get(asking.url()));
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->status, 307);
    EXPECT_EQ(other.connections(), 0U);
}

} // namespace
} // namespace clairgate::sign
