#include <clairgate/base/text.hpp>
#include <clairgate/gate/policy_artifact.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <registry/fake_uploads.hpp>
#include <support/test_world.hpp>

namespace clairgate::gate {
namespace {

using test::FakeRegistry;
using test::FakeUploads;
using test::TestWorld;
using Files = std::vector<policy::SourceFile>;

struct Setting {
    Deadline deadline() const {
        return Deadline::after(world.clock, std::chrono::milliseconds(1500));
    }
    Result<PushedPolicy> push(Files files, std::string const& tag = "v1") {
        return world.run(
            push_policy(world.world, {}, std::move(files), registry.tagged(tag), deadline()));
    }
    Result<Files> pull(image::Reference const& reference) {
        return world.run(policy_of_artifact(world.world, {}, reference, deadline()));
    }
    TestWorld world;
    FakeRegistry registry{world.context};
    FakeUploads uploads{registry};
};

TEST(PolicyArtifact, ComesBackSortedAndNamesItsSource) {
    Setting setting;
    auto const pushed = setting.push({{"global.toml", "schema = 1\n"},
                                      {"application/app@prod.toml", "schema = 1\n"},
                                      {"environment/prod.toml", ""}});
    ASSERT_TRUE(pushed.has_value()) << pushed.error().text();
    EXPECT_EQ(pushed->size_bytes, setting.registry.received().back().body.size());
    auto const files = setting.pull(setting.registry.at(pushed->digest)).value();
    ASSERT_EQ(files.size(), 3U);
    EXPECT_EQ(files[0].path, "application/app@prod.toml");
    EXPECT_EQ(files[1].path, "environment/prod.toml");
    EXPECT_EQ(files[1].bytes, "");
    EXPECT_EQ(files[2].path, "global.toml");
    EXPECT_EQ(files[2].bytes, "schema = 1\n");
    EXPECT_EQ(files[2].source, cat("oci:", setting.registry.at(pushed->digest).text()));
}

TEST(PolicyArtifact, HasOneDigestForTheSameFiles) {
    Setting setting;
    Files files = {{"b.toml", "2"}, {"a.toml", "1"}};
    auto const first = setting.push(files).value().digest;
    std::reverse(files.begin(), files.end());
    files[0].source = "git:0123";
    EXPECT_EQ(setting.push(files, "v2").value().digest, first);
    files[0].bytes += "\n";
    EXPECT_NE(setting.push(files, "v3").value().digest, first);
    // Whoever pinned a digest must find it again with the next version of clairgate.
    EXPECT_EQ(first.text(),
              "sha256:b7740aa0c7362bd8a4c0bb7d014668f25322f420aab8161335e9db2e95417e84");
}

TEST(PolicyArtifact, IsPushedAndPulledAsTomlAlone) {
    Setting setting;
    for (Files const& files : {Files{},
                               Files{{"README.md", ""}},
                               Files{{"../global.toml", ""}},
                               Files{{"a.toml", ""}, {"a.toml", ""}},
                               Files{{"Environment/prod.toml", ""}}})
        EXPECT_EQ(setting.push(files).error().kind(), ErrorKind::usage);
    EXPECT_EQ(setting.registry.received().size(), 0U);
    auto const pushed = setting.push({{"a.toml", "x"}}).value().digest;
    auto manifest = setting.registry.received().back().body;
    ASSERT_EQ(image::Digest::of(manifest), pushed);
    manifest.replace(manifest.find("\"a.toml\""), 8, "\"a.yaml\"");
    auto const other =
        setting.registry.put_manifest(manifest, "application/vnd.oci.image.manifest.v1+json");
    auto const refused = setting.pull(setting.registry.at(other.digest));
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().kind(), ErrorKind::protocol);
    EXPECT_NE(refused.error().text().find("a.yaml"), std::string::npos);
}

TEST(PolicyArtifact, IsNoImageAndNoTag) {
    Setting setting;
    auto const image = setting.registry.put_image("linux", "amd64");
    auto const refused = setting.pull(setting.registry.at(image.digest));
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().kind(), ErrorKind::protocol);
    EXPECT_EQ(setting.pull(setting.registry.tagged("v1")).error().kind(), ErrorKind::usage);
}

} // namespace
} // namespace clairgate::gate
