#include "../../src/sign/timestamp.hpp"
#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>

#include <gtest/gtest.h>

#include <sign/sigstore_peers.hpp>
#include <support/loopback_server.hpp>
#include <support/test_world.hpp>

namespace clairgate::sign {
namespace {

using test::Answer;
using test::LoopbackServer;
using test::OpensslAuthority;
using test::Received;
using test::TestWorld;

std::string const signature = "a signature";
std::string const nonce = nonce_of("0123456789abcdef");

std::string request() {
    return timestamp_request(signature, nonce).value();
}

TEST(NonceOf, IsAPositiveNumberOfItsLength) {
    for (auto const& bytes : {std::string(2, '\0'), std::string(2, '\xFF'), std::string("ab")}) {
        auto const number = nonce_of(bytes);
        EXPECT_EQ(number.size(), 2U);
        EXPECT_EQ(static_cast<unsigned char>(number[0]) & 0xC0U, 0x40U);
        EXPECT_EQ(number[1], bytes[1]);
    }
}

TEST(CheckTimestamp, TakesTheAnswerToOurRequest) {
    OpensslAuthority authority;
    auto const answer = authority.stamp(request());
    auto const checked = check_timestamp(answer, signature, nonce);
    EXPECT_TRUE(checked.has_value()) << checked.error().text();
    EXPECT_TRUE(authority.verifies(answer, signature));
    EXPECT_NE(answer.find(authority.certificate_der()), std::string::npos) << "certReq";
}

TEST(CheckTimestamp, RefusesTheAnswerToAnotherRequest) {
    OpensslAuthority authority;
    auto const answer = authority.stamp(request());
    for (auto const& checked :
         {check_timestamp(answer, "another signature", nonce),
          check_timestamp(answer, signature, nonce_of("other")),
          check_timestamp(answer, signature, nonce + "x"),
          check_timestamp(
              authority.stamp(authority.request_without_nonce(signature)), signature, nonce)}) {
        ASSERT_FALSE(checked.has_value());
        EXPECT_EQ(checked.error().kind(), ErrorKind::integrity) << checked.error().text();
    }
}

TEST(CheckTimestamp, SaysWhyTheAuthorityRefuses) {
    OpensslAuthority authority;
    auto const checked = check_timestamp(authority.refuse_to_stamp(request()), signature, nonce);
    ASSERT_FALSE(checked.has_value());
    EXPECT_EQ(checked.error().kind(), ErrorKind::denied);
    EXPECT_NE(checked.error().text().find("digest"), std::string::npos) << checked.error().text();
}

// cosign refuses what is granted with modifications, so it is worth nothing to us either.
TEST(CheckTimestamp, WantsItGrantedAsAsked) {
    OpensslAuthority authority;
    auto answer = authority.stamp(request());
    std::string const granted("\x30\x03\x02\x01\x00", 5);
    auto const at = answer.find(granted);
    ASSERT_NE(at, std::string::npos);
    answer[at + 4] = '\x01';
    auto const checked = check_timestamp(answer, signature, nonce);
    ASSERT_FALSE(checked.has_value());
    EXPECT_EQ(checked.error().kind(), ErrorKind::denied);
}

TEST(CheckTimestamp, RefusesWhatIsCutOrGoesOn) {
    OpensslAuthority authority;
    auto const answer = authority.stamp(request());
    for (std::size_t size = 0; size < answer.size(); ++size)
        ASSERT_FALSE(check_timestamp(answer.substr(0, size), signature, nonce).has_value()) << size;
    EXPECT_FALSE(check_timestamp(answer + '\0', signature, nonce).has_value());
    EXPECT_FALSE(check_timestamp("<html>", signature, nonce).has_value());
    EXPECT_FALSE(check_timestamp(request(), signature, nonce).has_value());
}

TEST(CheckTimestamp, SurvivesEveryChangedByte) {
    OpensslAuthority authority;
    auto const answer = authority.stamp(request());
    for (std::size_t i = 0; i < answer.size(); ++i) {
        auto changed = answer;
        changed[i] = static_cast<char>(changed[i] ^ 0x55);
        // Inside of the authority's own signature we do not look; nothing may crash anywhere.
        auto const checked = check_timestamp(changed, signature, nonce);
        EXPECT_TRUE(checked.has_value() || !checked.error().message().empty());
    }
}

struct Stamping {
    explicit Stamping(LoopbackServer::Handler handler)
        : server(world.context, std::move(handler)) {}
    Result<std::string> stamp() { return stamp(server.url() + "/api/v1/timestamp"); }
    Result<std::string> stamp(std::string url) {
        return world.run(
            fetch_timestamp(world.world,
                            {std::move(url), 1, "operator"},
                            signature,
                            Deadline::after(world.clock, std::chrono::milliseconds(1500))));
    }
    TestWorld world;
    LoopbackServer server;
};

TEST(FetchTimestamp, KeepsTheAnswerAsItIs) {
    OpensslAuthority authority;
    std::string served;
    for (int const status : {200, 201}) {
        Stamping stamping([&](Received const& r) {
            served = authority.stamp(r.body);
            auto answer = Answer::text(status, served);
            answer.headers = {{"Content-Type", "application/timestamp-reply"}};
            return answer;
        });
        auto const timestamp = stamping.stamp();
        ASSERT_TRUE(timestamp.has_value()) << timestamp.error().text();
        EXPECT_EQ(*timestamp, served);
        EXPECT_TRUE(authority.verifies(*timestamp, signature));
        auto const& received = stamping.server.received().front();
        EXPECT_EQ(received.method, "POST");
        EXPECT_EQ(received.target, "/api/v1/timestamp");
        EXPECT_EQ(received.headers.at("content-type"), "application/timestamp-query");
    }
}

TEST(FetchTimestamp, AsksWithAnotherNonceEachTime) {
    OpensslAuthority authority;
    Stamping stamping(
        [&](Received const& r) { return Answer::text(200, authority.stamp(r.body)); });
    ASSERT_TRUE(stamping.stamp().has_value());
    ASSERT_TRUE(stamping.stamp().has_value());
    EXPECT_NE(stamping.server.received()[0].body, stamping.server.received()[1].body);
}

TEST(FetchTimestamp, RefusesTheAnswersToOthers) {
    OpensslAuthority authority;
    auto const of_other = timestamp_request("another signature", nonce).value();
    for (auto const& asked : {request(), of_other}) { // neither has the nonce of this exchange
        Stamping stamping(
            [&](Received const&) { return Answer::text(200, authority.stamp(asked)); });
        auto const timestamp = stamping.stamp();
        ASSERT_FALSE(timestamp.has_value());
        EXPECT_EQ(timestamp.error().kind(), ErrorKind::integrity);
        EXPECT_EQ(stamping.server.received().size(), 1U);
    }
}

TEST(FetchTimestamp, RefusesOtherAnswers) {
    struct Row {
        Answer answer;
        ErrorKind kind;
    };
    for (auto const& row :
         {Row{Answer::text(400, ""), ErrorKind::protocol},
          Row{Answer::text(302, ""), ErrorKind::protocol},
          Row{Answer::text(401, ""), ErrorKind::denied},
          Row{Answer::text(200, "<html>"), ErrorKind::protocol},
          Row{Answer::text(200, std::string(64 * limits::kib + 1, '0')), ErrorKind::limit}}) {
        Stamping stamping([&](Received const&) { return row.answer; });
        auto const timestamp = stamping.stamp();
        ASSERT_FALSE(timestamp.has_value()) << row.answer.status;
        EXPECT_EQ(timestamp.error().kind(), row.kind) << timestamp.error().text();
        EXPECT_EQ(stamping.server.received().size(), 1U) << row.answer.status;
    }
}

TEST(FetchTimestamp, TriesAgainWhatPasses) {
    OpensslAuthority authority;
    int tries = 0;
    Stamping stamping([&](Received const& r) {
        return ++tries == 1 ? Answer::text(503, "") : Answer::text(200, authority.stamp(r.body));
    });
    EXPECT_TRUE(stamping.stamp().has_value());
}

TEST(FetchTimestamp, AsksOverHttpsAlone) {
    Stamping stamping([](Received const&) { return Answer::text(200, ""); });
    auto const timestamp = stamping.stamp("http://tsa.example/api/v1/timestamp");
    ASSERT_FALSE(timestamp.has_value());
    EXPECT_EQ(timestamp.error().kind(), ErrorKind::config);
}

} // namespace
} // namespace clairgate::sign
