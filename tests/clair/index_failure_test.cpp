#include <clairgate/clair/index.hpp>

#include <gtest/gtest.h>

namespace clairgate::clair {
namespace {

// Clair 4.9's texts, one a row of what a client has to tell apart.
struct Row {
    char const* what;
    int status;
    std::string message;
    IndexFailure failure;
    ErrorKind kind;
    std::string_view remedy; // a part of it
};

std::string fetch(std::string_view status) {
    return "failed to start scan: failed to fetch layers: encountered error while fetching a "
           "layer: "
           "fetcher: unexpected status code: \\\"" +
           std::string(status) + "\\\" for \\\"http://r.test/v2/app/blobs/sha256:aa\\\"";
}

Row const rows[] = {
    {"an expired token",
     500,
     fetch("401 Unauthorized"),
     IndexFailure::credentials,
     ErrorKind::denied,
     "pull"},
    {"a token without pull",
     500,
     fetch("403 Forbidden"),
     IndexFailure::credentials,
     ErrorKind::denied,
     "pull"},
    {"no such blob",
     500,
     fetch("404 Not Found"),
     IndexFailure::missing,
     ErrorKind::not_found,
     "--layer-host"},
    {"a busy registry",
     500,
     fetch("429 Too Many Requests"),
     IndexFailure::passing,
     ErrorKind::unreachable,
     ""},
    {"other bytes",
     500,
     "fetcher: validation failed: got sha256:a expected sha256:b",
     IndexFailure::corrupt,
     ErrorKind::integrity,
     "push"},
    {"a registry's content type",
     500,
     "fetcher: unknown content-type \\\"text/html\\\"",
     IndexFailure::permanent,
     ErrorKind::protocol,
     ""},
    {"a registry's compression",
     500,
     "fetcher: mismatched compression (gzip) and content-type",
     IndexFailure::permanent,
     ErrorKind::protocol,
     ""},
    {"not a tar",
     400,
     "failed to start scan: tarfs: format error: not a tar",
     IndexFailure::permanent,
     ErrorKind::protocol,
     ""},
    {"no layers", 400, "bogus manifest", IndexFailure::permanent, ErrorKind::protocol, ""},
    {"a bad digest",
     400,
     "failed to deserialize manifest: x",
     IndexFailure::permanent,
     ErrorKind::protocol,
     ""},
    {"an offline Clair without its mapping",
     500,
     "failed to scan all layer contents: rhel: unable to create a mappingFile object",
     IndexFailure::permanent,
     ErrorKind::config,
     "repo2cpe"},
    {"an airgapped Clair",
     500,
     "dial tcp: disallowed by policy",
     IndexFailure::permanent,
     ErrorKind::config,
     "--layer-host"},
    {"a full disk",
     500,
     "write /var/tmp/x: no space left on device",
     IndexFailure::passing,
     ErrorKind::unreachable,
     "/var/tmp"},
    {"too many posts",
     429,
     "server handling too many requests",
     IndexFailure::passing,
     ErrorKind::unreachable,
     ""},
    {"anything of the server's",
     503,
     "database is starting",
     IndexFailure::passing,
     ErrorKind::unreachable,
     ""},
    {"anything of ours", 412, "", IndexFailure::permanent, ErrorKind::unreachable, ""}};

TEST(ClassifyIndexFailure, TellsCausesByTheTextOfTheError) {
    for (auto const& row : rows) {
        auto const body = R"({"code":"internal-error","message":")" + row.message + "\"}";
        auto const verdict =
            classify_index_failure(row.status, body, Error(ErrorKind::unreachable, "fallback"));
        EXPECT_EQ(verdict.failure, row.failure) << row.what;
        EXPECT_EQ(verdict.error.kind(), row.kind) << row.what << verdict.error.text();
        EXPECT_NE(verdict.error.remedy().find(row.remedy), std::string::npos) << row.what;
    }
}

TEST(ClassifyIndexFailure, NamesTheLayerClairCouldNotGet) {
    auto const body = R"({"code":"internal-error","message":")" + fetch("404 Not Found") + "\"}";
    auto const verdict = classify_index_failure(500, body, Error(ErrorKind::unreachable, "x"));
    EXPECT_NE(verdict.error.text().find("blobs/sha256:aa"), std::string::npos);
    EXPECT_EQ(verdict.error.text().find("internal-error"), std::string::npos);
}

TEST(ClassifyIndexFailure, ReadsAnyBody) {
    for (std::string const body : {"", "{", "\xff", "[]", "null"}) {
        auto const verdict = classify_index_failure(500, body, Error(ErrorKind::unreachable, "x"));
        EXPECT_EQ(verdict.failure, IndexFailure::passing) << body;
    }
}

} // namespace
} // namespace clairgate::clair
