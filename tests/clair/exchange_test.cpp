#include <clairgate/base/text.hpp>
#include <clairgate/clair/exchange.hpp>

#include <gtest/gtest.h>

#include <clair/scripted_clair.hpp>

namespace clairgate::clair {
namespace {

using test::Answer;
using test_support::ScriptedClair;

Result<std::string> probed(ScriptedClair& scripted) {
    auto const deadline = Deadline::after(scripted.world.clock, std::chrono::seconds(20));
    return scripted.world.run(probe(scripted.world.world, scripted.options, deadline));
}

TEST(Exchange, KeepsThePathOfTheApisRoot) {
    ScriptedClair scripted;
    for (std::string const root : {"/", "/scan/clair", "/scan/clair/"}) {
        scripted.options.url = io::Url::parse(scripted.clair->url() + root).value();
        scripted.hook = [](auto const&, int) { return Answer::json(200, R"({"state":"s"})"); };
        EXPECT_EQ(probed(scripted).value(), "s");
        auto const wanted =
            (root == "/" ? "" : "/scan/clair") + std::string("/indexer/api/v1/index_state");
        EXPECT_EQ(scripted.clair->received().back().target, wanted);
    }
}

TEST(Exchange, SendsNoTokenWithoutAKey) {
    ScriptedClair scripted;
    EXPECT_TRUE(probed(scripted).has_value());
    EXPECT_FALSE(scripted.clair->received().back().headers.contains("authorization"));
}

TEST(Exchange, SendsATokenWithEachRequestAndNeverLogsIt) {
    ScriptedClair scripted;
    scripted.options.psk = Secret("the key");
    EXPECT_TRUE(probed(scripted).has_value());
    auto const& header = scripted.clair->received().back().headers.at("authorization");
    ASSERT_TRUE(header.starts_with("Bearer ey")) << header;
    auto const token = header.substr(7);
    for (auto const& event : scripted.world.events) {
        EXPECT_EQ(to_text_line(event).find(token), std::string::npos);
        EXPECT_EQ(to_text_line(event).find("the key"), std::string::npos);
    }
}

TEST(Exchange, MintsAgainOnceAfter401AndIsDeniedThen) {
    ScriptedClair scripted;
    scripted.options.psk = Secret("the key");
    scripted.hook = [](auto const&, int nth) {
        return nth == 1 ? std::optional(Answer::text(401, "")) : std::nullopt;
    };
    EXPECT_TRUE(probed(scripted).has_value());
    EXPECT_EQ(scripted.clair->received().size(), 2U);
    scripted.hook = [](auto const&, int) { return Answer::text(401, ""); };
    auto const denied = probed(scripted);
    EXPECT_EQ(denied.error().kind(), ErrorKind::denied);
    EXPECT_NE(denied.error().remedy().find("--clair-psk-issuer"), std::string::npos);
    EXPECT_NE(denied.error().remedy().find("clock"), std::string::npos);
    EXPECT_EQ(scripted.clair->received().size(), 4U);
}

TEST(Exchange, NamesTheKeysFlagWhereClairWantsATokenAndThereIsNone) {
    ScriptedClair scripted;
    scripted.hook = [](auto const&, int) { return Answer::text(401, ""); };
    auto const denied = probed(scripted);
    EXPECT_EQ(denied.error().kind(), ErrorKind::denied);
    EXPECT_NE(denied.error().remedy().find("--clair-psk-file"), std::string::npos);
    EXPECT_EQ(scripted.clair->received().size(), 1U);
}

TEST(Exchange, TriesAgainWhenClairBrokeOffAfterTheStatusLine) {
    ScriptedClair scripted;
    scripted.hook = [](auto const&, int nth) -> std::optional<Answer> {
        if (nth > 1)
            return std::nullopt;
        Answer broken;
        broken.raw = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Clair-Error\r\n\r\n"
                     "d\r\n{\"state\":\"x\"}\r\n0\r\nClair-Error: encoding failed\r\n\r\n";
        return broken;
    };
    EXPECT_EQ(probed(scripted).value(), "0123456789abcdef");
    EXPECT_EQ(scripted.clair->received().size(), 2U);
}

TEST(Exchange, FollowsNoRedirect) {
    ScriptedClair scripted;
    scripted.hook = [&](auto const&, int) {
        auto answer = Answer::text(302, "");
        answer.headers.emplace_back("Location", scripted.registry_server->url() + "/evil");
        return answer;
    };
    EXPECT_EQ(probed(scripted).error().kind(), ErrorKind::protocol);
    EXPECT_TRUE(scripted.registry_server->received().empty());
}

TEST(Exchange, NamesTheUrlsFlagWhenNobodyAnswers) {
    ScriptedClair scripted;
    std::uint16_t free_port = 0;
    {
        test::LoopbackServer const gone(scripted.world.context,
                                        [](auto const&) { return Answer(); });
        free_port = gone.port();
    }
    scripted.options.url = io::Url::parse(cat("http://127.0.0.1:", free_port)).value();
    auto const deadline = Deadline::after(scripted.world.clock, std::chrono::milliseconds(300));
    auto const gone = scripted.world.run(probe(scripted.world.world, scripted.options, deadline));
    EXPECT_EQ(gone.error().kind(), ErrorKind::unreachable);
    EXPECT_NE(gone.error().remedy().find("--clair-url"), std::string::npos);
}

} // namespace
} // namespace clairgate::clair
