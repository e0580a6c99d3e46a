#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/registry/resolve.hpp>

#include <gtest/gtest.h>

#include <registry/fake_registry.hpp>
#include <support/test_world.hpp>

namespace clairgate::registry {
namespace {

using test::Answer;
using test::descriptor_json;
using test::FakeRegistry;
using test::Received;
using test::TestWorld;

constexpr auto oci_manifest = image::media_type::oci_manifest;
constexpr auto oci_index = image::media_type::oci_index;

struct Setting {
    FakeRegistry::Put put_index(std::string const& children) {
        return registry.put_manifest(cat(R"({"schemaVersion":2,"manifests":[)", children, "]}"),
                                     std::string(oci_index));
    }
    // Time for no more than the first retries.
    Result<image::Subject> resolve(image::Digest const& digest,
                                   Duration time = std::chrono::milliseconds(1500)) {
        Fetcher fetcher(world.world, options);
        Resolver resolver(world.world, options, fetcher);
        return world.run(resolver.resolve(registry.at(digest), Deadline::after(world.clock, time)));
    }
    TestWorld world;
    FakeRegistry registry{world.context};
    Options options;
};

std::string platform(std::string const& os, std::string const& architecture) {
    return cat(R"(,"platform":{"os":")", os, R"(","architecture":")", architecture, "\"}");
}

std::vector<std::string> platforms_of(image::Subject const& subject) {
    std::vector<std::string> out;
    for (auto const& image : subject.platforms)
        out.push_back(image.platform.text());
    return out;
}

TEST(Resolver, ResolvesASingleManifestByItsConfig) {
    Setting setting;
    auto const put = setting.registry.put_image("linux", "amd64");
    auto const subject = setting.resolve(put.digest).value();
    EXPECT_EQ(subject.digest, put.digest);
    EXPECT_EQ(subject.media_type, oci_manifest);
    EXPECT_EQ(subject.reference.text(), setting.registry.at(put.digest).text());
    EXPECT_EQ(platforms_of(subject), std::vector<std::string>{"linux/amd64"});
    EXPECT_EQ(subject.platforms[0].manifest.layers.size(), 1U);
    EXPECT_EQ(subject.size_bytes, put.size_bytes);
    EXPECT_EQ(subject.platforms[0].manifest.size_bytes, put.size_bytes);
    EXPECT_TRUE(subject.is_whole);
}

TEST(Resolver, FetchesEveryByteOnce) {
    Setting setting;
    auto const one = setting.registry.put_image("linux", "amd64");
    auto const index = setting.put_index(descriptor_json(one, oci_manifest));
    ASSERT_TRUE(setting.resolve(index.digest).has_value());
    EXPECT_EQ(setting.registry.count("GET", "/v2/team/app/manifests/"), 2U);
    EXPECT_EQ(setting.registry.count("GET", "/v2/team/app/blobs/"), 1U);
    auto const& accept = setting.registry.received()[0].headers.at("accept");
    for (auto const type : {oci_index,
                            oci_manifest,
                            image::media_type::docker_list,
                            image::media_type::docker_manifest})
        EXPECT_NE(accept.find(type), std::string::npos) << type;
}

TEST(Resolver, FansOutToAllPlatformsInTheIndexsOrderWithoutAttestations) {
    Setting setting;
    std::string children;
    std::vector<std::string> expected;
    for (auto const* name : {"amd64", "arm64", "s390x", "ppc64le", "riscv64", "386"}) {
        auto const put = setting.registry.put_image("linux", name);
        children += descriptor_json(put, oci_manifest, platform("linux", name)) + ",";
        expected.push_back(cat("linux/", name));
    }
    FakeRegistry::Put const attestation{image::Digest::of("never fetched"), 5};
    auto const index = setting.put_index(
        children + descriptor_json(attestation, oci_manifest, platform("unknown", "unknown")));
    auto const subject = setting.resolve(index.digest).value();
    EXPECT_EQ(platforms_of(subject), expected);
    EXPECT_EQ(subject.media_type, oci_index);
}

TEST(Resolver, FollowsANestedIndexAndNoDeeperOne) {
    Setting setting;
    auto const image = setting.registry.put_image("linux", "amd64");
    auto const inner = setting.put_index(descriptor_json(image, oci_manifest));
    auto const outer = setting.put_index(descriptor_json(inner, oci_index));
    EXPECT_EQ(platforms_of(setting.resolve(outer.digest).value()),
              std::vector<std::string>{"linux/amd64"});
    auto const deepest = setting.put_index(descriptor_json(outer, oci_index));
    EXPECT_EQ(setting.resolve(deepest.digest).error().kind(), ErrorKind::limit);
}

TEST(Resolver, BoundsThePlatformsOfAllIndexesTogether) {
    Setting setting;
    std::string outer;
    for (int i = 0; i < 3; ++i) {
        std::string inner;
        for (int k = 0; k < 30; ++k) {
            auto const put = setting.registry.put_image("linux", cat("a", i, "-", k));
            inner += cat(k == 0 ? "" : ",", descriptor_json(put, oci_manifest));
        }
        outer += cat(i == 0 ? "" : ",", descriptor_json(setting.put_index(inner), oci_index));
    }
    auto const index = setting.put_index(outer);
    EXPECT_EQ(setting.resolve(index.digest, std::chrono::seconds(10)).error().kind(),
              ErrorKind::limit);
}

TEST(Resolver, KeepsThePlatformsThatWereAskedForAndFetchesNoOther) {
    Setting setting;
    auto const arm = setting.registry.put_image("linux", "arm64");
    FakeRegistry::Put const absent{image::Digest::of("not there"), 5};
    auto const index =
        setting.put_index(descriptor_json(absent, oci_manifest, platform("linux", "amd64")) + "," +
                          descriptor_json(arm, oci_manifest, platform("linux", "arm64")));
    setting.options.platforms = {image::Platform::parse("linux/arm64").value()};
    EXPECT_EQ(platforms_of(setting.resolve(index.digest).value()),
              std::vector<std::string>{"linux/arm64"});
}

TEST(Resolver, SaysWhatThereIsWhenNoPlatformIsAskedFor) {
    Setting setting;
    auto const amd = setting.registry.put_image("linux", "amd64");
    auto const index =
        setting.put_index(descriptor_json(amd, oci_manifest, platform("linux", "amd64")));
    setting.options.platforms = {image::Platform::parse("windows/amd64").value()};
    for (auto const& digest : {amd.digest, index.digest}) {
        auto const subject = setting.resolve(digest);
        ASSERT_FALSE(subject.has_value());
        EXPECT_EQ(subject.error().kind(), ErrorKind::usage);
        EXPECT_NE(subject.error().message().find("windows/amd64"), std::string::npos);
        EXPECT_NE(subject.error().message().find("linux/amd64"), std::string::npos);
        EXPECT_NE(subject.error().remedy().find("--platform"), std::string::npos);
    }
}

TEST(Resolver, AMissingChildIsAnErrorAndSoIsAnIndexOfNothing) {
    Setting setting;
    auto const there = setting.registry.put_image("linux", "amd64");
    FakeRegistry::Put const absent{image::Digest::of("not there"), 5};
    auto const index = setting.put_index(descriptor_json(there, oci_manifest) + "," +
                                         descriptor_json(absent, oci_manifest));
    EXPECT_EQ(setting.resolve(index.digest).error().kind(), ErrorKind::not_found);
    EXPECT_EQ(setting.resolve(setting.put_index("").digest).error().kind(), ErrorKind::protocol);
    auto const only_attestations =
        setting.put_index(descriptor_json(absent, oci_manifest, platform("unknown", "unknown")));
    EXPECT_EQ(setting.resolve(only_attestations.digest).error().kind(), ErrorKind::protocol);
}

TEST(Resolver, RefusesOtherBytesThanTheDigestNames) {
    Setting setting;
    auto const image = setting.registry.put_image("linux", "amd64");
    auto const other = setting.registry.put_image("linux", "arm64");
    auto const path = "/v2/team/app/manifests/" + image.digest.text();
    for (bool const states_digest : {true, false}) {
        setting.registry.before = [&](Received const& received) -> std::optional<Answer> {
            if (received.target != path)
                return std::nullopt;
            auto wrong = Answer::json(200, "{}");
            wrong.headers = {{"Content-Type", std::string(oci_manifest)}};
            if (states_digest)
                wrong.headers.emplace_back("Docker-Content-Digest", image.digest.text());
            return wrong;
        };
        auto const subject = setting.resolve(image.digest);
        ASSERT_FALSE(subject.has_value());
        EXPECT_EQ(subject.error().kind(), ErrorKind::integrity);
    }
    EXPECT_EQ(setting.registry.count("GET", path), 2U) << "never asked again for better bytes";
    static_cast<void>(other);
}

TEST(Resolver, RefusesAHeaderThatNamesAnotherDigest) {
    Setting setting;
    auto const image = setting.registry.put_image("linux", "amd64");
    setting.registry.states_digest = false;
    auto const plain = setting.registry.put_image("linux", "arm64");
    EXPECT_TRUE(setting.resolve(plain.digest).has_value()) << "the header may be absent";
    setting.registry.before = [&](Received const& received) -> std::optional<Answer> {
        if (received.target.find(plain.digest.text()) == std::string::npos)
            return std::nullopt;
        auto wrong = Answer::json(200, "{}");
        wrong.headers = {{"Docker-Content-Digest", image.digest.text()}};
        return wrong;
    };
    EXPECT_EQ(setting.resolve(plain.digest).error().kind(), ErrorKind::integrity);
}

TEST(Resolver, RefusesAChildOrConfigOfAnotherSize) {
    Setting setting;
    auto image = setting.registry.put_image("linux", "amd64");
    ++image.size_bytes;
    auto const index = setting.put_index(descriptor_json(image, oci_manifest));
    EXPECT_EQ(setting.resolve(index.digest).error().kind(), ErrorKind::integrity);
    auto config = setting.registry.put_blob(R"({"os":"linux","architecture":"amd64"})");
    --config.size_bytes;
    auto const manifest = setting.registry.put_manifest(
        cat(R"({"config":)",
            descriptor_json(config, "application/vnd.oci.image.config.v1+json"),
            R"(,"layers":[]})"),
        std::string(oci_manifest));
    EXPECT_EQ(setting.resolve(manifest.digest).error().kind(), ErrorKind::integrity);
}

TEST(Resolver, BoundsManifestsWhateverTheirLengthSays) {
    Setting setting;
    auto const image = setting.registry.put_image("linux", "amd64");
    setting.registry.before = [](Received const&) -> std::optional<Answer> {
        return Answer::text(200, std::string(limits::manifest_bytes + 1, ' '));
    };
    EXPECT_EQ(setting.resolve(image.digest).error().kind(), ErrorKind::limit);
    setting.registry.before = [](Received const&) -> std::optional<Answer> {
        Answer huge;
        huge.raw = "HTTP/1.1 200 OK\r\nContent-Length: 107374182400\r\n\r\n{";
        return huge;
    };
    EXPECT_EQ(setting.resolve(image.digest).error().kind(), ErrorKind::limit);
}

TEST(Resolver, TriesAgainAfterAPassingFault) {
    Setting setting;
    auto const image = setting.registry.put_image("linux", "amd64");
    for (auto const fault : {Answer::Fault::reset_before_headers,
                             Answer::Fault::reset_in_body,
                             Answer::Fault::truncate,
                             Answer::Fault::garbage}) {
        bool is_first = true;
        setting.registry.before = [&](Received const&) -> std::optional<Answer> {
            if (!std::exchange(is_first, false))
                return std::nullopt;
            auto broken = Answer::text(200, "something long enough to be cut");
            broken.fault = fault;
            return broken;
        };
        auto const subject = setting.resolve(image.digest, std::chrono::seconds(10));
        EXPECT_TRUE(subject.has_value()) << static_cast<int>(fault) << subject.error().text();
    }
}

TEST(Resolver, GivesUpInTimeHoweverLongThePeerWantsUsToWait) {
    Setting setting;
    auto const image = setting.registry.put_image("linux", "amd64");
    for (auto const* wish : {"0", "-1", "315360000", "NaN", "Thu, 01 Jan 1970 00:00:00 GMT"}) {
        setting.registry.before = [&](Received const&) -> std::optional<Answer> {
            auto busy = Answer::text(429, "");
            busy.headers = {{"Retry-After", wish}};
            return busy;
        };
        auto const subject = setting.resolve(image.digest, std::chrono::seconds(1));
        ASSERT_FALSE(subject.has_value());
        EXPECT_EQ(subject.error().http_status(), 429) << wish;
    }
}

TEST(Resolver, RefusesSchemaOneWithTheWayOut) {
    Setting setting;
    auto const old =
        setting.registry.put_manifest(R"({"schemaVersion":1,"fsLayers":[],"history":[]})",
                                      "application/vnd.docker.distribution.manifest.v1+prettyjws");
    auto const subject = setting.resolve(old.digest);
    EXPECT_EQ(subject.error().kind(), ErrorKind::protocol);
    EXPECT_NE(subject.error().remedy().find("current builder"), std::string::npos);
}

} // namespace
} // namespace clairgate::registry
