#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>

#include <gtest/gtest.h>

#include <sign/log_sample.hpp>
#include <sign/sigstore_peers.hpp>
#include <support/loopback_server.hpp>
#include <support/test_world.hpp>

namespace clairgate::sign {
namespace {

using nlohmann::json;
using test::Answer;
using test::LoopbackServer;
using test::Received;
using test::TestWorld;

struct Logging {
    explicit Logging(LoopbackServer::Handler handler) : server(world.context, std::move(handler)) {}
    Result<std::string> log(unsigned version) { return log(version, server.url()); }
    Result<std::string> log(unsigned version, std::string url) {
        return world.run(
            log_signature(world.world,
                          {std::move(url), version, "operator"},
                          request,
                          Deadline::after(world.clock, std::chrono::milliseconds(1500))));
    }
    LogRequest request = log_sample();
    TestWorld world;
    LoopbackServer server;
};

Answer conflict_at(std::string const& location) {
    auto answer = Answer::json(409, R"({"code":409,"message":"an equivalent entry exists"})");
    if (!location.empty())
        answer.headers.emplace_back("Location", location);
    return answer;
}

TEST(LogSignature, PostsAHashedrekordToV2) {
    Logging logging([](Received const& r) { return Answer::json(201, test::log_entry(r.body)); });
    auto const entry = logging.log(2);
    ASSERT_TRUE(entry.has_value()) << entry.error().text();
    EXPECT_EQ(json::parse(*entry).at("logIndex"), "7");
    ASSERT_EQ(logging.server.received().size(), 1U);
    auto const& received = logging.server.received().front();
    EXPECT_EQ(received.method, "POST");
    EXPECT_EQ(received.target, "/api/v2/log/entries");
    EXPECT_EQ(received.headers.at("content-type"), "application/json");
    EXPECT_EQ(received.body, hashedrekord_request(log_sample()));
}

TEST(LogSignature, PostsTheEnvelopeToV1) {
    Logging logging(
        [](Received const& r) { return Answer::json(201, test::old_log_entry(r.body)); });
    auto const entry = logging.log(1);
    ASSERT_TRUE(entry.has_value()) << entry.error().text();
    EXPECT_EQ(json::parse(*entry).at("logIndex"), "123456789");
    auto const& received = logging.server.received().front();
    EXPECT_EQ(received.method, "POST");
    EXPECT_EQ(received.target, "/api/v1/log/entries");
    EXPECT_EQ(received.body, dsse_request(log_sample()));
}

// The first try came through, its answer did not: v1 then says where the entry is.
TEST(LogSignature, FetchesTheEntryThatV1HasAlready) {
    std::string posted;
    Logging logging([&](Received const& r) {
        if (r.method == "GET")
            return Answer::json(200, test::old_log_entry(posted));
        bool const is_first = posted.empty();
        posted = r.body;
        auto lost = Answer::text(201, "{}");
        lost.fault = Answer::Fault::reset_in_body;
        return is_first ? lost : conflict_at("/api/v1/log/entries/108e9186e8c5677a");
    });
    auto const entry = logging.log(1);
    ASSERT_TRUE(entry.has_value()) << entry.error().text();
    ASSERT_EQ(logging.server.received().size(), 3U);
    EXPECT_EQ(logging.server.received()[2].target, "/api/v1/log/entries/108e9186e8c5677a");
}

TEST(LogSignature, FollowsAConflictToItsOwnOriginAlone) {
    TestWorld other_world;
    LoopbackServer other(other_world.context, [](Received const&) {
        return Answer::json(200, test::old_log_entry(dsse_request(log_sample())));
    });
    for (auto const& location : {other.url() + "/api/v1/log/entries/1",
                                 cat("//", other.host(), "/1"),
                                 std::string("https://user@127.0.0.1/1"),
                                 std::string("file:///etc/passwd")}) {
        Logging logging([&](Received const&) { return conflict_at(location); });
        auto const entry = logging.log(1);
        ASSERT_FALSE(entry.has_value()) << location;
        EXPECT_EQ(entry.error().kind(), ErrorKind::denied) << location;
        EXPECT_EQ(logging.server.received().size(), 1U) << location;
    }
    EXPECT_EQ(other.connections(), 0U);
}

TEST(LogSignature, RefusesAConflictThatLeadsNowhere) {
    Logging without([](Received const&) { return conflict_at(""); });
    EXPECT_EQ(without.log(1).error().kind(), ErrorKind::protocol);
    Logging gone([](Received const& r) {
        return r.method == "GET" ? Answer::text(404, "") : conflict_at("/gone");
    });
    EXPECT_EQ(gone.log(1).error().kind(), ErrorKind::not_found);
    Logging other([](Received const& r) {
        auto request = log_sample();
        request.envelope.payload = "{}";
        return r.method == "GET" ? Answer::json(200, test::old_log_entry(dsse_request(request)))
                                 : conflict_at("/other");
    });
    EXPECT_EQ(other.log(1).error().kind(), ErrorKind::integrity);
}

TEST(LogSignature, SaysHowToGoOnWhenV2HasTheEntry) {
    Logging logging([](Received const&) { return conflict_at("/api/v2/log/entries/1"); });
    auto const entry = logging.log(2);
    ASSERT_FALSE(entry.has_value());
    EXPECT_FALSE(entry.error().remedy().empty());
    EXPECT_EQ(logging.server.received().size(), 1U);
}

TEST(LogSignature, TriesAgainWhatPasses) {
    int tries = 0;
    Logging logging([&](Received const& r) {
        return ++tries == 1 ? Answer::text(503, "") : Answer::json(201, test::log_entry(r.body));
    });
    EXPECT_TRUE(logging.log(2).has_value());
    EXPECT_EQ(tries, 2);
}

TEST(LogSignature, RefusesTheEntryOfAnotherDigest) {
    auto other = log_sample();
    other.envelope.payload = "{}";
    Logging logging([&](Received const&) {
        return Answer::json(201, test::log_entry(hashedrekord_request(other)));
    });
    auto const entry = logging.log(2);
    ASSERT_FALSE(entry.has_value());
    EXPECT_EQ(entry.error().kind(), ErrorKind::integrity);
    EXPECT_EQ(logging.server.received().size(), 1U);
}

TEST(LogSignature, RefusesOtherAnswers) {
    struct Row {
        Answer answer;
        ErrorKind kind;
    };
    for (unsigned const version : {1U, 2U}) {
        for (auto const& row :
             {Row{Answer::text(400, ""), ErrorKind::protocol},
              Row{Answer::text(200, "{}"), ErrorKind::protocol},
              Row{Answer::text(302, ""), ErrorKind::protocol},
              Row{Answer::text(413, ""), ErrorKind::protocol},
              Row{Answer::text(403, ""), ErrorKind::denied},
              Row{Answer::text(201, std::string(limits::mib + 1, ' ')), ErrorKind::limit}}) {
            Logging logging([&](Received const&) { return row.answer; });
            auto const entry = logging.log(version);
            ASSERT_FALSE(entry.has_value()) << row.answer.status;
            EXPECT_EQ(entry.error().kind(), row.kind) << entry.error().text();
            EXPECT_EQ(logging.server.received().size(), 1U) << row.answer.status;
        }
    }
}

TEST(LogSignature, SendsNothingThatIsTooLargeForV1) {
    Logging logging([](Received const& r) { return Answer::json(201, test::log_entry(r.body)); });
    logging.request.envelope.payload.assign(limits::mib, 'x');
    auto const entry = logging.log(1);
    ASSERT_FALSE(entry.has_value());
    EXPECT_EQ(entry.error().kind(), ErrorKind::limit);
    EXPECT_EQ(logging.server.connections(), 0U);
    EXPECT_TRUE(logging.log(2).has_value());
    EXPECT_LT(logging.server.received().front().body.size(), 1024U);
}

TEST(LogSignature, RefusesPlainHttpAndUnknownApis) {
    Logging logging([](Received const&) { return Answer::text(500, ""); });
    EXPECT_EQ(logging.log(2, "http://rekor.example").error().kind(), ErrorKind::config);
    EXPECT_EQ(logging.log(3).error().kind(), ErrorKind::config);
    EXPECT_EQ(logging.server.connections(), 0U);
}

} // namespace
} // namespace clairgate::sign
