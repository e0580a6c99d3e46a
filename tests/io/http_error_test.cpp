#include <clairgate/base/text.hpp>
#include <clairgate/io/http_error.hpp>

#include <gtest/gtest.h>

namespace clairgate::io {
namespace {

SystemTime const now = parse_rfc3339("2026-11-24T10:00:00Z").value();

Response response_of(int status, std::string type, std::string body) {
    Response response;
    response.status = status;
    response.headers = {{"content-type", std::move(type)}};
    response.body = std::move(body);
    response.url = Url::parse("https://h.example/v2/a?token=secret").value();
    return response;
}

TEST(Unexpected, MapsTheStatusToAKind) {
    std::pair<int, ErrorKind> const rows[] = {
        {200, ErrorKind::protocol},
        {302, ErrorKind::protocol},
        {400, ErrorKind::protocol},
        {401, ErrorKind::denied},
        {403, ErrorKind::denied},
        {404, ErrorKind::not_found},
        {405, ErrorKind::protocol},
        {408, ErrorKind::unreachable},
        {412, ErrorKind::protocol},
        {429, ErrorKind::unreachable},
        {500, ErrorKind::unreachable},
        {503, ErrorKind::unreachable},
        {599, ErrorKind::unreachable},
        {600, ErrorKind::protocol},
    };
    for (auto const& [status, kind] : rows) {
        auto const error = unexpected("GET", response_of(status, "text/html", "<p>"), now);
        EXPECT_EQ(error.kind(), kind) << status;
        EXPECT_EQ(error.http_status(), status);
        EXPECT_EQ(error.text(), cat("GET https://h.example/v2/a?token=… answered ", status));
    }
}

TEST(PeerWords, FollowTheTable) {
    struct Row {
        char const* sentence;
        char const* type;
        std::string body;
        std::string expected;
    };
    Row const rows[] = {
        {"one OCI error",
         "application/json",
         R"({"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown","detail":{}}]})",
         "MANIFEST_UNKNOWN: manifest unknown"},
        {"two of them",
         "application/json",
         R"({"errors":[{"code":"A","message":"a"},{"code":"B"}]})",
         "A: a; B"},
        {"Clair's",
         "application/json",
         R"({"code":"internal-error","message":"no database"})",
         "internal-error: no database"},
        {"OAuth's",
         "application/json",
         R"({"error":"invalid_grant","error_description":"bad"})",
         "invalid_grant: bad"},
        {"Docker Hub's",
         "application/json",
         R"({"details":"incorrect username or password"})",
         "incorrect username or password"},
        {"the type is not asked for JSON", "text/html", R"({"message":"x"})", "x"},
        {"plain text", "text/plain; charset=utf-8", " go away \n", "go away"},
        {"a page", "text/html", "<html>", ""},
        {"nothing", "application/json", "", ""},
        {"wrong types", "application/json", R"({"errors":{"code":1},"message":[1]})", ""},
        {"errors that are none", "application/json", R"({"errors":[1,"x",null,{"code":7}]})", ""},
        {"an array", "application/json", "[1,2]", ""},
        {"a number", "application/json", "7", ""},
        {"broken JSON", "application/json", R"({"message":"x)", ""},
        {"a long text is cut between characters",
         "text/plain",
         std::string(299, 'x') + "ü and more",
         std::string(299, 'x') + "…"},
    };
    for (auto const& row : rows)
        EXPECT_EQ(peer_words(response_of(500, row.type, row.body)), row.expected) << row.sentence;
}

TEST(ParseRetryAfter, ClampsWhatPeersInvent) {
    std::pair<char const*, std::optional<std::int64_t>> const rows[] = {
        {"0", 0},
        {"7", 7},
        {" 7 ", 7},
        {"3600", 3600},
        {"3601", 3600},
        {"315360000", 3600},
        {"99999999999999999999999999", 3600},
        {"-1", std::nullopt},
        {"+1", std::nullopt},
        {"1.5", std::nullopt},
        {"NaN", std::nullopt},
        {"", std::nullopt},
        {"soon", std::nullopt},
        {"Tue, 24 Nov 2026 10:00:30 GMT", 30},
        {"Tue, 24 Nov 2026 09:00:00 GMT", 0},
        {"Sun, 06 Nov 1994 08:49:37 GMT", 0},
        {"Tue, 24 Nov 2036 10:00:00 GMT", 3600},
        {"Fri, 31 Dec 9999 23:59:60 GMT", 3600},
        {"Tue, 31 Feb 2026 10:00:00 GMT", std::nullopt},
        {"Tue, 24 Nov 2026 25:00:00 GMT", std::nullopt},
        {"Tue, 24 Foo 2026 10:00:00 GMT", std::nullopt},
        {"Tue, 24 Nov 2026 10:00:00 CET", std::nullopt},
        {"Tuesday, 24-Nov-26 10:00:30 GMT", std::nullopt},
    };
    for (auto const& [value, expected] : rows)
        EXPECT_EQ(parse_retry_after(value, now), expected) << value;
    auto response = response_of(429, "text/plain", "slow down");
    response.headers.emplace_back("retry-after", "120");
    auto const error = unexpected("GET", response, now);
    EXPECT_EQ(error.retry_after(), 120);
    EXPECT_TRUE(error.text().ends_with("answered 429: slow down"));
}

} // namespace
} // namespace clairgate::io
