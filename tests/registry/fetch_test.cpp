#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/registry/fetch.hpp>

#include <gtest/gtest.h>

#include <registry/fake_registry.hpp>
#include <support/test_world.hpp>

namespace clairgate::registry {
namespace {

using test::Answer;
using test::auth_config;
using test::FakeRegistry;
using test::LoopbackServer;
using test::Received;
using test::TestWorld;

// A registry with one blob, a client of it, and what the client knows.
struct Setting {
    explicit Setting(FakeRegistry::Login login) : registry(world.context, login) {
        blob = cat("blobs/", registry.put_blob("bytes").digest.text());
    }
    void know_password() {
        world.environment =
            io::Environment({{"DOCKER_AUTH_CONFIG", auth_config(registry.host(), "user:s3cr3t")}});
    }
    Result<io::Response> get() {
        return world.run(fetcher.send("GET", registry.repository(), blob, 1000, deadline()));
    }
    Result<PullAccess> access() {
        return world.run(fetcher.access(registry.repository(), deadline()));
    }
    Deadline deadline() const { return Deadline::after(world.clock, std::chrono::seconds(10)); }

    TestWorld world;
    FakeRegistry registry;
    Options options;
    Fetcher fetcher{world.world, options};
    std::string blob;
};

TEST(Fetcher, AsksWithoutALoginFirst) {
    Setting setting(FakeRegistry::Login::none);
    setting.know_password();
    EXPECT_EQ(setting.get().value().body, "bytes");
    ASSERT_EQ(setting.registry.received().size(), 1U);
    EXPECT_FALSE(setting.registry.received()[0].headers.contains("authorization"));
    EXPECT_EQ(setting.access().value().scheme, PullAccess::Scheme::none);
}

TEST(Fetcher, AnswersABasicChallengeOnceAndRemembers) {
    Setting setting(FakeRegistry::Login::basic);
    setting.know_password();
    EXPECT_EQ(setting.get().value().body, "bytes");
    EXPECT_EQ(setting.get().value().body, "bytes");
    EXPECT_EQ(setting.registry.received().size(), 3U);
    EXPECT_EQ(setting.access().value().scheme, PullAccess::Scheme::basic);
}

TEST(Fetcher, ReusesATokenPerRepository) {
    Setting setting(FakeRegistry::Login::bearer);
    setting.know_password();
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(setting.get().value().body, "bytes");
    EXPECT_EQ(setting.registry.count("GET", "/token"), 1U);
    EXPECT_EQ(setting.access().value().authorization->reveal(), "Bearer token-1");
}

TEST(Fetcher, GetsOneFreshTokenWhenTheOldOneIsRefused) {
    Setting setting(FakeRegistry::Login::bearer);
    setting.know_password();
    EXPECT_EQ(setting.get().value().status, 200);
    setting.registry.revoke_tokens();
    EXPECT_EQ(setting.get().value().status, 200);
    EXPECT_EQ(setting.registry.count("GET", "/token"), 2U);
}

TEST(Fetcher, DoesNotInsistWhenAFreshLoginIsRefused) {
    for (auto const login : {FakeRegistry::Login::basic, FakeRegistry::Login::bearer}) {
        Setting setting(login);
        setting.know_password();
        setting.registry.before = [&](Received const& received) -> std::optional<Answer> {
            if (received.target.starts_with("/v2/") && received.headers.contains("authorization")) {
                auto refused = Answer::text(401, "");
                refused.headers = {{"WWW-Authenticate", "Basic realm=\"x\""}};
                return refused;
            }
            return std::nullopt;
        };
        auto const answer = setting.get();
        ASSERT_FALSE(answer.has_value());
        EXPECT_EQ(answer.error().kind(), ErrorKind::denied);
        EXPECT_NE(answer.error().remedy().find("DOCKER_AUTH_CONFIG"), std::string::npos)
            << answer.error().remedy();
        EXPECT_NE(answer.error().remedy().find("CLAIRGATE_REGISTRY_USER"), std::string::npos);
        EXPECT_EQ(setting.registry.count("GET", "/v2/"), 2U);
    }
}

TEST(Fetcher, ForgetsATokenAndFetchesAFreshOneWithoutAskingTheRegistry) {
    Setting setting(FakeRegistry::Login::bearer);
    setting.know_password();
    EXPECT_EQ(setting.access().value().authorization->reveal(), "Bearer token-1");
    auto const asked = setting.registry.count("GET", "/v2/");
    setting.fetcher.forget(setting.registry.repository());
    EXPECT_EQ(setting.access().value().authorization->reveal(), "Bearer token-2");
    EXPECT_EQ(setting.registry.count("GET", "/v2/"), asked);
}

TEST(Fetcher, RenewsATokenBeforeItEnds) {
    Setting setting(FakeRegistry::Login::bearer);
    setting.know_password();
    auto shift = std::chrono::seconds(0);
    auto const steady = setting.world.clock.steady;
    setting.world.world.clock.steady = [&] { return steady() + shift; };
    setting.registry.token_members = R"(,"expires_in":300)";
    EXPECT_EQ(setting.access().value().authorization->reveal(), "Bearer token-1");
    shift = std::chrono::seconds(280);
    EXPECT_EQ(setting.access().value().authorization->reveal(), "Bearer token-1");
    shift = std::chrono::seconds(295);
    EXPECT_EQ(setting.access().value().authorization->reveal(), "Bearer token-2");
}

TEST(Fetcher, TakesNoCredentialToAnotherOrigin) {
    Setting setting(FakeRegistry::Login::bearer);
    setting.know_password();
    LoopbackServer storage(setting.world.context,
                           [](Received const&) { return Answer::text(200, "elsewhere"); });
    setting.registry.before = [&](Received const& received) -> std::optional<Answer> {
        if (!received.headers.contains("authorization") || received.target.starts_with("/token"))
            return std::nullopt;
        auto away = Answer::text(307, "");
        away.headers = {{"Location", storage.url() + "/blob?signature=x"}};
        return away;
    };
    EXPECT_EQ(setting.get().value().body, "elsewhere");
    ASSERT_EQ(storage.received().size(), 1U);
    EXPECT_FALSE(storage.received()[0].headers.contains("authorization"));
}

TEST(Fetcher, AnswersNoChallengeOfAnotherHost) {
    Setting setting(FakeRegistry::Login::none);
    setting.know_password();
    LoopbackServer other(setting.world.context, [&](Received const&) {
        auto challenge = Answer::text(401, "");
        challenge.headers = {{"WWW-Authenticate", "Basic realm=\"x\""}};
        return challenge;
    });
    setting.registry.before = [&](Received const&) -> std::optional<Answer> {
        auto away = Answer::text(302, "");
        away.headers = {{"Location", other.url()}};
        return away;
    };
    auto const answer = setting.get();
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().kind(), ErrorKind::denied);
    for (auto const& received : other.received())
        EXPECT_FALSE(received.headers.contains("authorization"));
}

TEST(Fetcher, GivesOurVariablesToTheFirstRegistryAlone) {
    Setting setting(FakeRegistry::Login::basic);
    FakeRegistry second(setting.world.context, FakeRegistry::Login::basic);
    test::TestWorld& world = setting.world;
    auto const file = setting.registry.host();
    setting.options.own_registry = setting.registry.host();
    world.environment = io::Environment({{"CLAIRGATE_REGISTRY_USER", "user"},
                                         {"CLAIRGATE_REGISTRY_PASSWORD_FILE", "/dev/null/none"}});
    auto const refused = world.run(
        setting.fetcher.send("GET", second.repository(), "tags/list", 100, setting.deadline()));
    ASSERT_FALSE(refused.has_value()); // anonymous there; the unreadable file was not even opened
    EXPECT_EQ(refused.error().kind(), ErrorKind::denied) << refused.error().text();
    auto const own = setting.get();
    ASSERT_FALSE(own.has_value());
    EXPECT_NE(own.error().kind(), ErrorKind::denied) << own.error().text();
}

TEST(Fetcher, NamesTheSettingWhenThereIsNoTls) {
    TestWorld world;
    LoopbackServer plain(world.context, [](Received const&) { return Answer::text(200, ""); });
    Options const options;
    Fetcher fetcher(world.world, options);
    // Not loopback by its name, so TLS is tried: the proxy-less way there does not exist.
    image::Repository const repository{"registry.invalid:5000", "a"};
    auto const answer =
        world.run(fetcher.send("GET",
                               repository,
                               "tags/list",
                               100,
                               Deadline::after(world.clock, std::chrono::seconds(5))));
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().kind(), ErrorKind::unreachable) << answer.error().text();
    EXPECT_NE(answer.error().remedy().find("registry.invalid:5000"), std::string::npos);
}

TEST(Fetcher, SaysNoSecretInItsLog) {
    Setting setting(FakeRegistry::Login::bearer);
    setting.know_password();
    EXPECT_EQ(setting.get().value().status, 200);
    EXPECT_FALSE(setting.world.events.empty());
    for (auto const& event : setting.world.events)
        for (auto const* secret : {"s3cr3t", "token-1", "dXNlcjpzM2NyM3Q"})
            EXPECT_EQ(to_text_line(event).find(secret), std::string::npos) << to_text_line(event);
}

} // namespace
} // namespace clairgate::registry
