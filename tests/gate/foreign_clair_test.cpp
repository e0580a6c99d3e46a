#include <clairgate/gate/foreign_report.hpp>

#include <gtest/gtest.h>

#include <gate/foreign_samples.hpp>

namespace clairgate::gate {
namespace {

using nlohmann::json;

Result<report::Report> parsed(json const& report) {
    auto text = report.dump();
    return parse_clair_report(text);
}

ErrorKind kind_of_error(json const& report) {
    auto const read = parsed(report);
    EXPECT_FALSE(read.has_value()) << report.dump().substr(0, 200);
    return read.has_value() ? ErrorKind::usage : read.error().kind();
}

TEST(ParseClairReport, NamesTheImageByItsOwnManifestHash) {
    auto const read = parsed(test::clair_sample());
    ASSERT_TRUE(read.has_value()) << read.error().text();
    auto const manifest = image::Digest::of("manifest");
    EXPECT_EQ(read->reference.digest(), manifest);
    EXPECT_EQ(read->reference.repository(), untold_repository());
    ASSERT_EQ(read->scan.platforms.size(), 1U);
    EXPECT_EQ(read->scan.platforms[0].manifest, manifest);
    EXPECT_EQ(read->scan.platforms[0].platform, "");
    EXPECT_EQ(read->scan.platforms[0].packages, 1U);
    ASSERT_EQ(read->scan.platforms[0].ecosystems.size(), 1U);
    EXPECT_EQ(read->scan.platforms[0].ecosystems[0].distribution, "debian 12 (bookworm)");
    EXPECT_EQ(read->scan.scanner.name, "clair");
}

TEST(ParseClairReport, GivesTheFindings) {
    auto const read = parsed(test::clair_sample());
    ASSERT_TRUE(read.has_value()) << read.error().text();
    ASSERT_EQ(read->scan.findings.size(), 2U);
    auto const& high = read->scan.findings[0];
    EXPECT_EQ(high.id, "CVE-2024-0001");
    EXPECT_EQ(high.package.name, "zlib1g");
    EXPECT_EQ(high.severity, finding::Severity::high);
    EXPECT_EQ(high.fixed_version, "1:1.2.13-2");
    EXPECT_EQ(high.platform, "");
    EXPECT_EQ(high.layer, image::Digest::of("layer"));
}

TEST(ParseClairReport, HasNoCoverageForAnImageWithoutPackages) {
    auto report = test::clair_sample();
    for (auto const* const key : {"packages", "environments", "package_vulnerabilities"})
        report[key] = json::object();
    auto const read = parsed(report);
    ASSERT_TRUE(read.has_value()) << read.error().text();
    EXPECT_TRUE(read->scan.findings.empty());
    EXPECT_EQ(read->scan.platforms.at(0).packages, 0U);
}

TEST(ParseClairReport, RefusesAHashThatIsNoDigest) {
    for (json const& wrong : {json(""),
                              json(nullptr),
                              json(7),
                              json::array(),
                              json("sha256:short"),
                              json(std::string(300'000, 'a')),
                              json(test::manifest_digest() + std::string(1, '\0'))}) {
        auto report = test::clair_sample();
        report["manifest_hash"] = wrong;
        auto const kind = kind_of_error(report);
        EXPECT_TRUE(kind == ErrorKind::protocol || kind == ErrorKind::limit);
    }
    auto report = test::clair_sample();
    report.erase("manifest_hash");
    EXPECT_EQ(kind_of_error(report), ErrorKind::protocol);
    auto twice = test::clair_sample().dump();
    twice.insert(1, "\"manifest_hash\":\"" + image::Digest::of("other").text() + "\",");
    EXPECT_FALSE(parse_clair_report(twice).has_value());
}

TEST(ParseClairReport, RefusesWhatDangles) {
    auto report = test::clair_sample();
    report["package_vulnerabilities"]["1"][0] = "77";
    EXPECT_EQ(kind_of_error(report), ErrorKind::protocol);
    report = test::clair_sample();
    report["packages"] = json::object();
    EXPECT_EQ(kind_of_error(report), ErrorKind::protocol);
    report = test::clair_sample();
    report.erase("packages");
    EXPECT_EQ(kind_of_error(report), ErrorKind::protocol);
}

} // namespace
} // namespace clairgate::gate
