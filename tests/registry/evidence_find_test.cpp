#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/image/manifest.hpp>
#include <clairgate/registry/bundle_manifest.hpp>
#include <clairgate/registry/evidence.hpp>
#include <clairgate/registry/fallback_index.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <registry/evidence_setting.hpp>

namespace clairgate::registry {
namespace {

using nlohmann::json;
using test::Answer;
using test::EvidenceSetting;
using test::FakeReferrers;
using test::Received;
using Words = std::vector<std::string>;

EvidenceWish bundles_only() {
    EvidenceWish wish;
    wish.is_envelope_wanted = false;
    return wish;
}

std::string bundle(std::string const& words) {
    return EvidenceSetting::evidence(words).bundle;
}

// Puts a bundle and lists it by the tag, with the artifact type that the writer states.
void list_by_tag(EvidenceSetting& setting, std::string const& words, std::string_view type) {
    auto const manifest = setting.bundle_manifest(words);
    setting.registry.put_manifest(manifest, std::string(image::media_type::oci_manifest));
    auto index = json::parse(edit_fallback(std::nullopt, {{manifest}, {}}).value().value().bytes);
    index["manifests"][0]["artifactType"] = type;
    index["manifests"][0].erase("annotations");
    setting.referrers.overwrite(
        setting.fallback(), index.dump(), std::string(image::media_type::oci_index));
}

TEST(FindEvidence, NeedsThreeRequestsForOneBundle) {
    EvidenceSetting setting;
    auto const manifest = setting.put_bundle("a");
    auto const found = setting.find(bundles_only()).value();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].form, EvidenceForm::bundle);
    EXPECT_EQ(found[0].bytes, bundle("a"));
    EXPECT_EQ(found[0].manifest, manifest);
    EXPECT_EQ(found[0].blob, image::Digest::of(bundle("a")));
    EXPECT_EQ(found[0].predicate_type, "https://example.com/vuln/v1");
    EXPECT_EQ(setting.registry.received().size(), 3U);
}

TEST(FindEvidence, NeedsADigest) {
    EvidenceSetting setting;
    auto const found = setting.world.run(find_evidence(setting.world.world,
                                                       setting.options,
                                                       setting.registry.tagged("latest"),
                                                       {},
                                                       {},
                                                       setting.deadline()));
    ASSERT_FALSE(found.has_value());
    EXPECT_EQ(found.error().kind(), ErrorKind::usage);
}

TEST(FindEvidence, FindsNothingWhereThereIsNothing) {
    for (auto const api : {FakeReferrers::Api::native, FakeReferrers::Api::none}) {
        EvidenceSetting setting(api);
        EXPECT_EQ(setting.found(), Words());
    }
}

TEST(FindEvidence, ReadsTheTagWhereThereIsNoListing) {
    for (auto const api : {FakeReferrers::Api::none, FakeReferrers::Api::page}) {
        // The types that writers put there, right and wrong.
        for (auto const* const type : {"application/vnd.dev.sigstore.bundle.v0.3+json",
                                       "application/vnd.oci.empty.v1+json",
                                       ""}) {
            EvidenceSetting setting(api);
            list_by_tag(setting, "a", type);
            EXPECT_EQ(setting.found(bundles_only()), Words({bundle("a")})) << type;
            EXPECT_EQ(setting.registry.received().size(), 4U);
        }
    }
    EvidenceSetting native;
    list_by_tag(native, "a", "");
    EXPECT_EQ(native.found(bundles_only()), Words()) << "the registry lists, so the tag is not";
}

TEST(FindEvidence, TakesBothFormsAndChoosesByType) {
    EvidenceSetting setting;
    ASSERT_TRUE(setting.attach(EvidenceSetting::evidence("a")).has_value());
    auto other = EvidenceSetting::evidence("b");
    other.predicate_type = "https://example.com/other";
    other.envelope_annotations = {{"dev.sigstore.cosign/certificate", "PEM"}};
    ASSERT_TRUE(setting.attach(other).has_value());
    EXPECT_EQ(setting.found(),
              Words({bundle("a"),
                     bundle("b"),
                     EvidenceSetting::evidence("a").envelope,
                     EvidenceSetting::evidence("b").envelope}));
    EvidenceWish wish;
    wish.wants = [](std::string_view type) { return type == "https://example.com/other"; };
    auto const found = setting.find(wish).value();
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].bytes, bundle("b"));
    EXPECT_EQ(found[1].form, EvidenceForm::envelope);
    EXPECT_EQ(found[1].annotations.at("dev.sigstore.cosign/certificate"), "PEM");
    wish.is_bundle_wanted = false;
    auto const before = setting.registry.received().size();
    EXPECT_EQ(setting.found(wish), Words({other.envelope}));
    EXPECT_EQ(setting.registry.received().size(), before + 2) << "the tag and one blob";
}

TEST(FindEvidence, RefusesMoreReferrersThanItsBound) {
    EvidenceSetting setting(FakeReferrers::Api::none);
    auto index = json::parse(R"({"manifests":[]})");
    for (int i = 0; i < 2000; ++i)
        index["manifests"].push_back({{"mediaType", image::media_type::oci_manifest},
                                      {"digest", image::Digest::of(cat(i)).text()},
                                      {"size", 1},
                                      {"artifactType", bundle_type}});
    setting.referrers.overwrite(
        setting.fallback(), index.dump(), std::string(image::media_type::oci_index));
    auto const found = setting.find();
    ASSERT_FALSE(found.has_value());
    EXPECT_EQ(found.error().kind(), ErrorKind::limit);
    EXPECT_EQ(setting.registry.received().size(), 2U);
}

// What one who may push, or the registry itself, answers with: never more than our bounds, never
// the evidence of another image.
TEST(FindEvidence, LeavesOutWhatAnAttackerPuts) {
    EvidenceSetting setting;
    auto manifest = json::parse(setting.bundle_manifest("a"));
    auto large = manifest;
    large["layers"][0]["size"] = std::uint64_t{1} << 30U;
    setting.referrers.put(large.dump());
    auto two = manifest;
    two["layers"].push_back(two["layers"][0]);
    setting.referrers.put(two.dump());
    auto missing = manifest;
    missing["layers"][0]["digest"] = image::Digest::of("missing").text();
    setting.referrers.put(missing.dump());
    auto const good = setting.put_bundle("good");
    std::vector<std::string> notes;
    EvidenceWish wish;
    wish.note = [&](std::string_view text) { notes.emplace_back(text); };
    EXPECT_EQ(setting.found(wish), Words({bundle("good")}));
    EXPECT_EQ(notes.size(), 3U);
    // A listing that names a referrer of another image.
    auto foreign = json::parse(setting.bundle_manifest("foreign"));
    foreign["subject"]["digest"] = image::Digest::of("another image").text();
    auto const put =
        setting.registry.put_manifest(foreign.dump(), std::string(image::media_type::oci_manifest));
    setting.referrers.before = [&](Received const& received) -> std::optional<Answer> {
        if (received.target.find("/referrers/") == std::string::npos)
            return std::nullopt;
        auto answer = Answer::text(
            200,
            cat(R"({"manifests":[)",
                test::descriptor_json(
                    put,
                    image::media_type::oci_manifest,
                    R"(,"artifactType":"application/vnd.dev.sigstore.bundle.v0.3+json")"),
                "]}"));
        answer.headers = {{"Content-Type", std::string(image::media_type::oci_index)}};
        return answer;
    };
    EXPECT_EQ(setting.found(wish), Words());
    EXPECT_EQ(notes.size(), 4U);
}

TEST(FindEvidence, FailsOnBytesThatContradictTheirDigest) {
    for (auto const* const store : {"/manifests/sha256:", "/blobs/"}) {
        EvidenceSetting setting;
        setting.put_bundle("a");
        setting.referrers.before = [&](Received const& received) -> std::optional<Answer> {
            if (received.target.find(store) == std::string::npos)
                return std::nullopt;
            return Answer::text(200, "{}");
        };
        auto const found = setting.find();
        ASSERT_FALSE(found.has_value()) << store;
        EXPECT_EQ(found.error().kind(), ErrorKind::integrity) << store;
    }
}

TEST(FindEvidence, FailsOnTooManyAttestations) {
    EvidenceSetting setting;
    json manifest = {{"layers", json::array()}};
    for (std::size_t i = 0; i <= limits::layers; ++i)
        manifest["layers"].push_back({{"mediaType", "text/plain"}});
    setting.referrers.overwrite(
        setting.attestations(), manifest.dump(), std::string(image::media_type::oci_manifest));
    EXPECT_EQ(setting.find().error().kind(), ErrorKind::limit);
}

} // namespace
} // namespace clairgate::registry
