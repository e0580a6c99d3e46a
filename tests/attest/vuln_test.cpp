#include <clairgate/attest/vuln.hpp>
#include <clairgate/base/text.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace clairgate::attest {
namespace {

SystemTime time(char const* text) {
    return parse_rfc3339(text).value();
}

ScanFacts facts() {
    return {"v4.8.0",
            "https://clair.example/",
            "operation-7",
            time("2026-11-24T06:00:00Z"),
            "https://ci.example/run/1?a=\"b\"",
            "event",
            "clairgate 0.1.0",
            time("2026-11-24T09:51:39Z"),
            time("2026-11-24T09:52:00Z")};
}

constexpr std::string_view golden =
    R"({"invocation":{"parameters":null,"uri":"https://ci.example/run/1?a=\"b\"",)"
    R"("event_id":"event","builder.id":"clairgate 0.1.0"},)"
    R"("scanner":{"uri":"pkg:github/quay/clair@v4.8.0","version":"v4.8.0",)"
    R"("db":{"uri":"https://clair.example/","version":"operation-7"},"result":{ "findings": [] })"
    "\n"
    R"(},"metadata":{"scanStartedOn":"2026-11-24T09:51:39Z",)"
    R"("scanFinishedOn":"2026-11-24T09:52:00Z"}})";

std::string with(std::string_view old, std::string_view fresh) {
    std::string text(golden);
    auto const at = text.find(old);
    EXPECT_NE(at, std::string::npos) << old;
    return text.replace(at, old.size(), fresh);
}

TEST(ScannerUri, IsAPackageUrl) {
    EXPECT_EQ(scanner_uri(""), "pkg:github/quay/clair");
    EXPECT_EQ(scanner_uri("v4.8.0-rc.1"), "pkg:github/quay/clair@v4.8.0-rc.1");
    EXPECT_EQ(scanner_uri("4 8?#@/\n+é"), "pkg:github/quay/clair@4%208%3f%23%40%2f%0a%2b%c3%a9");
}

TEST(VulnPredicate, HasDeterministicBytes) {
    EXPECT_EQ(vuln_predicate(facts(), "{ \"findings\": [] }\n"), golden);
}

TEST(VulnPredicate, HasTheTypesOfCosignsStruct) {
    for (auto const& some : {facts(), ScanFacts{}}) {
        auto const json = nlohmann::json::parse(vuln_predicate(some, "{}"));
        EXPECT_EQ(json.size(), 3U);
        EXPECT_EQ(json.at("invocation").size(), 4U);
        EXPECT_EQ(json.at("scanner").size(), 4U);
        EXPECT_EQ(json.at("scanner").at("db").size(), 2U);
        EXPECT_EQ(json.at("metadata").size(), 2U);
        for (auto const* place : {"/invocation/uri",
                                  "/invocation/event_id",
                                  "/invocation/builder.id",
                                  "/scanner/uri",
                                  "/scanner/version",
                                  "/scanner/db/uri",
                                  "/scanner/db/version",
                                  "/metadata/scanStartedOn",
                                  "/metadata/scanFinishedOn"})
            EXPECT_TRUE(json.at(nlohmann::json::json_pointer(place)).is_string()) << place;
        EXPECT_TRUE(json.at("invocation").at("parameters").is_null());
    }
}

TEST(ParseVulnPredicate, GivesBackWhatWasWritten) {
    for (std::string_view const report :
         {"{}", "\n{\"a\":1.50}\r\n", "[1, 2]", " \"text\" ", "{\"result\":{\"}\":\"\\\"\"}}"}) {
        auto const record = parse_vuln_predicate(vuln_predicate(facts(), report)).value();
        EXPECT_EQ(record.result, report);
        EXPECT_EQ(record.started, facts().started);
        EXPECT_EQ(record.finished, facts().finished);
    }
}

TEST(ParseVulnPredicate, ReadsOtherTools) {
    auto const bare =
        parse_vuln_predicate(R"({"scanner":{"result":{"a":1},"x":1},"y":[]})").value();
    EXPECT_EQ(bare.result, "{\"a\":1}");
    EXPECT_FALSE(bare.started.has_value());
    EXPECT_FALSE(bare.finished.has_value());
    auto const zoned =
        parse_vuln_predicate(with("2026-11-24T09:52:00Z", "2026-11-24T10:52:00.25+01:00")).value();
    EXPECT_EQ(zoned.finished, facts().finished);
    EXPECT_FALSE(
        parse_vuln_predicate(with("\"2026-11-24T09:51:39Z\"", "null")).value().started.has_value());
}

TEST(ParseVulnPredicate, RefusesAndSaysWhy) {
    std::pair<std::string, char const*> const cases[] = {
        {"", "no value"},
        {"[]", "is not an object"},
        {"null", "is not an object"},
        {"{}", "\"scanner\" is missing"},
        {R"({"scanner":[]})", "\"scanner\" is not an object"},
        {R"({"scanner":{}})", "\"result\" is missing"},
        {R"({"scanner":{"result":null}})", "\"result\" is missing"},
        {R"({"Scanner":{"result":{}}})", "\"scanner\" is missing"},
        {with("\"scanner\"", "\"scanner\":{},\"scanner\""), "a key twice"},
        {with("\"result\"", "\"result\":{},\"r\\u0065sult\""), "a key twice"},
        {with("\"2026-11-24T09:52:00Z\"", "\"yesterday\""), "is not an RFC 3339 time"},
        {with("\"2026-11-24T09:52:00Z\"", "\"\""), "is not an RFC 3339 time"},
        {with("\"2026-11-24T09:52:00Z\"", "1764000000"), "is not a string"},
        {with("2026-11-24T09:52:00Z", cat("2026-11-24T09:52:00.", std::string(99'999, '0'), "Z")),
         "\"scanFinishedOn\" is not an RFC 3339 time"},
        {with("\"metadata\":{", "\"metadata\":[],\"m\":{"), "\"metadata\" is not an object"},
        {cat(golden, "}"), "something behind the document"}};
    for (auto const& [json, why] : cases) {
        auto const parsed = parse_vuln_predicate(json);
        ASSERT_FALSE(parsed.has_value()) << json.substr(0, 300);
        EXPECT_EQ(parsed.error().kind(), ErrorKind::protocol);
        EXPECT_NE(parsed.error().text().find(why), std::string::npos) << parsed.error().text();
        EXPECT_LT(parsed.error().text().size(), 300U);
    }
}

} // namespace
} // namespace clairgate::attest
