#include <clairgate/base/text.hpp>
#include <clairgate/registry/token.hpp>

#include <gtest/gtest.h>

#include <registry/fake_registry.hpp>
#include <support/test_world.hpp>

namespace clairgate::registry {
namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

using test::Answer;
using test::auth_config;
using test::LoopbackServer;
using test::Received;
using test::TestWorld;

// Answers one Bearer challenge with that realm on behalf of the registry at `registry_url`.
Result<Login> answer(TestWorld& world,
                     std::string const& registry_url,
                     std::string const& realm,
                     Options const& options = {},
                     std::string scheme = "bearer") {
    auto const registry = io::Url::parse(registry_url + "/").value();
    image::Repository const repository{cat(registry.origin.host, ":", registry.origin.port),
                                       "team/app"};
    std::vector<Challenge> const challenges = {
        {std::move(scheme),
         {{"realm", realm}, {"service", "a b"}, {"scope", "repository:other:pull,push"}}}};
    return world.run(answer_challenges(world.world,
                                       options,
                                       registry,
                                       repository,
                                       challenges,
                                       OwnVariables::use,
                                       Deadline::after(world.clock, std::chrono::seconds(10))));
}

TEST(DecodeToken, FollowsTheTable) {
    struct Row {
        char const* sentence;
        std::string json;
        std::string token; // "" for an error
        int seconds;
    };
    Row const rows[] = {
        {"token", R"({"token":"a.b-c_d~e+f/g="})", "a.b-c_d~e+f/g=", 60},
        {"access_token", R"({"access_token":"x","expires_in":300})", "x", 300},
        {"both", R"({"token":"a","access_token":"b"})", "a", 60},
        {"an empty one falls back", R"({"token":"","access_token":"b"})", "b", 60},
        {"a life beyond a day", R"({"token":"a","expires_in":99999999})", "a", 86400},
        {"no life", R"({"token":"a","expires_in":0})", "a", 60},
        {"a life that is no number", R"({"token":"a","expires_in":"1h"})", "a", 60},
        {"nothing", "{}", "", 0},
        {"a header in it", R"({"token":"a\r\nX: y"})", "", 0},
        {"a space", R"({"token":"a b"})", "", 0},
        {"a quote", R"({"token":"a\"b"})", "", 0},
        {"a NUL", R"({"token":"a\u0000b"})", "", 0},
        {"beyond ASCII", "{\"token\":\"\xc3\xa4\"}", "", 0},
        {"a number", R"({"token":7})", "", 0},
        {"a key twice", R"({"token":"a","token":"b"})", "", 0},
        {"an array", R"(["a"])", "", 0},
        {"not JSON", "<html>", "", 0},
    };
    for (auto const& row : rows) {
        auto const token = decode_token(row.json);
        EXPECT_EQ(token.has_value(), !row.token.empty()) << row.sentence;
        if (!token.has_value()) {
            EXPECT_EQ(token.error().kind(), ErrorKind::protocol) << row.sentence;
            continue;
        }
        EXPECT_EQ(token->value.reveal(), row.token) << row.sentence;
        EXPECT_EQ(token->valid_for, std::chrono::seconds(row.seconds)) << row.sentence;
    }
}

TEST(ChallengesOf, JoinsAllHeadersOfTheName) {
    io::Response response;
    response.headers = {{"www-authenticate", R"(Basic realm="a")"},
                        {"x", "Digest"},
                        {"www-authenticate", R"(Bearer realm="b")"}};
    auto const challenges = challenges_of(response);
    ASSERT_EQ(challenges.size(), 2U);
    EXPECT_EQ(challenges[1].scheme, "bearer");
}

TEST(AnswerChallenges, AsksForThePullOfOurRepositoryAndNothingElse) {
    TestWorld world;
    LoopbackServer service(world.context, [](Received const&) {
        return Answer::json(200, R"({"token":"t","expires_in":120})");
    });
    auto const login = answer(world, service.url(), service.url() + "/token?x=1").value();
    EXPECT_EQ(login.access.scheme, PullAccess::Scheme::bearer);
    EXPECT_EQ(login.access.authorization->reveal(), "Bearer t");
    EXPECT_EQ(login.valid_for, std::chrono::seconds(120));
    ASSERT_EQ(service.received().size(), 1U);
    EXPECT_EQ(service.received()[0].method, "GET");
    EXPECT_EQ(service.received()[0].target,
              "/token?x=1&service=a%20b&scope=repository%3ateam%2fapp%3apull");
    EXPECT_FALSE(service.received()[0].headers.contains("authorization"));
}

TEST(AnswerChallenges, SendsNoPacketToARealmInOurNetwork) {
    TestWorld world;
    LoopbackServer inside(world.context,
                          [](Received const&) { return Answer::json(200, R"({"token":"t"})"); });
    auto const port = cat(":", inside.port(), "/token");
    for (auto const& realm : {"http://127.0.0.1" + port,
                              "http://127.0.0.2" + port,
                              "http://localhost" + port, // a name: blocked at connect
                              "http://[::1]" + port,
                              "http://[::ffff:127.0.0.1]" + port,
                              "http://[::]" + port,
                              "http://0.0.0.0" + port,
                              "http://10.0.0.1" + port,
                              "http://192.168.0.1" + port,
                              std::string("http://169.254.169.254/latest/meta-data"),
                              "http://2130706433" + port,
                              "http://0177.0.0.1" + port,
                              "http://0x7f.1" + port,
                              "http://127.0.0.1." + port,
                              "http://r.example@127.0.0.1" + port,
                              std::string("file:///etc/passwd"),
                              std::string("unix:/run/x"),
                              std::string("/token"),
                              std::string("")}) {
        auto const login = answer(world, "http://r.example", realm);
        ASSERT_FALSE(login.has_value()) << realm;
        EXPECT_EQ(login.error().kind(), ErrorKind::denied) << realm << login.error().text();
    }
    EXPECT_EQ(inside.connections(), 0U);
}

TEST(AnswerChallenges, RefusesARealmWithoutTlsForARegistryWithIt) {
    TestWorld world;
    auto const login = answer(world, "https://r.example", "http://r.example/token");
    ASSERT_FALSE(login.has_value());
    EXPECT_EQ(login.error().kind(), ErrorKind::denied);
}

TEST(AnswerChallenges, BelievesARealmThatTheOperatorNamed) {
    TestWorld world;
    LoopbackServer service(world.context,
                           [](Received const&) { return Answer::json(200, R"({"token":"t"})"); });
    auto const refused = answer(world, "http://r.example", service.url() + "/token");
    ASSERT_FALSE(refused.has_value());
    EXPECT_NE(refused.error().remedy().find("--trusted-realm 127.0.0.1"), std::string::npos);
    Options options;
    options.trusted_realm_hosts = {service.host()};
    EXPECT_TRUE(answer(world, "http://r.example", service.url() + "/token", options).has_value());
}

TEST(AnswerChallenges, ChecksEveryRedirectOfATokenRequest) {
    std::string const host = "127.0.0.1";
    TestWorld world(Variables{{"DOCKER_AUTH_CONFIG", "{}"}});
    LoopbackServer inside(world.context,
                          [](Received const&) { return Answer::json(200, R"({"token":"t"})"); });
    std::string location;
    LoopbackServer service(world.context, [&](Received const& received) {
        if (received.target.starts_with("/here"))
            return Answer::json(200, R"({"token":"t"})");
        auto away = Answer::text(302, "");
        away.headers = {{"Location", location}};
        return away;
    });
    location = "/here";
    EXPECT_TRUE(answer(world, service.url(), service.url() + "/token").has_value());
    for (auto const& target : {inside.url(), std::string("file:///x"), std::string("data:,x")}) {
        location = target;
        auto const login = answer(world, service.url(), service.url() + "/token");
        ASSERT_FALSE(login.has_value()) << target;
        EXPECT_EQ(login.error().kind(), ErrorKind::denied) << target;
    }
    EXPECT_EQ(inside.connections(), 0U);
    location = "/token"; // to itself, for ever
    EXPECT_EQ(answer(world, service.url(), service.url() + "/token").error().kind(),
              ErrorKind::limit);
}

TEST(AnswerChallenges, TradesAnIdentityTokenByPostOrElseByGet) {
    for (bool const knows_post : {true, false}) {
        TestWorld world(Variables{{"DOCKER_AUTH_CONFIG", ""}});
        LoopbackServer service(world.context, [&](Received const& received) {
            if (received.method == "POST" && !knows_post)
                return Answer::text(405, "");
            return Answer::json(200, R"({"access_token":"t"})");
        });
        world.environment = io::Environment(
            {{"DOCKER_AUTH_CONFIG",
              cat(R"({"auths":{")", service.host(), R"(":{"identitytoken":"i+t"}}})")}});
        auto const login = answer(world, service.url(), service.url() + "/token");
        ASSERT_TRUE(login.has_value()) << login.error().text();
        auto const& post = service.received().at(0);
        EXPECT_EQ(post.method, "POST");
        EXPECT_EQ(post.body,
                  "grant_type=refresh_token&client_id=clairgate&service=a%20b&scope="
                  "repository%3ateam%2fapp%3apull&refresh_token=i%2bt");
        EXPECT_EQ(service.received().size(), knows_post ? 1U : 2U);
        EXPECT_FALSE(post.headers.contains("authorization"));
    }
}

TEST(AnswerChallenges, UsesAReadyTokenAsItIs) {
    TestWorld world;
    world.environment = io::Environment(Variables{
        {"DOCKER_AUTH_CONFIG", R"({"auths":{"r.example:80":{"registrytoken":"ready"}}})"}});
    auto const login = answer(world, "http://r.example", "http://r.example/token").value();
    EXPECT_EQ(login.access.authorization->reveal(), "Bearer ready");
}

TEST(AnswerChallenges, SaysWhichCredentialWasRefused) {
    TestWorld world;
    LoopbackServer service(world.context, [](Received const&) {
        return Answer::json(401, R"({"details":"incorrect username or password"})");
    });
    auto const anonymous = answer(world, service.url(), service.url() + "/token");
    EXPECT_EQ(anonymous.error().kind(), ErrorKind::denied);
    EXPECT_NE(anonymous.error().remedy().find("looked in"), std::string::npos);
    world.environment =
        io::Environment({{"DOCKER_AUTH_CONFIG", auth_config(service.host(), "user:t0psecret")}});
    auto const refused = answer(world, service.url(), service.url() + "/token");
    EXPECT_EQ(refused.error().kind(), ErrorKind::denied);
    EXPECT_NE(refused.error().remedy().find("DOCKER_AUTH_CONFIG"), std::string::npos);
    EXPECT_EQ(refused.error().text().find("t0psecret"), std::string::npos);
}

TEST(AnswerChallenges, BoundsTheTokenServicesAnswer) {
    TestWorld world;
    LoopbackServer service(world.context, [](Received const&) {
        return Answer::json(200, cat(R"({"token":")", std::string(100000, 'a'), "\"}"));
    });
    EXPECT_EQ(answer(world, service.url(), service.url() + "/t").error().kind(), ErrorKind::limit);
}

TEST(AnswerChallenges, AnswersNoSchemeItDoesNotKnow) {
    TestWorld world;
    auto const login = answer(world, "http://r.example", "x", {}, "negotiate");
    EXPECT_EQ(login.error().kind(), ErrorKind::denied);
}

} // namespace
} // namespace clairgate::registry
