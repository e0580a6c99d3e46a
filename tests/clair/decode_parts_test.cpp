#include <clairgate/clair/decode_parts.hpp>

#include <gtest/gtest.h>

namespace clairgate::clair {
namespace {

// simdjson's padding, as a report's buffer has it.
struct Json {
    explicit Json(std::string_view json) : text(json) {
        text.reserve(text.size() + simdjson::SIMDJSON_PADDING);
    }
    std::string text;
};

TEST(DecodePackage, ReadsInstalledAndSourcePackage) {
    PartDecoder decoder;
    Json const json(R"({"id":"1","name":"zlib1g","version":"1","kind":"binary","arch":"amd64",)"
                    R"("module":"m:1","source":{"name":"zlib","version":"2","kind":"source"}})");
    auto const got = decode_package(decoder, json.text);
    ASSERT_TRUE(got.has_value()) << got.error().text();
    EXPECT_EQ(got->name, "zlib1g");
    EXPECT_EQ(got->kind, "binary");
    EXPECT_EQ(got->architecture, "amd64");
    EXPECT_EQ(got->module, "m:1");
    EXPECT_EQ(got->source_name, "zlib");
    EXPECT_EQ(got->source_version, "2");
}

TEST(DecodePackage, TakesNullAndAbsenceForEmpty) {
    PartDecoder decoder;
    Json const json(R"({"name":"a","version":null,"source":null})");
    auto const got = decode_package(decoder, json.text);
    ASSERT_TRUE(got.has_value());
    EXPECT_EQ(got->version, "");
    EXPECT_EQ(got->source_name, "");
}

TEST(DecodeEnvironments, MergesTheEntriesOfAPackage) {
    PartDecoder decoder;
    Json const json(R"([{"package_db":"python:a","introduced_in":"sha256:1","distribution_id":"",)"
                    R"("repository_ids":["5"]},)"
                    R"({"package_db":"b","introduced_in":"sha256:2","distribution_id":"4",)"
                    R"("repository_ids":null},{"repository_ids":["6"]}])");
    auto const got = decode_environments(decoder, json.text);
    ASSERT_TRUE(got.has_value()) << got.error().text();
    EXPECT_EQ(got->database, "python:a");
    EXPECT_EQ(got->layer, "sha256:1");
    EXPECT_EQ(got->distribution_id, "4");
    EXPECT_EQ(got->repository_ids, (std::vector<std::string>{"5", "6"}));
}

TEST(DecodeVulnerability, ReadsAliasesOfNewerClair) {
    PartDecoder decoder;
    Json const json(R"({"name":"GHSA-a","normalized_severity":"Low","Self":{"space":"GHSA"},)"
                    R"("Aliases":[{"space":"CVE","name":"2024-0001"},{"name":"CVE-2024-0002"},)"
                    R"({"space":"CVE","name":"CVE-2024-0003"},{},)"
                    R"({"space":"https://x.test/","name":"GO-2024-1"}],"Invert":false})");
    auto const got = decode_vulnerability(decoder, json.text);
    ASSERT_TRUE(got.has_value()) << got.error().text();
    EXPECT_EQ(
        got->aliases,
        (std::vector<std::string>{"CVE-2024-0001", "CVE-2024-0002", "CVE-2024-0003", "GO-2024-1"}));
    Json const none(R"({"name":"GHSA-a","normalized_severity":"Low","Aliases":null})");
    EXPECT_TRUE(decode_vulnerability(decoder, none.text).value().aliases.empty());
}

TEST(DecodeVulnerability, HasNoDateForYearOne) {
    PartDecoder decoder;
    for (auto const* const issued : {"0001-01-01T00:00:00Z", ""}) {
        Json const json(R"({"name":"CVE-2024-0001","normalized_severity":"Low","issued":")" +
                        std::string(issued) + "\"}");
        EXPECT_FALSE(decode_vulnerability(decoder, json.text).value().published) << issued;
    }
}

TEST(DecodeVulnerability, NeedsNameAndSeverity) {
    PartDecoder decoder;
    for (auto const* const text :
         {R"({"name":"CVE-2024-0001"})", R"({"normalized_severity":"Low"})", "{}"}) {
        Json const json(text);
        EXPECT_EQ(decode_vulnerability(decoder, json.text).error().kind(), ErrorKind::protocol);
    }
}

TEST(DecodeCvss, PutsTheHighestScoreFirst) {
    PartDecoder decoder;
    Json const json(R"([{"version":"3.0","baseScore":5},{"version":"3.1","baseScore":9.8,)"
                    R"("vectorString":"CVSS:3.1/AV:N"},{"baseScore":0}])");
    auto const got = decode_cvss(decoder, json.text);
    ASSERT_TRUE(got.has_value()) << got.error().text();
    ASSERT_EQ(got->size(), 3U);
    EXPECT_EQ(got->at(0).score, 9.8);
    EXPECT_EQ(got->at(0).vector, "CVSS:3.1/AV:N");
    EXPECT_EQ(got->at(1).score, 5.0);
    Json const null("null");
    EXPECT_TRUE(decode_cvss(decoder, null.text).value().empty());
    for (auto const* const text : {"{}", "[1]", R"([{"baseScore":"9.8"}])", "[{}]"}) {
        Json const wrong(text);
        EXPECT_FALSE(decode_cvss(decoder, wrong.text).has_value()) << text;
    }
}

TEST(PartDecoder, ReadsEntriesOfAnySizeOneAfterTheOther) {
    PartDecoder decoder;
    for (std::size_t const size : {10U, 100'000U, 10U, 1'000'000U, 0U}) {
        Json const json("\"" + std::string(size, 'x') + "\"");
        EXPECT_EQ(decoder.string(json.text).value().size(), size);
    }
}

} // namespace
} // namespace clairgate::clair
