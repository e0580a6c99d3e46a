#include <clairgate/base/text.hpp>
#include <clairgate/registry/client.hpp>

#include <gtest/gtest.h>

#include <registry/fake_registry.hpp>
#include <support/test_world.hpp>

namespace clairgate::registry {
namespace {

using test::Answer;
using test::auth_config;
using test::FakeRegistry;
using test::Received;
using test::TestWorld;

struct Setting {
    explicit Setting(FakeRegistry::Login login = FakeRegistry::Login::none)
        : registry(world.context, login) {}
    Result<std::optional<image::Digest>> exists(image::Reference const& reference) {
        return world.run(client.exists(reference, deadline()));
    }
    Deadline deadline() const { return Deadline::after(world.clock, std::chrono::seconds(10)); }
    TestWorld world;
    FakeRegistry registry;
    Client client{world.world, {}};
};

TEST(Exists, AsksByHeadForTagAndDigest) {
    Setting setting;
    auto const image = setting.registry.put_image("linux", "amd64");
    setting.registry.tag("v1", image.digest);
    EXPECT_EQ(setting.exists(setting.registry.at(image.digest)).value(), image.digest);
    EXPECT_EQ(setting.exists(setting.registry.tagged("v1")).value(), image.digest);
    EXPECT_EQ(setting.registry.count("GET", "/"), 0U);
}

TEST(Exists, IsNothingWhatIsNotThereYet) {
    Setting setting;
    EXPECT_EQ(setting.exists(setting.registry.at(image::Digest::of("x"))).value(), std::nullopt);
    EXPECT_EQ(setting.exists(setting.registry.tagged("latest")).value(), std::nullopt);
    EXPECT_EQ(setting.registry.received().size(), 2U) << "one attempt each";
}

TEST(Exists, HashesTheBytesWhereTheRegistryStatesNoDigest) {
    Setting setting;
    setting.registry.states_digest = false;
    auto const image = setting.registry.put_image("linux", "amd64");
    setting.registry.tag("v1", image.digest);
    EXPECT_EQ(setting.exists(setting.registry.tagged("v1")).value(), image.digest);
    EXPECT_EQ(setting.exists(setting.registry.at(image.digest)).value(), image.digest);
    EXPECT_EQ(setting.registry.count("GET", "/v2/team/app/manifests/"), 2U);
}

TEST(Exists, UsesGetWhereHeadIsNotKnown) {
    Setting setting;
    auto const image = setting.registry.put_image("linux", "amd64");
    for (int const status : {400, 405}) {
        setting.registry.before = [&](Received const& received) -> std::optional<Answer> {
            return received.method == "HEAD" ? std::optional(Answer::text(status, ""))
                                             : std::nullopt;
        };
        EXPECT_EQ(setting.exists(setting.registry.at(image.digest)).value(), image.digest);
    }
}

TEST(Exists, NeverBelievesAnotherDigestThanAsked) {
    Setting setting;
    auto const image = setting.registry.put_image("linux", "amd64");
    auto const other = image::Digest::of("other");
    setting.registry.before = [&](Received const&) -> std::optional<Answer> {
        auto lie = Answer::text(200, "");
        lie.headers = {{"Docker-Content-Digest", other.text()}};
        return lie;
    };
    EXPECT_EQ(setting.exists(setting.registry.at(image.digest)).error().kind(),
              ErrorKind::integrity);
    setting.registry.before = [&](Received const& received) -> std::optional<Answer> {
        return received.method == "HEAD" ? Answer::text(200, "") : Answer::text(200, "other bytes");
    };
    EXPECT_EQ(setting.exists(setting.registry.at(image.digest)).error().kind(),
              ErrorKind::integrity);
    setting.registry.before = [&](Received const&) -> std::optional<Answer> {
        auto lie = Answer::text(200, "");
        lie.headers = {{"Docker-Content-Digest", "sha256:../../x"}};
        return lie;
    };
    EXPECT_EQ(setting.exists(setting.registry.at(image.digest)).error().kind(),
              ErrorKind::protocol);
}

TEST(Exists, TellsARefusalAndAFaultFromNothing) {
    Setting setting;
    std::pair<int, ErrorKind> const rows[] = {{403, ErrorKind::denied},
                                              {401, ErrorKind::denied},
                                              {429, ErrorKind::unreachable},
                                              {500, ErrorKind::unreachable},
                                              {503, ErrorKind::unreachable},
                                              {204, ErrorKind::protocol},
                                              {410, ErrorKind::protocol}};
    for (auto const& [status, kind] : rows) {
        setting.registry.before = [&](Received const&) -> std::optional<Answer> {
            return Answer::text(status, "");
        };
        auto const digest = setting.exists(setting.registry.tagged("v1"));
        ASSERT_FALSE(digest.has_value()) << status;
        EXPECT_EQ(digest.error().kind(), kind) << status << digest.error().text();
    }
}

TEST(Exists, ATagThatMovesGivesOneDigestOrNone) {
    Setting setting;
    auto const before = setting.registry.put_image("linux", "amd64");
    auto const after = setting.registry.put_image("linux", "arm64");
    setting.registry.tag("v1", before.digest);
    auto const seen = *setting.exists(setting.registry.tagged("v1")).value();
    setting.registry.tag("v1", after.digest);
    auto const subject =
        setting.world.run(setting.client.resolve(setting.registry.at(seen), setting.deadline()))
            .value();
    EXPECT_EQ(subject.digest, before.digest);
    EXPECT_EQ(subject.platforms[0].platform.text(), "linux/amd64");
}

TEST(PullAccess, IsWhatClairNeeds) {
    using Token = Client::Token;
    Setting open;
    auto const anonymous = open.world
                               .run(open.client.pull_access(
                                   open.registry.repository(), Token::cached, open.deadline()))
                               .value();
    EXPECT_EQ(anonymous.scheme, PullAccess::Scheme::none);
    EXPECT_FALSE(anonymous.authorization.has_value());
    EXPECT_EQ(anonymous.blobs_url, open.registry.url() + "/v2/team/app/blobs/");

    Setting closed(FakeRegistry::Login::bearer);
    closed.registry.password = "";
    auto const access = [&](Token token) {
        auto const given = closed.world
                               .run(closed.client.pull_access(
                                   closed.registry.repository(), token, closed.deadline()))
                               .value();
        return std::string(given.authorization->reveal());
    };
    EXPECT_EQ(access(Token::cached), "Bearer token-1");
    EXPECT_EQ(access(Token::cached), "Bearer token-1");
    EXPECT_EQ(access(Token::fresh), "Bearer token-2");
    for (auto const& received : closed.registry.received()) {
        if (received.target.starts_with("/token")) {
            EXPECT_NE(received.target.find("scope=repository%3ateam%2fapp%3apull"),
                      std::string::npos);
        }
    }
}

TEST(PullAccess, SaysWhenTheRepositoryMayNotBePulled) {
    Setting setting;
    setting.registry.before = [](Received const&) -> std::optional<Answer> {
        return Answer::text(403, "");
    };
    auto const access = setting.world.run(setting.client.pull_access(
        setting.registry.repository(), Client::Token::cached, setting.deadline()));
    EXPECT_EQ(access.error().kind(), ErrorKind::denied);
}

TEST(Ping, NamesTheLoginTheRegistryAsksFor) {
    std::pair<FakeRegistry::Login, char const*> const rows[] = {
        {FakeRegistry::Login::none, "no login"},
        {FakeRegistry::Login::basic, "basic"},
        {FakeRegistry::Login::bearer, "bearer"}};
    for (auto const& [login, word] : rows) {
        Setting setting(login);
        EXPECT_EQ(
            setting.world.run(setting.client.ping(setting.registry.host(), setting.deadline()))
                .value(),
            word);
    }
}

TEST(Ping, SaysWhenNobodyListens) {
    Setting setting;
    std::string host;
    {
        FakeRegistry gone(setting.world.context);
        host = gone.host();
    }
    auto const answer = setting.world.run(setting.client.ping(host, setting.deadline()));
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().kind(), ErrorKind::unreachable);
    EXPECT_NE(answer.error().remedy().find(host), std::string::npos);
}

} // namespace
} // namespace clairgate::registry
