#include <clairgate/gate/base_image.hpp>

#include <gtest/gtest.h>

namespace clairgate::gate {
namespace {

image::Digest digest_of(char c) {
    return image::Digest::of(std::string(1, c));
}

image::Manifest manifest_of(std::string const& layers) {
    image::Descriptor config{"", digest_of('c'), 1, std::nullopt, {}};
    image::Manifest manifest{"", digest_of('m'), config, {}, {}};
    for (char const c : layers)
        manifest.layers.push_back({"", digest_of(c), 1, std::nullopt, {}});
    return manifest;
}

image::Subject subject_of(std::vector<std::pair<std::string, std::string>> const& platforms) {
    auto const reference =
        image::Reference::parse("registry.example/team/app").value().at(digest_of('i'));
    image::Subject subject{reference, digest_of('i'), "", {}, {}};
    for (auto const& [platform, layers] : platforms)
        subject.platforms.push_back(
            {image::Platform::parse(platform).value(), manifest_of(layers), {}});
    return subject;
}

finding::Finding finding_in(std::string const& platform, char layer) {
    finding::Finding finding;
    finding.platform = platform;
    finding.layer = digest_of(layer);
    return finding;
}

TEST(BaseImage, TellsTheLayersOfEachPlatform) {
    finding::ScanReport scan;
    scan.findings = {finding_in("linux/amd64", '1'),
                     finding_in("linux/amd64", '3'),
                     finding_in("linux/arm64", '4'),
                     finding_in("linux/arm64", '5')};
    scan.findings.emplace_back().platform = "linux/amd64"; // of a layer that nobody knows
    auto const subject = subject_of({{"linux/amd64", "123"}, {"linux/arm64", "45"}});
    auto const base = subject_of({{"linux/amd64", "12"}, {"linux/arm64", "4"}});
    EXPECT_EQ(mark_base_layers(scan, subject, base), 2U);
    EXPECT_EQ(scan.findings[0].is_base_layer, true);
    EXPECT_EQ(scan.findings[1].is_base_layer, false);
    EXPECT_EQ(scan.findings[2].is_base_layer, true);
    EXPECT_EQ(scan.findings[3].is_base_layer, false);
    EXPECT_EQ(scan.findings[4].is_base_layer, std::nullopt);
}

TEST(BaseImage, ThatIsNotBelowSaysNothing) {
    auto const subject = subject_of({{"linux/amd64", "123"}});
    for (auto const& base : {subject_of({{"linux/amd64", "13"}}),
                             subject_of({{"linux/amd64", "1234"}}),
                             subject_of({{"linux/arm64", "12"}}),
                             subject_of({})}) {
        finding::ScanReport scan;
        scan.findings = {finding_in("linux/amd64", '1')};
        EXPECT_EQ(mark_base_layers(scan, subject, base), 0U);
        EXPECT_EQ(scan.findings[0].is_base_layer, std::nullopt);
    }
}

TEST(BaseImage, OfTheAnnotationsCountsOnTheSameRegistryOnly) {
    auto const digest = digest_of('b').text();
    struct Row {
        std::string name, digest;
        std::optional<std::string> reference;
    };
    Row const rows[] = {
        {"registry.example/base:1", digest, "registry.example/base@" + digest},
        {"other.example/base:1", digest, std::nullopt},
        {"registry.example:8080/base:1", digest, std::nullopt},
        {"debian:12", digest, std::nullopt},
        {"registry.example/base:1", "", std::nullopt},
        {"registry.example/base:1", "sha256:12", std::nullopt},
        {"", digest, std::nullopt},
        {"http://registry.example/base", digest, std::nullopt},
    };
    for (auto const& row : rows) {
        auto subject = subject_of({{"linux/amd64", "1"}});
        auto& annotations =
            row.reference ? subject.annotations : subject.platforms.front().manifest.annotations;
        annotations["org.opencontainers.image.base.name"] = row.name;
        annotations["org.opencontainers.image.base.digest"] = row.digest;
        auto const base = stated_base(subject);
        EXPECT_EQ(base ? std::optional(base->text()) : std::nullopt, row.reference) << row.name;
    }
    EXPECT_FALSE(stated_base(subject_of({{"linux/amd64", "1"}})).has_value());
}

} // namespace
} // namespace clairgate::gate
