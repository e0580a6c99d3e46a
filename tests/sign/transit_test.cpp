#include <clairgate/base/bytes.hpp>
#include <clairgate/base/json.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/sign/transit.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sign/fake_transit.hpp>
#include <sign/sample_keys.hpp>

namespace clairgate::sign {
namespace {

using test::Answer;
using test::Received;

struct Asking {
    Asking() { fake.add("key", "ecdsa-p256", fake.peer.p256()); }
    Transit transit(std::string_view key = "key") {
        return Transit(fake.world.world,
                       transit_place(fake.world.environment, cat("hashivault://", key)).value());
    }
    Result<TransitKey> newest(std::string_view key = "key") {
        auto asked = transit(key);
        return fake.world.run(asked.newest_key(fake.deadline()));
    }
    Result<std::string> sign(TransitKey const& key) {
        auto asked = transit();
        return fake.world.run(asked.sign(key, "message", fake.deadline()));
    }
    void answer(int status, std::string body) {
        fake.instead = [status, body](Received const&) { return Answer::json(status, body); };
    }
    // What was said to people.
    std::string said(Error const& error) const {
        auto all = cat(error.text(), error.remedy());
        for (auto const& event : fake.world.events)
            all += to_text_line(event);
        return all;
    }
    FakeTransit fake;
};

TEST(Transit, AsksForTheKeyAsTheServiceIsAsked) {
    Asking asking;
    ASSERT_TRUE(asking.newest().has_value());
    ASSERT_EQ(asking.fake.received().size(), 1U);
    auto const& request = asking.fake.received()[0];
    EXPECT_EQ(request.method, "GET");
    EXPECT_EQ(request.target, "/v1/transit/keys/key");
    EXPECT_EQ(request.headers.at("x-vault-token"), FakeTransit::token);
    EXPECT_FALSE(request.headers.contains("authorization"));
    EXPECT_FALSE(request.headers.contains("x-vault-namespace"));
}

TEST(Transit, SendsTheHashAndNotTheMessage) {
    Asking asking;
    auto const key = asking.newest().value();
    ASSERT_TRUE(asking.sign(key).has_value());
    auto const& request = asking.fake.received().back();
    EXPECT_EQ(request.target, "/v1/transit/sign/key/sha2-256");
    EXPECT_EQ(json::parse(request.body).value(),
              (nlohmann::json{{"input", to_base64(sha256("message"))},
                              {"key_version", 1},
                              {"prehashed", true}}));
}

TEST(Transit, GoesToItsMountAndNamespace) {
    Asking asking;
    asking.fake.world.environment =
        io::Environment({{"VAULT_ADDR", asking.fake.url() + "/behind/"},
                         {"VAULT_TOKEN", "t"},
                         {"VAULT_NAMESPACE", "team/a"},
                         {"TRANSIT_SECRET_ENGINE_PATH", "team/signing"}});
    EXPECT_FALSE(asking.newest().has_value());
    auto const& request = asking.fake.received().back();
    EXPECT_EQ(request.target, "/behind/v1/team/signing/keys/key");
    EXPECT_EQ(request.headers.at("x-vault-namespace"), "team/a");
}

TEST(Transit, ExplainsARefusal) {
    Asking asking;
    auto const missing = asking.newest("other").error();
    EXPECT_EQ(missing.kind(), ErrorKind::config);
    EXPECT_NE(missing.text().find("other"), std::string::npos);
    asking.answer(403, R"({"errors":["permission denied"]})");
    auto const denied = asking.newest().error();
    EXPECT_EQ(denied.kind(), ErrorKind::denied);
    EXPECT_NE(denied.text().find("permission denied"), std::string::npos);
    EXPECT_NE(denied.remedy().find("transit/keys/key"), std::string::npos);
    asking.answer(400, R"({"errors":["unsupported"]})");
    EXPECT_EQ(asking.newest().error().kind(), ErrorKind::protocol);
}

TEST(Transit, NeverRepeatsTheToken) {
    Asking asking;
    auto const key = asking.newest().value();
    auto const token = std::string(FakeTransit::token);
    for (int const status : {200, 400, 403, 404}) {
        for (auto const& body : {cat(R"({"errors":["bad )", token, R"("]})"),
                                 cat(R"({"errors":["bad \u0068)", token.substr(1), R"("]})"),
                                 cat(R"({"error":")", token, R"("})"),
                                 cat(R"({")", token, R"(":1,")", token, R"(":2})"),
                                 cat(R"({"data":{"type":")", token, R"("}})")}) {
            asking.answer(status, body);
            EXPECT_EQ(asking.said(asking.newest().error()).find(token), std::string::npos) << body;
            EXPECT_EQ(asking.said(asking.sign(key).error()).find(token), std::string::npos) << body;
        }
    }
    asking.fake.instead = [token](Received const&) { return Answer::text(400, "bad " + token); };
    EXPECT_EQ(asking.said(asking.newest().error()).find(token), std::string::npos);
    EXPECT_FALSE(asking.fake.world.events.empty()); // at the level of debugging too
}

TEST(Transit, FollowsNoRedirect) {
    Asking asking;
    test::LoopbackServer other(asking.fake.world.context,
                               [](Received const&) { return Answer::json(200, "{}"); });
    for (int const status : {301, 302, 307, 308}) {
        asking.fake.instead = [&](Received const&) {
            auto answer = Answer::text(status, "");
            answer.headers.emplace_back("Location", other.url() + "/v1/transit/keys/key");
            return answer;
        };
        auto const error = asking.newest().error();
        EXPECT_EQ(error.kind(), ErrorKind::protocol);
        EXPECT_NE(error.remedy().find("redirect"), std::string::npos);
    }
    EXPECT_TRUE(other.received().empty());
}

TEST(Transit, TriesAgainWhenTheServiceIsSealedForAMoment) {
    Asking asking;
    int count = 0;
    asking.fake.instead = [&count](Received const&) {
        return ++count == 1 ? std::optional(Answer::json(503, R"({"errors":["sealed"]})"))
                            : std::nullopt;
    };
    EXPECT_TRUE(asking.newest().has_value());
    EXPECT_EQ(count, 2);
}

TEST(Transit, RefusesKeysThatItCannotVerify) {
    Asking asking;
    asking.fake.add("p521", "ecdsa-p521", asking.fake.peer.p256());
    asking.fake.add("symmetric", "aes256-gcm96", asking.fake.peer.p256());
    for (auto const* name : {"p521", "symmetric"}) {
        auto const error = asking.newest(name).error();
        EXPECT_EQ(error.kind(), ErrorKind::config) << name;
        EXPECT_NE(error.remedy().find("ecdsa-p256"), std::string::npos);
    }
    asking.fake.add("weak", "rsa-2048", asking.fake.peer.rsa("1024"));
    EXPECT_FALSE(asking.newest("weak").has_value());
    asking.fake.add("liar", "ecdsa-p384", asking.fake.peer.p256());
    EXPECT_EQ(asking.newest("liar").error().kind(), ErrorKind::protocol);
}

TEST(Transit, RefusesAnswersThatAreNone) {
    Asking asking;
    auto const key = asking.newest().value();
    for (auto const* body :
         {"",
          "text",
          "[]",
          "{}",
          R"({"data":null})",
          R"({"data":{"type":1}})",
          R"({"data":{"type":"ed25519"}})",
          R"({"data":{"type":"ed25519","latest_version":0,"keys":{}}})",
          R"({"data":{"type":"ed25519","latest_version":1,"keys":{}}})",
          R"({"data":{"type":"ed25519","latest_version":1,"keys":{"1":1700000000}}})",
          R"({"data":{"type":"ed25519","latest_version":1,"keys":{"1":{"public_key":"!"}}}})",
          R"({"data":{"type":"ed25519","latest_version":1,"keys":{"1":{"public_key":""}}}})",
          R"({"data":{"type":"ed25519","latest_version":-1,"keys":{"1":{"public_key":""}}}})",
          R"({"data":{"type":"ed25519","latest_version":4294967297,"keys":{"4294967297":{}}}})",
          R"({"data":{"signature":1}})",
          R"({"data":{"signature":""}})",
          R"({"data":{"signature":"AAAA"}})",
          R"({"data":{"signature":"vault:v2:AAAA"}})",
          R"({"data":{"signature":"vault:v1"}})",
          R"({"data":{"signature":"vault:v1:A-A_"}})"}) {
        asking.answer(200, body);
        EXPECT_EQ(asking.newest().error().kind(), ErrorKind::protocol) << body;
        EXPECT_EQ(asking.sign(key).error().kind(), ErrorKind::protocol) << body;
    }
    asking.answer(200, std::string(2'000'000, ' '));
    EXPECT_EQ(asking.newest().error().kind(), ErrorKind::limit);
    asking.answer(204, "");
    EXPECT_FALSE(asking.newest().has_value());
}

TEST(Transit, GivesUpAtTheDeadline) {
    Asking asking;
    asking.fake.instead = [](Received const&) {
        Answer answer;
        answer.fault = Answer::Fault::stall;
        return answer;
    };
    auto transit = asking.transit();
    auto const deadline = Deadline::after(asking.fake.world.clock, std::chrono::milliseconds(200));
    EXPECT_EQ(asking.fake.world.run(transit.newest_key(deadline)).error().kind(),
              ErrorKind::timeout);
}

} // namespace
} // namespace clairgate::sign
