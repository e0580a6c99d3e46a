#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/sign/keyless.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace clairgate::sign {
namespace {

using nlohmann::json;

auto const now = parse_rfc3339("2026-11-24T12:00:00Z").value();

json service(std::string const& url,
             unsigned version,
             std::string const& start = "2024-01-01T00:00:00Z",
             std::string const& operator_name = "one.example") {
    return {{"url", url},
            {"majorApiVersion", version},
            {"validFor", {{"start", start}}},
            {"operator", operator_name}};
}

// As the public instance's file looks, with a Rekor v2 beside its v1.
json config() {
    return {{"mediaType", "application/vnd.dev.sigstore.signingconfig.v0.2+json"},
            {"caUrls", json::array({service("https://fulcio.example", 1)})},
            {"oidcUrls", json::array({service("https://oauth.example/auth", 1)})},
            {"rekorTlogUrls",
             json::array({service("https://log2026.example", 2, "2026-01-01T00:00:00Z"),
                          service("https://rekor.example", 1)})},
            {"tsaUrls", json::array({service("https://tsa.example/api/v1/timestamp", 1)})},
            {"rekorTlogConfig", {{"selector", "ANY"}}},
            {"tsaConfig", {{"selector", "ANY"}}}};
}

Result<SigningServices> parse(json const& document, bool is_old_log_wanted = false) {
    return parse_signing_config(document.dump(), now, is_old_log_wanted);
}

std::vector<std::string> urls(std::vector<SigstoreService> const& services) {
    std::vector<std::string> out;
    for (auto const& one : services)
        out.push_back(one.url);
    return out;
}

using Urls = std::vector<std::string>;

TEST(ParseSigningConfig, TakesTheNewestApiOfLogs) {
    auto const services = parse(config());
    ASSERT_TRUE(services.has_value()) << services.error().text();
    EXPECT_EQ(services->authority.url, "https://fulcio.example");
    EXPECT_EQ(services->authority.api_version, 1U);
    EXPECT_EQ(services->authority.operator_name, "one.example");
    ASSERT_EQ(services->logs.size(), 1U);
    EXPECT_EQ(services->logs[0].url, "https://log2026.example");
    EXPECT_EQ(services->logs[0].api_version, 2U);
    EXPECT_EQ(urls(services->timestamps), Urls{"https://tsa.example/api/v1/timestamp"});
}

TEST(ParseSigningConfig, TakesTheOldApiOfLogsWhereItIsWanted) {
    auto const services = parse(config(), true);
    ASSERT_TRUE(services.has_value()) << services.error().text();
    EXPECT_EQ(urls(services->logs), Urls{"https://rekor.example"});
    EXPECT_EQ(services->logs[0].api_version, 1U);
}

TEST(ParseSigningConfig, FallsBackToTheOtherApi) {
    auto document = config();
    document["rekorTlogUrls"].erase(0);
    EXPECT_EQ(urls(parse(document)->logs), Urls{"https://rekor.example"});
    document = config();
    document["rekorTlogUrls"].erase(1);
    EXPECT_EQ(urls(parse(document, true)->logs), Urls{"https://log2026.example"});
}

TEST(ParseSigningConfig, TakesWhatIsValidNow) {
    auto document = config();
    auto ended = service("https://ended.example", 1, "2026-10-01T00:00:00Z");
    ended["validFor"]["end"] = "2026-11-24T11:59:59Z";
    auto last_second = service("https://last-second.example", 1, "2026-09-01T00:00:00Z");
    last_second["validFor"]["end"] = "2026-11-24T12:00:00Z";
    document["caUrls"] =
        json::array({ended,
                     service("https://starts.example", 1, "2026-11-24T12:00:01Z"),
                     service("https://other-api.example", 2, "2026-11-01T00:00:00Z"),
                     service("https://older.example", 1, "2026-08-01T00:00:00Z"),
                     last_second});
    auto const services = parse(document);
    ASSERT_TRUE(services.has_value()) << services.error().text();
    EXPECT_EQ(services->authority.url, "https://last-second.example");
}

TEST(ParseSigningConfig, TakesOneOfEachOperatorNewestFirst) {
    auto document = config();
    document["rekorTlogUrls"] =
        json::array({service("https://a-old.example", 2, "2025-01-01T00:00:00Z", "a"),
                     service("https://b.example", 2, "2026-01-01T00:00:00Z", "b"),
                     service("https://a-new.example", 2, "2025-06-01T00:00:00Z", "a"),
                     service("https://b-twin.example", 2, "2026-01-01T00:00:00Z", "b"),
                     service("https://c.example", 1, "2026-06-01T00:00:00Z", "c")});
    document["rekorTlogConfig"]["selector"] = "ALL";
    EXPECT_EQ(urls(parse(document)->logs), (Urls{"https://b.example", "https://a-new.example"}));
    document["rekorTlogConfig"]["selector"] = "ANY";
    EXPECT_EQ(urls(parse(document)->logs), Urls{"https://b.example"});
    document["rekorTlogConfig"] = {{"selector", "EXACT"}, {"count", 2}};
    EXPECT_EQ(parse(document)->logs.size(), 2U);
    document["rekorTlogConfig"]["count"] = 3;
    auto const too_many = parse(document);
    ASSERT_FALSE(too_many.has_value());
    EXPECT_EQ(too_many.error().kind(), ErrorKind::config);
}

TEST(ParseSigningConfig, NeedsNoTimestampsBesideALogThatTellsTheTime) {
    auto document = config();
    document.erase("tsaUrls");
    document.erase("tsaConfig");
    EXPECT_TRUE(parse(document, true).has_value());
    auto const timeless = parse(document);
    ASSERT_FALSE(timeless.has_value());
    EXPECT_NE(timeless.error().remedy().find("tsaUrls"), std::string::npos);
}

TEST(ParseSigningConfig, MayNameNoLog) {
    auto document = config();
    document.erase("rekorTlogUrls");
    auto const services = parse(document);
    ASSERT_TRUE(services.has_value()) << services.error().text();
    EXPECT_TRUE(services->logs.empty());
    EXPECT_EQ(services->timestamps.size(), 1U);
}

TEST(ParseSigningConfig, TakesPlainHttpOnLoopbackAlone) {
    auto document = config();
    document["tsaUrls"][0]["url"] = "http://127.0.0.1:8080/ts";
    EXPECT_TRUE(parse(document).has_value());
    document["tsaUrls"][0]["url"] = "http://tsa.example/ts";
    auto const services = parse(document);
    ASSERT_FALSE(services.has_value());
    EXPECT_EQ(services.error().kind(), ErrorKind::config);
    EXPECT_NE(services.error().text().find("tsaUrls"), std::string::npos);
}

TEST(ParseSigningConfig, SaysWhatItDoesNotUnderstand) {
    struct Row {
        char const* what;
        char const* patch; ///< JSON merge patch of the configuration
        char const* said;
    };
    Row const rows[] = {
        {"no type", R"({"mediaType":null})", "mediaType"},
        {"an older format",
         R"({"mediaType":"application/vnd.dev.sigstore.signingconfig.v0.1+json"})",
         "mediaType"},
        {"no Fulcio", R"({"caUrls":null})", "caUrls"},
        {"only a Fulcio of the future",
         R"({"caUrls":[{"url":"https://x","majorApiVersion":2}]})",
         "caUrls"},
        {"a service without a URL", R"({"caUrls":[{"majorApiVersion":1}]})", "url"},
        {"a URL that is none", R"({"caUrls":[{"url":"fulcio","majorApiVersion":1}]})", "fulcio"},
        {"a Fulcio with a query",
         R"({"caUrls":[{"url":"https://x?a","majorApiVersion":1}]})",
         "query"},
        {"a version in words",
         R"({"caUrls":[{"url":"https://x","majorApiVersion":"1"}]})",
         "majorApiVersion"},
        {"a huge version",
         R"({"caUrls":[{"url":"https://x","majorApiVersion":4294967297}]})",
         "majorApiVersion"},
        {"a time that is none",
         R"({"caUrls":[{"url":"https://x","majorApiVersion":1,"validFor":{"start":"soon"}}]})",
         "caUrls[0]"},
        {"a list that is none", R"({"tsaUrls":{}})", "tsaUrls"},
        {"a line that is none", R"({"tsaUrls":["https://tsa.example"]})", "tsaUrls[0]"},
        {"no timestamps of our API",
         R"({"tsaUrls":[{"url":"https://x","majorApiVersion":9}]})",
         "tsaUrls"},
        {"no selector", R"({"rekorTlogConfig":{"selector":null}})", "rekorTlogConfig"},
        {"no config of the logs", R"({"rekorTlogConfig":null})", "rekorTlogConfig"},
        {"an unknown selector", R"({"tsaConfig":{"selector":"SOME"}})", "SOME"},
        {"EXACT without a count", R"({"tsaConfig":{"selector":"EXACT"}})", "count"},
        {"EXACT of nothing", R"({"tsaConfig":{"selector":"EXACT","count":0}})", "EXACT"},
    };
    for (auto const& row : rows) {
        auto document = config();
        document.merge_patch(json::parse(row.patch));
        auto const services = parse(document);
        ASSERT_FALSE(services.has_value()) << row.what;
        EXPECT_EQ(services.error().kind(), ErrorKind::config) << row.what;
        EXPECT_NE(services.error().text().find(row.said), std::string::npos)
            << row.what << ": " << services.error().text();
    }
}

TEST(ParseSigningConfig, RefusesWhatIsNoDocument) {
    for (std::string const& text : {std::string(),
                                    std::string("[]"),
                                    std::string("{\"mediaType\":\"a\",\"mediaType\":\"b\"}"),
                                    std::string(limits::config_file_bytes + 1, ' ')}) {
        auto const services = parse_signing_config(text, now, false);
        ASSERT_FALSE(services.has_value());
        EXPECT_EQ(services.error().kind(), ErrorKind::config);
    }
}

// A bundle with more entries than this is read by nobody.
TEST(ParseSigningConfig, BoundsHowManyServicesAreAsked) {
    auto document = config();
    document["tsaConfig"]["selector"] = "ALL";
    for (int i = 0; i < 31; ++i)
        document["tsaUrls"].push_back(
            service("https://tsa.example", 1, "2025-01-01T00:00:00Z", cat("operator ", i)));
    EXPECT_EQ(parse(document)->timestamps.size(), 32U);
    document["tsaUrls"].push_back(
        service("https://tsa.example", 1, "2025-01-01T00:00:00Z", "one more"));
    EXPECT_FALSE(parse(document).has_value());
}

} // namespace
} // namespace clairgate::sign
