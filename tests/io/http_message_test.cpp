#include <clairgate/io/http_message.hpp>

#include <gtest/gtest.h>

namespace clairgate::io {
namespace {

Url url() {
    return Url::parse("https://h.example/v2/").value();
}

TEST(Request, IsBuiltByItsFactories) {
    auto const request = Request::post(url(), "body", "text/plain")
                             .header("A", "1")
                             .authorization(Secret("s"))
                             .secret_header("T", Secret("t"))
                             .body_bytes_max(7)
                             .addresses(AddressRule::public_only)
                             .time_max(std::chrono::seconds(3))
                             .silence_max(std::chrono::seconds(2));
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.body, "body");
    EXPECT_EQ(request.headers.size(), 2U);
    EXPECT_EQ(request.authorization_value.value().reveal(), "s");
    ASSERT_EQ(request.secret_headers.size(), 1U);
    EXPECT_EQ(request.secret_headers[0].name, "T");
    EXPECT_EQ(request.secret_headers[0].value.reveal(), "t");
    EXPECT_EQ(request.secret_headers[0].origin, url().origin);
    EXPECT_EQ(request.body_bytes_cap, 7U);
    EXPECT_EQ(request.address_rule, AddressRule::public_only);
    EXPECT_EQ(request.time_cap, std::chrono::seconds(3));
    EXPECT_EQ(request.silence_cap, std::chrono::seconds(2));
    EXPECT_EQ(Request::get(url()).method, "GET");
    EXPECT_EQ(Request::head(url()).method, "HEAD");
    EXPECT_EQ(Request::remove(url()).method, "DELETE");
    auto const put = Request::put(url(), "bytes", "text/plain");
    EXPECT_EQ(put.method, "PUT");
    EXPECT_EQ(put.body, "bytes");
    EXPECT_EQ(put.headers.at(0).second, "text/plain");
    auto const patch = Request::patch(url(), "piece", "text/plain");
    EXPECT_EQ(patch.method, "PATCH");
    EXPECT_EQ(patch.body, "piece");
    EXPECT_EQ(patch.headers.at(0).second, "text/plain");
}

TEST(Response, FindsTheFirstHeaderOfAName) {
    Response response;
    response.headers = {{"a", "1"}, {"b", "2"}, {"a", "3"}};
    EXPECT_EQ(response.header("a"), "1");
    EXPECT_EQ(response.header("c"), std::nullopt);
}

} // namespace
} // namespace clairgate::io
