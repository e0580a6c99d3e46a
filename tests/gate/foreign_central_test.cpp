#include <clairgate/gate/foreign_report.hpp>

#include <gtest/gtest.h>

#include <gate/foreign_samples.hpp>

namespace clairgate::gate {
namespace {

using finding::Severity;
using nlohmann::json;

Result<report::Report> parsed(json const& report) {
    auto text = report.dump();
    return parse_central_image(text);
}

ErrorKind kind_of_error(json const& report) {
    auto const read = parsed(report);
    EXPECT_FALSE(read.has_value()) << report.dump().substr(0, 200);
    return read.has_value() ? ErrorKind::usage : read.error().kind();
}

TEST(ParseCentralImage, NamesTheImage) {
    auto const read = parsed(test::central_sample());
    ASSERT_TRUE(read.has_value()) << read.error().text();
    EXPECT_EQ(read->reference.text(), "quay.io/team/app@" + test::manifest_digest());
    EXPECT_EQ(read->scan.platforms.at(0).manifest.text(), test::manifest_digest());
    EXPECT_EQ(read->scan.scanner.name, "stackrox");
    EXPECT_EQ(read->scan.scanner.version, "4.6.0");
    auto nameless = test::central_sample();
    nameless["name"] = json::object();
    auto const other = parsed(nameless);
    ASSERT_TRUE(other.has_value()) << other.error().text();
    EXPECT_EQ(other->reference.repository(), untold_repository());
}

TEST(ParseCentralImage, GivesTheFindings) {
    auto const read = parsed(test::central_sample());
    ASSERT_TRUE(read.has_value()) << read.error().text();
    ASSERT_EQ(read->scan.findings.size(), 2U);
    auto const& openssl = read->scan.findings[0];
    EXPECT_EQ(openssl.id, "CVE-2024-0001");
    EXPECT_EQ(openssl.package.name, "openssl");
    EXPECT_EQ(openssl.package.version, "3.0.1");
    EXPECT_EQ(openssl.package.ecosystem, "debian");
    EXPECT_EQ(openssl.package.purl, "pkg:deb/debian/openssl@3.0.1?arch=amd64&distro=debian-12");
    EXPECT_EQ(openssl.distribution, "debian 12");
    EXPECT_EQ(openssl.severity, Severity::low); // the score never overrules the vendor
    EXPECT_EQ(openssl.vendor_severity_word, "LOW_VULNERABILITY_SEVERITY");
    EXPECT_EQ(openssl.fixed_version, "3.0.2");
    EXPECT_EQ(openssl.description, "A flaw");
    ASSERT_EQ(openssl.cvss.size(), 1U);
    EXPECT_EQ(openssl.cvss[0].version, "3.1");
    EXPECT_EQ(openssl.cvss[0].vector, "CVSS:3.1/AV:N");
    EXPECT_TRUE(openssl.published.has_value());
    auto const& requests = read->scan.findings[1];
    EXPECT_EQ(requests.package.ecosystem, "pypi");
    EXPECT_EQ(requests.distribution, "");
    EXPECT_EQ(requests.vendor_severity, Severity::unknown); // protobuf leaves 0 out
    EXPECT_EQ(requests.severity, Severity::critical);
    EXPECT_EQ(requests.severity_source, "cvss");
    EXPECT_EQ(requests.fixed_version, "");
}

TEST(ParseCentralImage, TellsCoveragePerEcosystem) {
    auto const read = parsed(test::central_sample());
    ASSERT_TRUE(read.has_value()) << read.error().text();
    auto const& platform = read->scan.platforms.at(0);
    EXPECT_EQ(platform.packages, 3U);
    ASSERT_EQ(platform.ecosystems.size(), 2U);
    EXPECT_EQ(platform.ecosystems[0].ecosystem, "debian");
    EXPECT_EQ(platform.ecosystems[0].packages, 2U);
    EXPECT_TRUE(platform.ecosystems[0].is_supported);
    EXPECT_EQ(platform.ecosystems[1].ecosystem, "pypi");
}

TEST(ParseCentralImage, BelievesTheNotesAboutMissingData) {
    struct Row {
        char const* note;
        bool has_system;
        bool has_languages;
    };
    Row const rows[] = {{"OS_UNAVAILABLE", false, true},
                        {"OS_CVES_UNAVAILABLE", false, true},
                        {"LANGUAGE_CVES_UNAVAILABLE", true, false},
                        {"PARTIAL_SCAN_DATA", true, true}};
    for (auto const& row : rows) {
        auto report = test::central_sample();
        report["scan"]["notes"] = json::array({row.note});
        auto const read = parsed(report);
        ASSERT_TRUE(read.has_value()) << read.error().text();
        for (auto const& one : read->scan.platforms.at(0).ecosystems)
            EXPECT_EQ(one.is_supported,
                      one.ecosystem == "pypi" ? row.has_languages : row.has_system)
                << row.note << " " << one.ecosystem;
    }
}

TEST(ParseCentralImage, SupportsNoSourceAndNoSystemThatItDoesNotKnow) {
    auto report = test::central_sample();
    report["scan"]["operatingSystem"] = "unknown";
    report["scan"]["components"][1]["source"] = "COBOL";
    auto const read = parsed(report);
    ASSERT_TRUE(read.has_value()) << read.error().text();
    for (auto const& one : read->scan.platforms.at(0).ecosystems)
        EXPECT_FALSE(one.is_supported) << one.ecosystem << " " << one.distribution;
    report = test::central_sample();
    report["scan"].erase("components");
    auto const empty = parsed(report);
    ASSERT_TRUE(empty.has_value()) << empty.error().text();
    EXPECT_EQ(empty->scan.platforms.at(0).packages, 0U);
    EXPECT_TRUE(empty->scan.platforms.at(0).ecosystems.empty());
}

TEST(ParseCentralImage, KnowsTheBranchOfAlpine) {
    auto report = test::central_sample();
    report["scan"]["operatingSystem"] = "alpine:v3.19";
    auto const read = parsed(report);
    ASSERT_TRUE(read.has_value()) << read.error().text();
    EXPECT_EQ(read->scan.findings.at(0).distribution, "alpine 3.19");
}

TEST(ParseCentralImage, RefusesAnImageThatItCannotName) {
    struct Row {
        char const* pointer;
        json value;
    };
    Row const rows[] = {{"/id", ""},
                        {"/id", nullptr},
                        {"/id", 7},
                        {"/id", "3f2a"},
                        {"/name", "quay.io/team/app"},
                        {"/name", nullptr},
                        {"/name/registry", ""},
                        {"/name/registry", "quay"},
                        {"/name/registry", "https://quay.io"},
                        {"/name/remote", ""},
                        {"/name/remote", "team/app:1"},
                        {"/name/remote", "Team/App"},
                        {"/name/remote", "app@" + test::manifest_digest()},
                        {"/name/remote", std::string("a\0b", 3)}};
    for (auto const& row : rows) {
        auto report = test::central_sample();
        report[json::json_pointer(row.pointer)] = row.value;
        EXPECT_EQ(kind_of_error(report), ErrorKind::protocol) << row.pointer << " " << row.value;
    }
}

TEST(ParseCentralImage, RefusesWhatIsOfAnotherType) {
    for (std::string const pointer : {"/scan",
                                      "/scan/notes",
                                      "/scan/operatingSystem",
                                      "/scan/scannerVersion",
                                      "/scan/components",
                                      "/scan/components/0",
                                      "/scan/components/0/name",
                                      "/scan/components/0/version",
                                      "/scan/components/0/source",
                                      "/scan/components/0/architecture",
                                      "/scan/components/0/vulns",
                                      "/scan/components/0/vulns/0",
                                      "/scan/components/0/vulns/0/cve",
                                      "/scan/components/0/vulns/0/cvss",
                                      "/scan/components/0/vulns/0/severity",
                                      "/scan/components/0/vulns/0/fixedBy",
                                      "/scan/components/0/vulns/0/summary",
                                      "/scan/components/0/vulns/0/link",
                                      "/scan/components/0/vulns/0/cvssV3",
                                      "/scan/components/0/vulns/0/cvssV3/vector",
                                      "/scan/components/0/vulns/0/publishedOn"}) {
        for (json const& wrong : {json(77), json(true), json::array({7})}) {
            auto report = test::central_sample();
            report[json::json_pointer(pointer)] = wrong;
            EXPECT_EQ(kind_of_error(report), ErrorKind::protocol) << pointer << " " << wrong;
        }
    }
    for (std::string const pointer : {"/scan/components/0/name",
                                      "/scan/components/0/vulns/0/cve",
                                      "/scan/components/0/vulns/0/summary"}) {
        auto report = test::central_sample();
        report[json::json_pointer(pointer)] = std::string("a\0b", 3);
        EXPECT_EQ(kind_of_error(report), ErrorKind::protocol) << pointer;
    }
    auto report = test::central_sample();
    report["scan"]["components"][0]["vulns"][0].erase("cve");
    EXPECT_EQ(kind_of_error(report), ErrorKind::protocol);
    report = test::central_sample();
    report["scan"]["components"][0]["vulns"][0]["publishedOn"] = "yesterday";
    EXPECT_FALSE(parsed(report).has_value());
}

TEST(ParseCentralImage, CutsADescriptionAtACharacter) {
    auto report = test::central_sample();
    std::string summary = "x";
    for (int i = 0; i < 10'000; ++i)
        summary += "ö";
    report["scan"]["components"][0]["vulns"][0]["summary"] = summary;
    auto const read = parsed(report);
    ASSERT_TRUE(read.has_value()) << read.error().text();
    EXPECT_EQ(read->scan.findings[0].description.size(), finding::description_bytes_max - 1);
}

} // namespace
} // namespace clairgate::gate
