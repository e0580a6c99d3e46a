#include <clairgate/base/text.hpp>
#include <clairgate/registry/failure.hpp>

#include <gtest/gtest.h>

namespace clairgate::registry {
namespace {

io::UrlOrigin const origin{"https", "r.example", 443};

TEST(ConnectionFailed, NamesTheSettingThatMayMendIt) {
    struct Row {
        ErrorKind kind;
        std::string message;
        std::string remedy;
    };
    Row const rows[] = {
        {ErrorKind::unreachable,
         "TLS failure with r: certificate problem: x",
         "--registry-ca FILE"},
        {ErrorKind::unreachable,
         "TLS failure with r: no secure connection",
         "--plain-http r.example"},
        {ErrorKind::unreachable, "cannot connect to r", "https://r.example:443"},
        {ErrorKind::timeout, "no answer", "https://r.example:443"},
        {ErrorKind::denied, "resolves to an address that is not public", "--trusted-realm HOST"},
        {ErrorKind::limit, "too long", ""},
    };
    for (auto const& row : rows) {
        auto const error = connection_failed(Error(row.kind, row.message), "r.example", origin);
        EXPECT_EQ(error.kind(), row.kind);
        EXPECT_EQ(error.message(), row.message);
        EXPECT_NE(error.remedy().find(row.remedy), std::string::npos) << error.remedy();
        EXPECT_EQ(error.remedy().empty(), row.remedy.empty());
    }
}

TEST(ConnectionFailed, LeavesARemedyThatIsThere) {
    auto const error = connection_failed(
        Error(ErrorKind::unreachable, "x").with_remedy("that one"), "r.example", origin);
    EXPECT_EQ(error.remedy(), "that one");
}

TEST(AnswerFailed, NamesTheLoginAndTheWaysToOne) {
    io::Response response;
    response.url = io::Url::parse("https://r.example/v2/a/manifests/b").value();
    response.status = 401;
    auto const denied = answer_failed("GET", response, "r.example", "looked in ~/x", SystemTime());
    EXPECT_EQ(denied.kind(), ErrorKind::denied);
    for (auto const* word : {"docker login r.example", "CLAIRGATE_REGISTRY_USER", "looked in ~/x"})
        EXPECT_NE(denied.remedy().find(word), std::string::npos) << denied.remedy();
    response.status = 404;
    auto const missing = answer_failed("GET", response, "r.example", "", SystemTime());
    EXPECT_EQ(missing.kind(), ErrorKind::not_found);
    EXPECT_FALSE(missing.remedy().empty());
    response.status = 429;
    EXPECT_NE(answer_failed("GET", response, "r.example", "", SystemTime()).remedy().find("login"),
              std::string::npos);
    response.status = 500;
    EXPECT_TRUE(answer_failed("GET", response, "r.example", "", SystemTime()).remedy().empty());
}

} // namespace
} // namespace clairgate::registry
