#include "../../src/sign/oidc.hpp"
#include <clairgate/base/bytes.hpp>
#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/io/files.hpp>

#include <gtest/gtest.h>

#include <sign/sigstore_peers.hpp>
#include <support/loopback_server.hpp>
#include <support/temp_dir.hpp>
#include <support/test_world.hpp>

namespace clairgate::sign {
namespace {

using test::Answer;
using test::jwt;
using test::LoopbackServer;
using test::Received;
using test::TempDir;
using test::TestWorld;

TEST(IdentityOf, FollowsTheTable) {
    struct Row {
        char const* what;
        std::string token;
        std::string identity; ///< "" for an error
    };
    Row const rows[] = {
        {"a subject",
         jwt(R"({"sub":"repo:a/b:ref:refs/heads/main"})"),
         "repo:a/b:ref:refs/heads/main"},
        {"a verified email", jwt(R"({"sub":"1","email":"a@b.c","email_verified":true})"), "a@b.c"},
        {"verified in words",
         jwt(R"({"sub":"1","email":"a@b.c","email_verified":"true"})"),
         "a@b.c"},
        {"not verified", jwt(R"({"sub":"1","email":"a@b.c","email_verified":false})"), "1"},
        {"not verified in words",
         jwt(R"({"sub":"1","email":"a@b.c","email_verified":"yes"})"),
         "1"},
        {"verified by a number", jwt(R"({"sub":"1","email":"a@b.c","email_verified":1})"), "1"},
        {"nobody says that it is verified", jwt(R"({"sub":"1","email":"a@b.c"})"), "1"},
        {"an empty email", jwt(R"({"sub":"1","email":"","email_verified":true})"), "1"},
        {"letters beyond base64's alphabet", jwt(R"({"sub":"?~>>~?ü"})"), "?~>>~?ü"},
        {"no subject", jwt(R"({"iss":"x"})"), ""},
        {"an empty subject", jwt(R"({"sub":""})"), ""},
        {"a subject that is a number", jwt(R"({"sub":1})"), ""},
        {"a subject twice", jwt(R"({"sub":"1","sub":"2"})"), ""},
        {"claims that are no object", jwt("[]"), ""},
        {"claims that are no JSON", jwt("x"), ""},
        {"two parts", "e30.e30", ""},
        {"four parts", jwt(R"({"sub":"1"})") + ".e30", ""},
        {"no signature", "e30." + to_base64url(R"({"sub":"1"})") + ".", ""},
        {"padding", "e30." + to_base64(R"({"sub":"1"})") + ".e30", ""},
        {"a line break", "e30.e\n30.e30", ""},
        {"a quote in the signature", "e30." + to_base64url(R"({"sub":"1"})") + ".e\"30", ""},
        {"nothing", "", ""},
    };
    for (auto const& row : rows) {
        auto const identity = identity_of(Secret(row.token));
        EXPECT_EQ(identity.has_value(), !row.identity.empty()) << row.what;
        if (identity.has_value()) {
            EXPECT_EQ(*identity, row.identity) << row.what;
        }
    }
}

TEST(IdentityOf, RefusesATokenThatIsTooLong) {
    auto const claims = cat(R"({"sub":")", std::string(limits::token_bytes, 'a'), "\"}");
    auto const identity = identity_of(Secret(jwt(claims)));
    ASSERT_FALSE(identity.has_value());
    EXPECT_EQ(identity.error().kind(), ErrorKind::limit);
}

using Variables = std::map<std::string, std::string, std::less<>>;

struct FindIdentityToken : testing::Test {
    Result<IdentityToken> find(Variables variables,
                               std::optional<std::string> token_file = std::nullopt) {
        world.environment = io::Environment(std::move(variables));
        return world.run(
            find_identity_token_in(world.world,
                                   std::move(token_file),
                                   projected,
                                   Deadline::after(world.clock, std::chrono::milliseconds(1500))));
    }
    // Of GitHub's token service at that URL.
    Result<IdentityToken> find_at(std::string const& url) {
        return find({{"ACTIONS_ID_TOKEN_REQUEST_URL", url},
                     {"ACTIONS_ID_TOKEN_REQUEST_TOKEN", "runner-token"}});
    }
    std::string write(std::string_view name, std::string_view text) const {
        auto const path = folder.path() / name;
        EXPECT_TRUE(io::write_atomically(path, text).has_value());
        return path.native();
    }
    TestWorld world;
    TempDir folder;
    std::filesystem::path const projected = folder.path() / "projected";
};

std::string answer_with(std::string const& token) {
    return cat(R"({"count":1,"value":")", token, "\"}");
}

TEST_F(FindIdentityToken, LooksInTheOrderThatIsPromised) {
    LoopbackServer github(world.context, [](Received const&) {
        return Answer::json(200, answer_with(jwt(R"({"sub":"github"})")));
    });
    auto const file = write("token", jwt(R"({"sub":"file"})") + "\n");
    write("projected", jwt(R"({"sub":"projected"})"));
    Variables variables = {{"SIGSTORE_ID_TOKEN", jwt(R"({"sub":"variable"})")},
                           {"ACTIONS_ID_TOKEN_REQUEST_URL", github.url()},
                           {"ACTIONS_ID_TOKEN_REQUEST_TOKEN", "runner-token"}};
    auto const found = find(variables, file);
    ASSERT_TRUE(found.has_value()) << found.error().text();
    EXPECT_EQ(found->token.reveal(), jwt(R"({"sub":"file"})")); // without the line break
    EXPECT_EQ(found->from, file);
    EXPECT_EQ(identity_of(find(variables)->token).value(), "variable");
    EXPECT_EQ(github.connections(), 0U);
    variables.erase("SIGSTORE_ID_TOKEN");
    EXPECT_EQ(identity_of(find(variables)->token).value(), "github");
    EXPECT_EQ(identity_of(find({})->token).value(), "projected");
}

// A source that is there and wrong must not be passed over for another identity.
TEST_F(FindIdentityToken, StaysWithASourceThatIsBroken) {
    write("projected", jwt(R"({"sub":"projected"})"));
    auto const not_there = (folder.path() / "none").native();
    for (auto const& found : {find({{"SIGSTORE_ID_TOKEN", "no token"}}),
                              find({}, not_there),
                              find({}, write("empty", "")),
                              find({}, write("broken", "a.b")),
                              find({{"ACTIONS_ID_TOKEN_REQUEST_URL", "https://127.0.0.1:1/"}}),
                              find_at("not a URL")}) {
        ASSERT_FALSE(found.has_value()) << found->from;
        EXPECT_EQ(found.error().kind(), ErrorKind::config) << found.error().text();
    }
}

TEST_F(FindIdentityToken, NeverQuotesWhatItRefuses) {
    auto const found = find({{"SIGSTORE_ID_TOKEN", "s3cr3t-but-no-jwt"}});
    ASSERT_FALSE(found.has_value());
    EXPECT_EQ(found.error().text().find("s3cr3t"), std::string::npos);
    EXPECT_NE(found.error().text().find("SIGSTORE_ID_TOKEN"), std::string::npos);
}

TEST_F(FindIdentityToken, SaysWhatEachSystemNeedsWhenThereIsNone) {
    auto const found = find({});
    ASSERT_FALSE(found.has_value());
    EXPECT_EQ(found.error().kind(), ErrorKind::config);
    for (auto const* const word :
         {"id-token: write", "id_tokens", "CircleCI", "Buildkite", "Tekton", "audience sigstore"})
        EXPECT_NE(found.error().remedy().find(word), std::string::npos) << word;
    auto const at_github = find({{"GITHUB_ACTIONS", "true"}});
    EXPECT_NE(at_github.error().remedy().find("id-token: write"), std::string::npos);
    EXPECT_EQ(at_github.error().remedy().find("GitLab"), std::string::npos);
    auto const at_gitlab = find({{"GITLAB_CI", "true"}, {"KUBERNETES_SERVICE_HOST", "10.0.0.1"}});
    EXPECT_NE(at_gitlab.error().remedy().find("id_tokens"), std::string::npos);
}

TEST_F(FindIdentityToken, AsksGitHubForTheAudienceWithTheRunnersToken) {
    LoopbackServer github(world.context, [](Received const&) {
        return Answer::json(200, answer_with(jwt(R"({"sub":"repo:a/b"})")));
    });
    for (auto const& [path, target] :
         {std::pair("/token?api-version=2.0", "/token?api-version=2.0&audience=sigstore"),
          std::pair("/token", "/token?audience=sigstore")}) {
        auto const found = find_at(github.url() + path);
        ASSERT_TRUE(found.has_value()) << found.error().text();
        EXPECT_EQ(found->from, "GitHub's token service");
        auto const& received = github.received().back();
        EXPECT_EQ(received.method, "GET");
        EXPECT_EQ(received.target, target);
        EXPECT_EQ(received.headers.at("authorization"), "bearer runner-token");
    }
}

TEST_F(FindIdentityToken, SendsTheRunnersTokenOverHttpsAlone) {
    auto const found = find_at("http://pipelines.example/token");
    ASSERT_FALSE(found.has_value());
    EXPECT_EQ(found.error().kind(), ErrorKind::config);
    EXPECT_NE(found.error().text().find("ACTIONS_ID_TOKEN_REQUEST_URL"), std::string::npos);
}

TEST_F(FindIdentityToken, FollowsGitHubNowhere) {
    TestWorld other_world;
    LoopbackServer other(other_world.context, [](Received const&) {
        return Answer::json(200, answer_with(jwt(R"({"sub":"other"})")));
    });
    LoopbackServer github(world.context, [&](Received const&) {
        auto answer = Answer::text(302, "");
        answer.headers = {{"Location", other.url()}};
        return answer;
    });
    EXPECT_FALSE(find_at(github.url()).has_value());
    EXPECT_EQ(other.connections(), 0U);
}

TEST_F(FindIdentityToken, RefusesOddAnswersOfGitHub) {
    struct Row {
        char const* what;
        Answer answer;
        ErrorKind kind;
    };
    Row const rows[] = {
        {"no permission", Answer::text(403, ""), ErrorKind::denied},
        {"no JSON", Answer::text(200, "<html>"), ErrorKind::protocol},
        {"no value", Answer::json(200, "{}"), ErrorKind::protocol},
        {"no JWT", Answer::json(200, answer_with("abc")), ErrorKind::config},
        {"too much",
         Answer::json(200, answer_with(std::string(limits::token_bytes, 'a'))),
         ErrorKind::limit},
        {"broken for good", Answer::text(500, ""), ErrorKind::unreachable},
    };
    for (auto const& row : rows) {
        LoopbackServer github(world.context, [&](Received const&) { return row.answer; });
        auto const found = find_at(github.url());
        ASSERT_FALSE(found.has_value()) << row.what;
        EXPECT_EQ(found.error().kind(), row.kind) << row.what << ": " << found.error().text();
        EXPECT_EQ(found.error().text().find("runner-token"), std::string::npos) << row.what;
    }
}

} // namespace
} // namespace clairgate::sign
