// One exchange with a peer that is hostile or broken: what arrives, and what is refused.
#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/io/http.hpp>

#include <gtest/gtest.h>

#include <support/loopback_server.hpp>
#include <support/test_world.hpp>

namespace clairgate::io {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::Answer;
using test::LoopbackServer;
using test::Received;
using test::TestWorld;

// One request to a server that always answers the same.
struct Exchange {
    explicit Exchange(Answer answer)
        : server(world.context, [answer](Received const&) { return answer; }) {}
    Request get() const { return Request::get(Url::parse(server.url() + "/x").value()); }
    Result<Response> send(Request request, Duration time = seconds(10)) {
        auto const deadline = Deadline::after(world.clock, time);
        return world.run(world.http->send(std::move(request), deadline));
    }
    TestWorld world;
    LoopbackServer server;
};

Result<Response> answered(std::string bytes) {
    Answer answer;
    answer.raw = std::move(bytes);
    Exchange exchange(std::move(answer));
    return exchange.send(exchange.get());
}

TEST(Transfer, TakesABodyUpToTheCap) {
    Exchange exchange(Answer::text(200, std::string(1000, 'x')));
    EXPECT_EQ(exchange.send(exchange.get().body_bytes_max(1000)).value().body.size(), 1000U);
    auto const error = exchange.send(exchange.get().body_bytes_max(999)).error();
    EXPECT_EQ(error.kind(), ErrorKind::limit);
    EXPECT_EQ(error.text(), cat(exchange.server.url(), "/x answered more than 999 bytes"));
    Exchange empty(Answer::text(200, ""));
    EXPECT_EQ(empty.send(empty.get().body_bytes_max(0)).value().body, "");
}

TEST(Transfer, PutsAndPatchesABodyAndDeletesWithoutOne) {
    Exchange exchange(Answer::text(201, ""));
    auto const url = exchange.get().url;
    std::string const bytes("a\0b", 3);
    for (auto const& body : {bytes, std::string()})
        EXPECT_EQ(exchange.send(Request::put(url, body, "text/plain")).value().status, 201);
    EXPECT_EQ(exchange.send(Request::remove(url)).value().status, 201);
    EXPECT_EQ(exchange.send(Request::patch(url, bytes, "text/plain")).value().status, 201);
    auto const& received = exchange.server.received();
    ASSERT_EQ(received.size(), 4U);
    EXPECT_EQ(received[0].method, "PUT");
    EXPECT_EQ(received[0].body, bytes);
    EXPECT_EQ(received[0].headers.at("content-type"), "text/plain");
    EXPECT_EQ(received[0].headers.at("content-length"), "3");
    EXPECT_FALSE(received[0].headers.contains("transfer-encoding"));
    EXPECT_EQ(received[1].headers.at("content-length"), "0");
    EXPECT_EQ(received[2].method, "DELETE");
    EXPECT_EQ(received[2].body, "");
    EXPECT_EQ(received[3].method, "PATCH");
    EXPECT_EQ(received[3].body, bytes);
    EXPECT_EQ(received[3].headers.at("content-length"), "3");
}

TEST(Transfer, CutsTheBodyOfAnErrorInsteadOfLosingItsStatus) {
    Exchange exchange(Answer::text(404, std::string(1'000'000, 'x')));
    auto const response = exchange.send(exchange.get().body_bytes_max(10)).value();
    EXPECT_EQ(response.status, 404);
    EXPECT_EQ(response.body.size(), limits::error_body_bytes);
}

TEST(Transfer, StopsAChunkedBodyWithoutEnd) {
    std::string bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i < 2000; ++i)
        bytes += "400\r\n" + std::string(1024, 'x') + "\r\n";
    EXPECT_EQ(answered(bytes).error().kind(), ErrorKind::limit);
}

TEST(Transfer, StopsAHugeAnnouncedBody) {
    auto const bytes =
        cat("HTTP/1.1 200 OK\r\nContent-Length: 100000000000\r\n\r\n", std::string(1'100'000, 'x'));
    EXPECT_EQ(answered(bytes).error().kind(), ErrorKind::limit);
}

TEST(Transfer, CapsTheHeaders) {
    std::string flood = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < 6000; ++i)
        flood += cat("X-", i, ": ", std::string(60, 'x'), "\r\n");
    EXPECT_EQ(answered(flood + "\r\n").error().kind(), ErrorKind::limit);
    auto const line =
        answered(cat("HTTP/1.1 200 OK\r\nX: ", std::string(1'000'000, 'x'), "\r\n\r\n"));
    EXPECT_EQ(line.error().kind(), ErrorKind::limit);
    std::string informational;
    for (int i = 0; i < 20'000; ++i)
        informational += "HTTP/1.1 103 Early Hints\r\n\r\n";
    EXPECT_EQ(answered(informational).error().kind(), ErrorKind::limit);
}

TEST(Transfer, RefusesWhatIsNotHttp) {
    std::pair<char const*, std::string> const rows[] = {
        {"NUL in a header",
         std::string("HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n", 47)},
        {"a bare CR in a header",
         "HTTP/1.1 200 OK\r\nX: a\rSet-Cookie: b\r\nContent-Length: 0\r\n\r\n"},
        {"a folded header", "HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n"},
        {"a header without a colon", "HTTP/1.1 200 OK\r\nnonsense\r\nContent-Length: 0\r\n\r\n"},
        {"a header without a name", "HTTP/1.1 200 OK\r\n: a\r\nContent-Length: 0\r\n\r\n"},
        {"white space before the colon", "HTTP/1.1 200 OK\r\nX : a\r\nContent-Length: 0\r\n\r\n"},
        {"HTTP/0.9", "hello"},
        {"another protocol", "SSH-2.0-OpenSSH_9.2\r\n\r\n"},
        {"a status that is none", "HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n"},
        {"a status out of range", "HTTP/1.1 700 OK\r\nContent-Length: 0\r\n\r\n"},
        {"a status of four digits", "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n"},
        {"binary nonsense", "\x01\x02\x03\xFF\xFE\r\n\r\n"},
        {"an encoding nobody asked for",
         "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"},
        {"only an informational answer", "HTTP/1.1 100 Continue\r\n\r\n"},
    };
    for (auto const& [sentence, bytes] : rows) {
        auto const response = answered(bytes);
        ASSERT_FALSE(response.has_value()) << sentence;
        EXPECT_TRUE(response.error().kind() == ErrorKind::protocol ||
                    response.error().kind() == ErrorKind::unreachable)
            << sentence << ": " << response.error().text();
    }
}

TEST(Transfer, KeepsAResponseApartFromBytesBehindIt) {
    auto const split = answered("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
                                "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
    EXPECT_EQ(split.value().body, "ok");
}

TEST(Transfer, DropsInformationalAnswersAndAppendsTrailers) {
    auto const response = answered("HTTP/1.1 103 Early Hints\r\nX-Hint: 1\r\n\r\n"
                                   "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
                                   "Trailer: Clair-Error\r\n\r\n"
                                   "2\r\nok\r\n0\r\nClair-Error: no database\r\n\r\n")
                              .value();
    EXPECT_EQ(response.body, "ok");
    EXPECT_EQ(response.header("x-hint"), std::nullopt);
    EXPECT_EQ(response.header("clair-error"), "no database");
    EXPECT_EQ(response.headers.back().first, "clair-error");
}

TEST(Transfer, ReportsABrokenConnection) {
    std::pair<Answer::Fault, ErrorKind> const rows[] = {
        {Answer::Fault::reset_before_headers, ErrorKind::unreachable},
        {Answer::Fault::reset_in_body, ErrorKind::unreachable},
        {Answer::Fault::truncate, ErrorKind::unreachable},
        {Answer::Fault::garbage, ErrorKind::protocol},
    };
    for (auto const& [fault, kind] : rows) {
        auto answer = Answer::text(200, std::string(1000, 'x'));
        answer.fault = fault;
        Exchange exchange(answer);
        auto const error = exchange.send(exchange.get()).error();
        EXPECT_EQ(error.kind(), kind) << error.text();
        EXPECT_NE(error.text().find(exchange.server.url()), std::string::npos) << error.text();
    }
    auto const cut = answered("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab");
    EXPECT_EQ(cut.error().kind(), ErrorKind::unreachable);
}

TEST(Transfer, GivesUpAtTheDeadlineTheTimeCapAndInSilence) {
    auto answer = Answer::text(200, std::string(1000, 'x'));
    for (auto const fault : {Answer::Fault::stall, Answer::Fault::drip}) {
        answer.fault = fault;
        Exchange exchange(answer);
        auto const late = exchange.send(exchange.get(), milliseconds(100)).error();
        EXPECT_EQ(late.kind(), ErrorKind::timeout);
        auto const capped = exchange.send(exchange.get().time_max(milliseconds(100))).error();
        EXPECT_EQ(capped.kind(), ErrorKind::timeout) << capped.text();
        EXPECT_EQ(exchange.send(exchange.get(), milliseconds(0)).error().kind(),
                  ErrorKind::timeout);
    }
    answer.fault = Answer::Fault::stall;
    Exchange silent(answer);
    auto const start = silent.world.clock.steady();
    auto const error = silent.send(silent.get().silence_max(seconds(1))).error();
    EXPECT_EQ(error.kind(), ErrorKind::timeout);
    EXPECT_LT(silent.world.clock.steady() - start, seconds(5));
}

TEST(Transfer, NeverFollowsARedirect) {
    auto answer = Answer::text(307, "over there");
    answer.headers.emplace_back("Location", "http://127.0.0.1:1/elsewhere");
    Exchange exchange(answer);
    auto const response = exchange.send(exchange.get()).value();
    EXPECT_EQ(response.status, 307);
    EXPECT_EQ(response.header("location"), "http://127.0.0.1:1/elsewhere");
    EXPECT_EQ(response.url.text(), exchange.server.url() + "/x");
}

TEST(Transfer, SendsTheMethodsAndTheirBodies) {
    TestWorld world;
    LoopbackServer server(world.context, [](Received const& received) {
        return Answer::text(received.method == "DELETE" ? 204 : 200, std::string(2'000'000, 'x'));
    });
    auto const url = Url::parse(server.url()).value();
    auto const send = [&](Request request) {
        return world.run(
            world.http->send(std::move(request), Deadline::after(world.clock, seconds(10))));
    };
    auto const head = send(Request::head(url)).value(); // its length is not held against the cap
    EXPECT_EQ(head.body, "");
    EXPECT_EQ(head.header("content-length"), "2000000");
    std::string const large(3'000'000, 'y');
    EXPECT_EQ(
        send(Request::post(url, large, "text/plain").body_bytes_max(2'000'000)).value().status,
        200);
    EXPECT_EQ(send(Request::post(url, "", "text/plain").body_bytes_max(2'000'000)).value().status,
              200);
    EXPECT_EQ(server.received()[0].method, "HEAD");
    EXPECT_EQ(server.received()[1].body, large);
    EXPECT_EQ(server.received()[1].headers.at("content-type"), "text/plain");
    EXPECT_EQ(server.received()[2].headers.at("content-length"), "0");
    TestWorld other;
    LoopbackServer deleting(other.context, [](auto&) { return Answer::text(204, ""); });
    auto const gone =
        other.run(other.http->send(Request::remove(Url::parse(deleting.url()).value()),
                                   Deadline::after(other.clock, seconds(9))));
    EXPECT_EQ(gone.value().status, 204);
    EXPECT_EQ(deleting.received().front().method, "DELETE");
}

TEST(Transfer, RefusesHeadersOfOursThatBreakTheLine) {
    Exchange exchange(Answer::text(200, "x"));
    std::pair<std::string, std::string> const rows[] = {
        {"X", "a\r\nEvil: 1"},
        {"X", "a\nb"},
        {"X", std::string("a\0b", 3)},
        {"X\r\nEvil", "1"},
        {"", "1"},
        {"X Y", "1"},
        {"X:", "1"},
    };
    for (auto const& [name, value] : rows)
        EXPECT_EQ(exchange.send(exchange.get().header(name, value)).error().kind(),
                  ErrorKind::usage);
    auto const secret = exchange.send(exchange.get().authorization(Secret("Basic x\r\nEvil: 1")));
    EXPECT_EQ(secret.error().text(), "the credential holds a line break");
    for (auto const& [name, value] : rows) {
        auto const refused = exchange.send(exchange.get().secret_header(name, Secret(value)));
        ASSERT_FALSE(refused.has_value());
        EXPECT_EQ(refused.error().kind(), ErrorKind::usage);
        EXPECT_EQ(refused.error().text().find("Evil: 1"), std::string::npos);
    }
    EXPECT_TRUE(exchange.server.received().empty());
    EXPECT_TRUE(exchange.send(exchange.get().header("X-Empty", "")).has_value());
    EXPECT_EQ(exchange.server.received().front().headers.at("x-empty"), "");
}

TEST(Transfer, ShowsASecretHeaderToItsOriginAlone) {
    Exchange exchange(Answer::text(200, "x"));
    auto request = exchange.get().secret_header("X-Token", Secret("hidden"));
    auto const there = request.url;
    ASSERT_TRUE(exchange.send(request).has_value());
    request.url.target = "/elsewhere";
    ASSERT_TRUE(exchange.send(request).has_value());
    auto elsewhere = exchange.get();
    elsewhere.url = Url::parse("https://other.example/").value();
    elsewhere = std::move(elsewhere).secret_header("X-Token", Secret("hidden"));
    elsewhere.url = there;
    ASSERT_TRUE(exchange.send(elsewhere).has_value());
    auto const received = exchange.server.received();
    EXPECT_EQ(received.at(0).headers.at("x-token"), "hidden");
    EXPECT_EQ(received.at(1).headers.at("x-token"), "hidden");
    EXPECT_FALSE(received.at(2).headers.contains("x-token"));
}

TEST(Transfer, KeepsNoCookies) {
    auto answer = Answer::text(200, "x");
    answer.headers.emplace_back("Set-Cookie", "a=b; Path=/");
    Exchange exchange(answer);
    ASSERT_TRUE(exchange.send(exchange.get()).has_value());
    ASSERT_TRUE(exchange.send(exchange.get()).has_value());
    EXPECT_EQ(exchange.server.received()[1].headers.count("cookie"), 0U);
}

} // namespace
} // namespace clairgate::io
