// What a report must be refused for: an error each time, never "no findings".
#include <clairgate/clair/decode.hpp>

#include <gtest/gtest.h>

#include <clair/scripted_clair.hpp>

namespace clairgate::clair {
namespace {

using nlohmann::json;
using test_support::clair_report;
using test_support::digest_of;

image::Digest const manifest = digest_of("manifest");

ErrorKind kind_of(std::string text) {
    auto const got = decode_vulnerability_report(text, manifest, "linux/amd64");
    EXPECT_FALSE(got.has_value()) << text.substr(0, 300);
    return got.has_value() ? ErrorKind::usage : got.error().kind();
}

TEST(HostileReport, OfAnotherManifestIsAnIntegrityError) {
    EXPECT_EQ(kind_of(clair_report(digest_of("other")).dump()), ErrorKind::integrity);
    auto report = clair_report(manifest);
    report["manifest_hash"] = "";
    EXPECT_EQ(kind_of(report.dump()), ErrorKind::integrity);
}

TEST(HostileReport, CutOffAtAnyByteIsRefused) {
    auto const whole = clair_report(manifest).dump();
    for (std::size_t size = 0; size < whole.size(); ++size)
        ASSERT_EQ(kind_of(whole.substr(0, size)), ErrorKind::protocol) << size;
}

TEST(HostileReport, WithoutASectionIsRefused) {
    for (auto const* const key : {"manifest_hash",
                                  "packages",
                                  "distributions",
                                  "repository",
                                  "environments",
                                  "vulnerabilities",
                                  "package_vulnerabilities"}) {
        auto report = clair_report(manifest);
        report.erase(key);
        EXPECT_EQ(kind_of(report.dump()), ErrorKind::protocol) << key;
    }
}

TEST(HostileReport, WithAWrongTypeAnywhereWeReadIsRefused) {
    std::string const cvss =
        "/enrichments/message~1vnd.clair.map.vulnerability; enricher=clair.cvss schema=none";
    for (std::string const pointer : {"/manifest_hash",
                                      "/packages",
                                      "/distributions",
                                      "/repository",
                                      "/environments",
                                      "/vulnerabilities",
                                      "/package_vulnerabilities",
                                      "/enrichments",
                                      "/packages/1",
                                      "/packages/1/name",
                                      "/packages/1/version",
                                      "/packages/1/source",
                                      "/packages/1/source/name",
                                      "/distributions/4",
                                      "/distributions/4/did",
                                      "/distributions/4/version",
                                      "/repository/5",
                                      "/repository/5/name",
                                      "/environments/1",
                                      "/environments/1/0",
                                      "/environments/1/0/introduced_in",
                                      "/environments/1/0/distribution_id",
                                      "/environments/2/0/repository_ids",
                                      "/environments/2/0/repository_ids/0",
                                      "/vulnerabilities/7",
                                      "/vulnerabilities/7/name",
                                      "/vulnerabilities/7/links",
                                      "/vulnerabilities/7/updater",
                                      "/vulnerabilities/7/issued",
                                      "/vulnerabilities/7/severity",
                                      "/vulnerabilities/7/normalized_severity",
                                      "/vulnerabilities/7/fixed_in_version",
                                      "/vulnerabilities/7/description",
                                      "/package_vulnerabilities/1",
                                      "/package_vulnerabilities/1/0"}) {
        for (json const& wrong : {json(7), json(true), json(1e300)}) {
            auto report = clair_report(manifest);
            report[json::json_pointer(pointer)] = wrong;
            EXPECT_EQ(kind_of(report.dump()), ErrorKind::protocol) << pointer << " " << wrong;
        }
    }
    for (std::string const pointer : {"", "/0", "/0/8", "/0/8/0", "/0/8/0/baseScore"}) {
        auto report = clair_report(manifest);
        report[json::json_pointer(cvss + pointer)] = "9.8";
        EXPECT_EQ(kind_of(report.dump()), ErrorKind::protocol) << pointer;
    }
}

TEST(HostileReport, NamingWhatItDoesNotHoldIsRefused) {
    struct Row {
        char const* pointer;
        json value;
    };
    Row const rows[] = {{"/package_vulnerabilities/1/0", "77"},
                        {"/package_vulnerabilities/3", {"7"}},
                        {"/package_vulnerabilities/3", json::array()},
                        {"/environments/1/0/distribution_id", "44"},
                        {"/environments/2/0/repository_ids/0", "55"}};
    for (auto const& row : rows) {
        auto report = clair_report(manifest);
        report[json::json_pointer(row.pointer)] = row.value;
        EXPECT_EQ(kind_of(report.dump()), ErrorKind::protocol) << row.pointer;
    }
}

TEST(HostileReport, WithBadFactsIsRefused) {
    struct Row {
        char const* pointer;
        json value;
    };
    Row const rows[] = {{"/environments/1/0/introduced_in", "sha256:short"},
                        {"/vulnerabilities/7/name", ""},
                        {"/vulnerabilities/7/normalized_severity", "Dreadful"},
                        {"/vulnerabilities/7/normalized_severity", ""},
                        {"/vulnerabilities/7/issued", "yesterday"},
                        {"/packages/1/name", std::string("a\0b", 3)}};
    for (auto const& row : rows) {
        auto report = clair_report(manifest);
        report[json::json_pointer(row.pointer)] = row.value;
        EXPECT_EQ(kind_of(report.dump()), ErrorKind::protocol) << row.pointer;
    }
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
    auto const at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return text.replace(at, what.size(), by);
}

TEST(HostileReport, WithDuplicateKeysIsRefused) {
    auto const text = clair_report(manifest).dump();
    for (std::string const again :
         {R"("packages":{},)", R"("package_vulnerabilities":{},)", R"("vulnerabilities":{},)"})
        EXPECT_EQ(kind_of(replaced(text, "{", "{" + again)), ErrorKind::protocol) << again;
    EXPECT_EQ(kind_of(replaced(text, R"("vulnerabilities":{)", R"("vulnerabilities":{"7":{},)")),
              ErrorKind::protocol);
    EXPECT_EQ(kind_of(replaced(
                  text, R"("fixed_in_version":)", R"("fixed_in_version":"0","fixed_in_version":)")),
              ErrorKind::protocol);
}

TEST(HostileReport, InAnotherEncodingIsRefused) {
    auto const text = clair_report(manifest).dump();
    std::string utf16;
    for (char const c : text)
        utf16 += {c, '\0'};
    EXPECT_EQ(kind_of("\xEF\xBB\xBF" + text), ErrorKind::protocol);
    EXPECT_EQ(kind_of("\xFF\xFE" + utf16), ErrorKind::protocol);
    EXPECT_EQ(kind_of(utf16), ErrorKind::protocol);
    for (std::string const bad : {R"(\ud800)",
                                  R"(\udc00)",
                                  R"(\ud800\ud800)",
                                  "\xff",
                                  "\xc0\x80",
                                  "\xed\xa0\x80",
                                  R"(\x41)",
                                  "\n",
                                  R"(\u0000)"})
        EXPECT_EQ(kind_of(replaced(text, "zlib1g", bad)), ErrorKind::protocol) << bad;
    EXPECT_EQ(kind_of(replaced(text, "zlib1g", std::string_view("\0", 1))), ErrorKind::protocol);
    EXPECT_EQ(kind_of(text + "{}"), ErrorKind::protocol);
    EXPECT_EQ(kind_of(text + std::string(1, '\0')), ErrorKind::protocol);
}

TEST(HostileReport, NestedWithoutEndIsBounded) {
    auto const text = clair_report(manifest).dump();
    auto const bomb = std::string(1'000'000, '[');
    EXPECT_EQ(kind_of(replaced(text, "{", R"({"x":)" + bomb)), ErrorKind::limit);
    EXPECT_EQ(kind_of(replaced(text, R"("arch":)", R"("x":)" + bomb + R"(,"arch":)")),
              ErrorKind::limit);
    auto const deep = std::string(60, '[') + std::string(60, ']');
    EXPECT_EQ(kind_of(replaced(text, R"("arch":)", R"("x":)" + deep + R"(,"arch":)")),
              ErrorKind::protocol);
}

TEST(HostileReport, WithFactsThatEachFindingWouldRepeatIsBounded) {
    auto report = clair_report(manifest);
    report["packages"]["1"]["name"] = std::string(5000, 'n');
    EXPECT_EQ(kind_of(report.dump()), ErrorKind::limit);
    report = clair_report(manifest);
    report["packages"]["1"]["later"] = std::string(300'000, 'n');
    EXPECT_EQ(kind_of(report.dump()), ErrorKind::limit);
    report = clair_report(manifest);
    std::string links;
    for (int i = 10'000; i < 12'000; ++i)
        links += "https://x.test/CVE-2024-" + std::to_string(i) + " ";
    report["vulnerabilities"]["9"]["links"] = links;
    EXPECT_EQ(kind_of(report.dump()), ErrorKind::limit);
}

TEST(HostileReport, WithMorePairsThanAnyImageHasIsRefused) {
    auto const text = clair_report(manifest).dump();
    std::string many;
    for (int i = 0; i < 600'000; ++i)
        many += R"("7",)";
    EXPECT_EQ(kind_of(replaced(text, R"("1":["7")", R"("1":[)" + many + R"("7")")),
              ErrorKind::limit);
}

TEST(HostileReport, WithAVeryLongDescriptionAndManyLinksIsCut) {
    auto report = clair_report(manifest);
    std::string const o_umlaut = "ö";
    std::string description;
    for (int i = 0; i < 100'000; ++i)
        description += o_umlaut;
    report["vulnerabilities"]["7"]["description"] = "x" + description;
    std::string links = "ftp://x.test/ javascript:alert(1) ";
    for (int i = 0; i < 100; ++i)
        links += "https://x.test/" + std::to_string(i) + " ";
    report["vulnerabilities"]["7"]["links"] = links;
    auto text = report.dump();
    auto const got = decode_vulnerability_report(text, manifest, "linux/amd64");
    ASSERT_TRUE(got.has_value()) << got.error().text();
    auto const& one = got->findings.at(1);
    EXPECT_EQ(one.id, "CVE-2024-0001");
    EXPECT_EQ(one.description.size(), finding::description_bytes_max - 1); // at a character
    EXPECT_EQ(one.links.size(), finding::links_max);
    for (auto const& link : one.links)
        EXPECT_TRUE(link.starts_with("https://x.test/")) << link;
}

} // namespace
} // namespace clairgate::clair
