#include "report/cyclonedx_document.hpp"

namespace clairgate::report {
namespace {

using cyclonedx_document::cyclonedx;
using cyclonedx_document::expect_sound_references;
using cyclonedx_document::property;

TEST(CycloneDxComponents, ReferencesHold) {
    expect_sound_references(cyclonedx(sample::report()));
    expect_sound_references(cyclonedx(sample::report_of_two_platforms()));
    auto scan = sample::scan();
    for (auto const* purl : {"pkg:deb/a@1", "pkg:deb/a@1", "", "package 1", "pkg:oci/x", "pkg:x y"})
        for (auto const* id : {"CVE-1", "CVE-1 1", "pkg:deb/a@1"}) {
            auto one = sample::finding(finding::Severity::low);
            one.id = id;
            one.package.purl = purl;
            one.package.name = cat("p", scan.findings.size() / 3);
            one.fixed_version = cat(scan.findings.size());
            scan.findings.push_back(one);
        }
    finding::normalise(scan.findings);
    auto const document = cyclonedx(sample::report_of(scan, policy::built_in()));
    EXPECT_EQ(document["components"].size(), 6U);
    expect_sound_references(document);
}

TEST(CycloneDxComponents, SayWhatTheirPurlDoesNot) {
    auto with = sample::vulnerable("CVE-1", "a", "1", finding::Severity::low);
    with.package.purl = "pkg:deb/debian/a@1?arch=amd64";
    with.package.architecture = "amd64";
    with.package.source_name = "b";
    with.package.source_version = "1";
    with.layer = image::Digest::of("layer");
    with.is_base_layer = false;
    auto without = with;
    without.package.purl = "pkg:deb/debian/a b";
    without.package.name = "c";
    auto report = sample::report_of(sample::scan({with, without}), policy::built_in());
    report.image.layers["linux/amd64"] = {{image::Digest::of("layer"), "RUN apt-get install a"}};
    auto const components = cyclonedx(report)["components"];
    EXPECT_EQ(components[0]["bom-ref"], with.package.purl);
    EXPECT_EQ(components[0]["purl"], with.package.purl);
    EXPECT_TRUE(property(components[0], "clairgate:architecture").is_null());
    EXPECT_EQ(property(components[0], "clairgate:source:name"), "b");
    EXPECT_TRUE(property(components[0], "clairgate:source:version").is_null());
    EXPECT_EQ(property(components[0], "clairgate:layer"), image::Digest::of("layer").text());
    EXPECT_EQ(property(components[0], "clairgate:layer:base"), "false");
    EXPECT_EQ(property(components[0], "clairgate:layer:instruction"), "RUN apt-get install a");
    EXPECT_EQ(components[1]["bom-ref"], "package 2");
    EXPECT_FALSE(components[1].contains("purl"));
    EXPECT_EQ(property(components[1], "clairgate:architecture"), "amd64");
}

TEST(CycloneDxComponents, OfEachPlatformAreTheirOwn) {
    auto const document = cyclonedx(sample::report_of_two_platforms());
    std::set<std::string> platforms;
    for (auto const& component : document["components"])
        platforms.insert(property(component, "clairgate:platform"));
    EXPECT_EQ(platforms, (std::set<std::string>{"linux/amd64", "linux/arm64"}));
}

} // namespace
} // namespace clairgate::report
