#include <clairgate/clair/decode.hpp>

#include <gtest/gtest.h>

#include <clair/scripted_clair.hpp>

namespace clairgate::clair {
namespace {

using nlohmann::json;
using test_support::clair_report;
using test_support::digest_of;

image::Digest const manifest = digest_of("manifest");

Result<VulnerabilityReport> decode(json const& report) {
    auto text = report.dump();
    return decode_vulnerability_report(text, manifest, "linux/amd64");
}

finding::Finding finding_named(json const& report, std::string_view id) {
    auto const decoded = decode(report);
    EXPECT_TRUE(decoded.has_value()) << decoded.error().text();
    if (decoded.has_value()) {
        for (auto const& one : decoded->findings)
            if (one.id == id)
                return one;
    }
    ADD_FAILURE() << "no finding " << id;
    return {};
}

TEST(DecodeVulnerabilityReport, GivesEachPairAsAFindingWithStableNames) {
    auto const report = decode(clair_report(manifest));
    ASSERT_TRUE(report.has_value()) << report.error().text();
    EXPECT_EQ(report->packages, 2U);
    ASSERT_EQ(report->findings.size(), 3U);
    auto const& ghsa = report->findings[0];
    EXPECT_EQ(ghsa.id, "GHSA-aaaa-bbbb-cccc");
    EXPECT_EQ(ghsa.aliases, std::vector<std::string>{"CVE-2024-0003"});
    EXPECT_EQ(ghsa.package.ecosystem, "pypi");
    EXPECT_EQ(ghsa.package.repository, "pypi");
    EXPECT_EQ(ghsa.package.purl, "pkg:pypi/requests@2.30.0");
    EXPECT_EQ(ghsa.distribution, "");
    EXPECT_EQ(ghsa.fixed_version, "2.31.0");
    EXPECT_EQ(ghsa.layer, digest_of("layer 2"));
    auto const& high = report->findings[1];
    EXPECT_EQ(high.id, "CVE-2024-0001");
    EXPECT_EQ(high.updater, "debian/updater");
    EXPECT_EQ(high.platform, "linux/amd64");
    EXPECT_EQ(high.package.name, "zlib1g");
    EXPECT_EQ(high.package.version, "1:1.2.13-1");
    EXPECT_EQ(high.package.kind, "binary");
    EXPECT_EQ(high.package.architecture, "amd64");
    EXPECT_EQ(high.package.source_name, "zlib");
    EXPECT_EQ(high.package.source_version, "1:1.2.13-1");
    EXPECT_EQ(high.distribution, "debian 12 (bookworm)");
    EXPECT_EQ(high.layer, digest_of("layer 1"));
    EXPECT_EQ(high.severity, finding::Severity::high);
    EXPECT_EQ(high.severity_source, "vendor");
    EXPECT_EQ(high.vendor_severity_word, "word of CVE-2024-0001");
    EXPECT_EQ(high.published, parse_rfc3339("2024-01-02T03:04:05Z").value());
    EXPECT_EQ(high.fixed_version, "1:1.2.13-2");
    EXPECT_EQ(high.description, "A flaw of CVE-2024-0001");
    EXPECT_EQ(high.links, std::vector<std::string>{"https://security-tracker.test/CVE-2024-0001"});
}

TEST(DecodeVulnerabilityReport, GradesAnUnknownSeverityByCvssAndKeepsBoth) {
    auto const one = finding_named(clair_report(manifest), "CVE-2024-0002");
    EXPECT_EQ(one.severity, finding::Severity::critical);
    EXPECT_EQ(one.severity_source, "cvss");
    EXPECT_EQ(one.vendor_severity, finding::Severity::unknown);
    ASSERT_EQ(one.cvss.size(), 1U);
    EXPECT_EQ(one.cvss[0].score, 9.8);
    EXPECT_EQ(one.cvss[0].version, "3.1");
}

TEST(DecodeVulnerabilityReport, NeverLetsCvssOverruleTheVendor) {
    auto report = clair_report(manifest);
    report["vulnerabilities"]["8"]["normalized_severity"] = "Low";
    auto const one = finding_named(report, "CVE-2024-0002");
    EXPECT_EQ(one.severity, finding::Severity::low);
    EXPECT_EQ(one.severity_source, "vendor");
    EXPECT_EQ(one.cvss.size(), 1U);
}

TEST(DecodeVulnerabilityReport, TellsCoveragePerEcosystem) {
    auto report = clair_report(manifest);
    report["packages"]["3"] = report["packages"]["1"];
    report["environments"]["3"] = json::array();
    report["distributions"]["6"] = {{"id", "6"}, {"did", "wolfi"}, {"version_id", "2023"}};
    report["packages"]["4"] = report["packages"]["1"];
    report["environments"]["4"] = report["environments"]["1"];
    report["environments"]["4"][0]["distribution_id"] = "6";
    auto const got = decode(report);
    ASSERT_TRUE(got.has_value()) << got.error().text();
    ASSERT_EQ(got->ecosystems.size(), 4U);
    struct Row {
        std::string_view ecosystem;
        std::string_view distribution;
        bool is_supported;
    };
    Row const rows[] = {{"debian", "debian 12 (bookworm)", true},
                        {"pypi", "", true},
                        {"unknown", "", false},
                        {"wolfi", "wolfi 2023", false}};
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_EQ(got->ecosystems[i].ecosystem, rows[i].ecosystem);
        EXPECT_EQ(got->ecosystems[i].distribution, rows[i].distribution);
        EXPECT_EQ(got->ecosystems[i].is_supported, rows[i].is_supported);
        EXPECT_EQ(got->ecosystems[i].packages, 1U);
    }
}

TEST(DecodeVulnerabilityReport, HasNoFindingsAndNoCoverageForAnImageWithoutPackages) {
    auto report = clair_report(manifest);
    for (auto const* const key : {"packages",
                                  "environments",
                                  "vulnerabilities",
                                  "package_vulnerabilities",
                                  "distributions",
                                  "repository"})
        report[key] = json::object();
    report["enrichments"] = nullptr;
    auto const got = decode(report);
    ASSERT_TRUE(got.has_value()) << got.error().text();
    EXPECT_EQ(got->packages, 0U);
    EXPECT_TRUE(got->ecosystems.empty());
    EXPECT_TRUE(got->findings.empty());
}

TEST(DecodeVulnerabilityReport, TakesNullForWhatIsEmptyAndIgnoresWhatItDoesNotKnow) {
    auto report = clair_report(manifest);
    report["packages"] = report["environments"] = report["package_vulnerabilities"] = nullptr;
    report["PackageNotVulnerable"] = {{"no such package", {"no such vulnerability"}}};
    report["later"] = {{"added", {1, 2.5, true, nullptr, "\\\""}}};
    EXPECT_TRUE(decode(report).has_value());
}

TEST(DecodeVulnerabilityReport, FoldsRepeatedPairs) {
    auto report = clair_report(manifest);
    report["package_vulnerabilities"]["1"] = {"7", "7", "8", "7"};
    auto const got = decode(report);
    ASSERT_TRUE(got.has_value());
    EXPECT_EQ(got->findings.size(), 3U);
}

TEST(DecodeVulnerabilityReport, TakesTheScoresOfBothSchemasOfClair) {
    auto report = clair_report(manifest);
    auto const scores = report["enrichments"].begin().value();
    report["enrichments"] = {
        {"message/vnd.clair.map.vulnerability; enricher=clair.cvss "
         "schema=https://x.test/cvss-v3.x.json",
         scores},
        {"message/vnd.clair.map.vulnerability; enricher=clair.epss schema=none",
         json::array({{{"8", {{{"epss", 0.5}}}}}})}};
    EXPECT_EQ(finding_named(report, "CVE-2024-0002").severity, finding::Severity::critical);
    report["enrichments"] = json::object();
    EXPECT_EQ(finding_named(report, "CVE-2024-0002").severity, finding::Severity::unknown);
}

TEST(DecodeVulnerabilityReport, BelievesARegistryOnlyForItsOwnPackageDatabase) {
    auto report = clair_report(manifest); // as older Clair lists every repository of a layer
    report["environments"]["1"][0]["repository_ids"] = {"5"};
    EXPECT_EQ(finding_named(report, "CVE-2024-0001").package.ecosystem, "debian");
    report["environments"]["2"][0]["distribution_id"] = "4";
    EXPECT_EQ(finding_named(report, "GHSA-aaaa-bbbb-cccc").package.ecosystem, "pypi");
}

TEST(DecodeVulnerabilityReport, TakesTheFirstLayerThatIntroducedAPackage) {
    auto report = clair_report(manifest);
    auto second = report["environments"]["1"][0];
    second["introduced_in"] = digest_of("layer 9").text();
    report["environments"]["1"].push_back(second);
    EXPECT_EQ(finding_named(report, "CVE-2024-0001").layer, digest_of("layer 1"));
}

TEST(DecodeVulnerabilityReport, GivesTheSameFindingsWhateverTheOrderOfKeys) {
    auto const report = clair_report(manifest);
    auto const straight = decode(report);
    nlohmann::ordered_json reversed;
    for (auto const* const key : {"package_vulnerabilities",
                                  "enrichments",
                                  "vulnerabilities",
                                  "environments",
                                  "repository",
                                  "packages",
                                  "distributions",
                                  "manifest_hash"})
        reversed[key] = report[key];
    auto text = reversed.dump(2);
    auto const other = decode_vulnerability_report(text, manifest, "linux/amd64");
    ASSERT_TRUE(straight.has_value() && other.has_value());
    ASSERT_EQ(straight->findings.size(), other->findings.size());
    for (std::size_t i = 0; i < straight->findings.size(); ++i)
        EXPECT_EQ(straight->findings[i].id, other->findings[i].id);
}

} // namespace
} // namespace clairgate::clair
