#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/registry/verified.hpp>

#include <gtest/gtest.h>

#include <registry/fake_registry.hpp>
#include <support/test_world.hpp>

namespace clairgate::registry {
namespace {

using test::Answer;
using test::FakeRegistry;
using test::Received;
using test::TestWorld;

struct Setting {
    Result<io::Response> fetch(Store store, image::Digest const& digest, std::size_t bytes_max) {
        return world.run(fetch_verified(
            world.world, fetcher, registry.repository(), store, digest, bytes_max, deadline()));
    }
    Result<std::optional<TagContent>> read(std::string tag) {
        return world.run(
            read_tag(world.world, fetcher, registry.repository(), std::move(tag), deadline()));
    }
    Deadline deadline() const { return Deadline::after(world.clock, std::chrono::seconds(10)); }

    TestWorld world;
    FakeRegistry registry{world.context};
    Options options;
    Fetcher fetcher{world.world, options};
};

TEST(FetchVerified, GivesTheBytesOfTheDigestOnly) {
    Setting setting;
    auto const blob = setting.registry.put_blob("bytes").digest;
    auto const manifest = setting.registry.put_manifest("{}", "application/x").digest;
    EXPECT_EQ(setting.fetch(Store::blobs, blob, 5).value().body, "bytes");
    EXPECT_EQ(setting.fetch(Store::manifests, manifest, 5).value().body, "{}");
    EXPECT_EQ(setting.fetch(Store::blobs, blob, 4).error().kind(), ErrorKind::limit);
    EXPECT_EQ(setting.fetch(Store::blobs, manifest, 5).error().kind(), ErrorKind::not_found);
    setting.registry.before = [](Received const&) { return Answer::text(200, "other"); };
    EXPECT_EQ(setting.fetch(Store::blobs, blob, 5).error().kind(), ErrorKind::integrity);
}

TEST(FetchVerified, TriesAgainAfterPassingTrouble) {
    Setting setting;
    auto const blob = setting.registry.put_blob("bytes").digest;
    int failures = 0;
    setting.registry.before = [&](Received const&) {
        return failures++ == 0 ? std::optional(Answer::text(503, "")) : std::nullopt;
    };
    EXPECT_EQ(setting.fetch(Store::blobs, blob, 5).value().body, "bytes");
}

TEST(ReadTag, GivesWhatTheTagHolds) {
    Setting setting;
    EXPECT_FALSE(setting.read("none").value().has_value());
    setting.registry.tag("one", setting.registry.put_manifest("{}", "application/x").digest);
    auto const content = setting.read("one").value().value();
    EXPECT_EQ(content.bytes, "{}");
    EXPECT_EQ(content.media_type, "application/x");
    EXPECT_EQ(content.etag, "");
}

TEST(ReadTag, KeepsAStrongETagOnly) {
    for (auto const& [etag, kept] :
         std::vector<std::pair<std::string, std::string>>{{R"("sha256:1")", R"("sha256:1")"},
                                                          {R"(W/"1")", ""},
                                                          {R"("")", ""},
                                                          {"sha256:1", ""},
                                                          {"\"", ""}}) {
        Setting setting;
        setting.registry.before = [&](Received const&) {
            auto answer = Answer::text(200, "{}");
            answer.headers.emplace_back("ETag", etag);
            return answer;
        };
        EXPECT_EQ(setting.read("one").value().value().etag, kept) << etag;
    }
}

TEST(ReadTag, IsBoundedAndTellsARefusalFromAbsence) {
    Setting setting;
    auto answer = Answer::text(200, "{}");
    setting.registry.before = [&](Received const&) { return answer; };
    answer.headers.emplace_back("Docker-Content-Digest", image::Digest::of("[]").text());
    EXPECT_EQ(setting.read("one").error().kind(), ErrorKind::integrity);
    answer = Answer::text(403, "");
    EXPECT_EQ(setting.read("one").error().kind(), ErrorKind::denied);
    answer = Answer::text(200, std::string(limits::manifest_bytes + 1, ' '));
    EXPECT_EQ(setting.read("one").error().kind(), ErrorKind::limit);
}

} // namespace
} // namespace clairgate::registry
