#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/registry/redirect.hpp>

#include <gtest/gtest.h>

#include <support/loopback_server.hpp>
#include <support/test_world.hpp>

namespace clairgate::registry {
namespace {

using test::Answer;
using test::LoopbackServer;
using test::Received;
using test::TestWorld;

Answer to(std::string location, int status = 302) {
    auto answer = Answer::text(status, "");
    answer.headers = {{"Location", std::move(location)}, {"Set-Cookie", "a=b"}};
    return answer;
}

Result<io::AddressRule> everywhere(io::UrlOrigin const&) {
    return io::AddressRule::any;
}

Result<io::Response> get(TestWorld& world, std::string const& url, RedirectCheck check) {
    auto request = io::Request::get(io::Url::parse(url).value())
                       .header("Accept", "x/y")
                       .authorization(Secret("Bearer t0psecret"));
    return world.run(send_following(world.world,
                                    std::move(request),
                                    std::move(check),
                                    Deadline::after(world.clock, std::chrono::seconds(10))));
}

TEST(SendFollowing, TakesTheCredentialOnlyToItsOwnOrigin) {
    TestWorld world;
    LoopbackServer other(world.context, [](Received const&) { return Answer::text(200, "blob"); });
    LoopbackServer home(world.context, [&](Received const& received) {
        return received.target == "/a" ? to("/b", 307) : to(other.url() + "/c");
    });
    auto const answer = get(world, home.url() + "/a", everywhere).value();
    EXPECT_EQ(answer.body, "blob");
    ASSERT_EQ(home.received().size(), 2U);
    EXPECT_EQ(home.received()[1].headers.at("authorization"), "Bearer t0psecret");
    ASSERT_EQ(other.received().size(), 1U);
    auto const& headers = other.received()[0].headers;
    EXPECT_FALSE(headers.contains("authorization"));
    EXPECT_FALSE(headers.contains("cookie"));
    EXPECT_EQ(headers.at("accept"), "x/y");
}

TEST(SendFollowing, AsksBeforeAPacketGoesAnywhere) {
    TestWorld world;
    LoopbackServer other(world.context, [](Received const&) { return Answer::text(200, ""); });
    LoopbackServer home(world.context, [&](Received const&) { return to(other.url()); });
    auto const refused = get(world, home.url(), [](io::UrlOrigin const&) {
        return Result<io::AddressRule>(Error(ErrorKind::denied, "no"));
    });
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().kind(), ErrorKind::denied);
    auto const blocked = get(world, home.url(), [](io::UrlOrigin const&) {
        return Result<io::AddressRule>(io::AddressRule::public_only);
    });
    ASSERT_FALSE(blocked.has_value());
    EXPECT_EQ(blocked.error().kind(), ErrorKind::denied);
    EXPECT_EQ(other.connections(), 0U);
}

TEST(SendFollowing, EndsAChain) {
    TestWorld world;
    int hops_left = 0;
    LoopbackServer home(world.context, [&](Received const&) {
        return hops_left-- > 0 ? to(cat("/", hops_left)) : Answer::text(200, "end");
    });
    hops_left = static_cast<int>(limits::redirects);
    EXPECT_EQ(get(world, home.url(), everywhere).value().body, "end");
    for (int const hops : {static_cast<int>(limits::redirects) + 1, 11, 1000}) {
        hops_left = hops;
        auto const answer = get(world, home.url(), everywhere);
        ASSERT_FALSE(answer.has_value());
        EXPECT_EQ(answer.error().kind(), ErrorKind::limit);
    }
}

TEST(SendFollowing, FollowsNothingButHttp) {
    for (auto const* target : {"file:///etc/passwd",
                               "unix:/run/x",
                               "data:text/plain,x",
                               "gopher://127.0.0.1/",
                               "http://user:pass@127.0.0.1/",
                               "http://2130706433/",
                               "http://0177.0.0.1/",
                               "http://127.0.0.1./"}) {
        TestWorld world;
        LoopbackServer home(world.context, [&](Received const&) { return to(target); });
        auto const answer = get(world, home.url(), everywhere);
        ASSERT_FALSE(answer.has_value()) << target;
        EXPECT_EQ(answer.error().kind(), ErrorKind::denied) << target;
        EXPECT_EQ(home.received().size(), 1U);
    }
}

TEST(SendFollowing, RefusesARedirectToNowhere) {
    TestWorld world;
    LoopbackServer home(world.context, [](Received const&) { return Answer::text(302, ""); });
    EXPECT_EQ(get(world, home.url(), everywhere).error().kind(), ErrorKind::protocol);
}

} // namespace
} // namespace clairgate::registry
