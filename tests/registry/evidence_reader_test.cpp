#include <clairgate/base/text.hpp>
#include <clairgate/image/manifest.hpp>
#include <clairgate/registry/bundle_manifest.hpp>
#include <clairgate/registry/evidence_reader.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <registry/evidence_setting.hpp>

namespace clairgate::registry {
namespace {

using nlohmann::json;
using test::Answer;
using test::EvidenceSetting;
using test::Received;

struct Setting : EvidenceSetting {
    EvidenceReader reader() {
        return {world.world,
                fetcher,
                registry.repository(),
                image.digest,
                limits,
                [this](std::string_view text) { notes.emplace_back(text); },
                memory};
    }
    // The manifest of a bundle, patched (RFC 7396) and put.
    Referrer put(std::string const& words, std::string const& patch = "{}") {
        auto manifest = json::parse(bundle_manifest(words));
        manifest.merge_patch(json::parse(patch));
        auto const put =
            registry.put_manifest(manifest.dump(), std::string(image::media_type::oci_manifest));
        return {put.digest, std::string(bundle_type)};
    }
    Result<std::vector<EvidencePlace>> bundles(std::vector<Referrer> listed) {
        auto one = reader();
        return world.run(one.bundles(std::move(listed), deadline()));
    }
    Result<std::vector<Evidence>> fetch(std::vector<EvidencePlace> places) {
        auto one = reader();
        return world.run(one.fetch(std::move(places), deadline()));
    }
    // A place of a blob that is there, of `size_bytes` by its descriptor.
    EvidencePlace place(std::string const& bytes, std::uint64_t size_bytes) {
        registry.put_blob(bytes);
        return {EvidenceForm::bundle,
                image::Digest::of("m"),
                image::Digest::of(bytes),
                size_bytes,
                "t",
                {}};
    }

    Fetcher fetcher{world.world, options};
    std::vector<std::string> notes;
};

TEST(EvidenceReader, FetchesTheManifestOfEachCandidate) {
    Setting setting;
    auto const a = setting.put("a");
    auto silent = setting.put("b");
    silent.artifact_type = "application/vnd.oci.empty.v1+json";
    auto other = setting.put("c");
    other.artifact_type = "application/spdx+json";
    auto const places = setting.bundles({a, silent, other}).value();
    ASSERT_EQ(places.size(), 2U);
    EXPECT_EQ(places[0].manifest, a.digest);
    EXPECT_EQ(places[0].blob, image::Digest::of(EvidenceSetting::evidence("a").bundle));
    EXPECT_EQ(places[1].manifest, silent.digest);
    EXPECT_EQ(setting.registry.received().size(), 2U);
    EXPECT_TRUE(setting.notes.empty());
}

TEST(EvidenceReader, LeavesOutWhatIsNoBundleOrGone) {
    Setting setting;
    Referrer const gone{image::Digest::of("gone"), std::string(bundle_type)};
    auto const another = setting.put("a", R"({"subject":{"digest":"sha256:00"}})");
    auto const fake = setting.put("a", R"({"artifactType":"application/spdx+json"})");
    auto const good = setting.put("a");
    auto quiet = setting.put("a", R"({"layers":[]})");
    quiet.artifact_type = "";
    auto const places = setting.bundles({gone, another, fake, good, quiet}).value();
    ASSERT_EQ(places.size(), 1U);
    EXPECT_EQ(places[0].manifest, good.digest);
    EXPECT_EQ(setting.notes.size(), 3U) << "one that never said it was a bundle is no news";
}

TEST(EvidenceReader, FailsOnOtherBytesAndTrouble) {
    Setting setting;
    auto const one = setting.put("a");
    auto answer = Answer::text(200, "{}");
    setting.referrers.before = [&](Received const&) { return answer; };
    EXPECT_EQ(setting.bundles({one}).error().kind(), ErrorKind::integrity);
    answer = Answer::text(403, "");
    EXPECT_EQ(setting.bundles({one}).error().kind(), ErrorKind::denied);
    EXPECT_TRUE(setting.notes.empty());
}

TEST(EvidenceReader, HasABoundOfCandidates) {
    Setting setting;
    std::vector<Referrer> many;
    for (int i = 0; i < 10000; ++i)
        many.push_back({image::Digest::of(cat(i)), std::string(bundle_type)});
    auto const refused = setting.bundles(many);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().kind(), ErrorKind::limit);
    EXPECT_EQ(setting.registry.received().size(), 0U);
    for (auto& one : many)
        one.artifact_type = "application/spdx+json";
    EXPECT_TRUE(setting.bundles(many).value().empty());
    EXPECT_EQ(setting.registry.received().size(), 0U);
}

TEST(EvidenceReader, FetchesEvidenceInOrder) {
    Setting setting;
    std::vector<EvidencePlace> places;
    for (auto const* const bytes : {"1", "22", "333", "4444", "55555", "666666"})
        places.push_back(setting.place(bytes, std::string_view(bytes).size()));
    auto const found = setting.fetch(places).value();
    ASSERT_EQ(found.size(), 6U);
    EXPECT_EQ(found[0].bytes, "1");
    EXPECT_EQ(found[5].bytes, "666666");
    EXPECT_EQ(found[5].blob, image::Digest::of("666666"));
    EXPECT_EQ(found[5].manifest, image::Digest::of("m"));
    EXPECT_EQ(found[5].predicate_type, "t");
}

TEST(EvidenceReader, LeavesOutWhatIsTooLargeGoneOrOfAnotherSize) {
    Setting setting;
    setting.limits.blob_bytes = 10;
    auto gone = setting.place("g", 1);
    gone.blob = image::Digest::of("gone");
    auto const places = std::vector{setting.place("a", std::uint64_t{1} << 30U),
                                    setting.place(std::string(11, 'x'), 11),
                                    setting.place("longer", 2),
                                    setting.place("shorter", 9),
                                    gone,
                                    setting.place(std::string(10, 'x'), 10)};
    auto const found = setting.fetch(places).value();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].bytes, std::string(10, 'x'));
    EXPECT_EQ(setting.notes.size(), 5U);
    EXPECT_EQ(setting.registry.count("GET", "/v2/team/app/blobs/"), 4U) << "not the large ones";
}

TEST(EvidenceReader, HasABoundOfAllBytes) {
    Setting setting;
    setting.limits.total_bytes = 10;
    auto const five = setting.place("12345", 5);
    EXPECT_EQ(setting.fetch({five, five}).value().size(), 2U);
    auto const asked = setting.registry.received().size();
    EXPECT_EQ(setting.fetch({five, five, setting.place("1", 1)}).error().kind(), ErrorKind::limit);
    EXPECT_EQ(setting.registry.received().size(), asked);
}

TEST(EvidenceReader, TakesOtherBytesForAnError) {
    Setting setting;
    auto place = setting.place("a", 1);
    setting.referrers.before = [](Received const&) { return Answer::text(200, "b"); };
    EXPECT_EQ(setting.fetch({place}).error().kind(), ErrorKind::integrity);
}

TEST(EvidenceReader, NotesTagsThatHoldSomethingElse) {
    Setting setting;
    auto one = setting.reader();
    for (auto const& tag : {setting.fallback(), setting.attestations()})
        setting.referrers.overwrite(tag, "garbage", "text/plain");
    EXPECT_TRUE(setting.world.run(one.fallback_referrers(setting.deadline())).value().empty());
    EXPECT_TRUE(one.envelopes(setting.world.run(one.attestations(setting.deadline())).value())
                    .value()
                    .empty());
    EXPECT_EQ(setting.notes.size(), 2U);
}

} // namespace
} // namespace clairgate::registry
