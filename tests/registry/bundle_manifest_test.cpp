#include <clairgate/base/text.hpp>
#include <clairgate/image/manifest.hpp>
#include <clairgate/registry/bundle_manifest.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace clairgate::registry {
namespace {

using nlohmann::json;

EvidenceSubject subject() {
    return {{"localhost:5000", "team/app"},
            image::Digest::of("image"),
            std::string(image::media_type::oci_index),
            1234};
}

NewEvidence evidence() {
    return {"https://example.com/vuln/v1", R"({"b":1})", "", "2026-11-24T00:45:49Z", {}};
}

Result<EvidencePlace> parse(std::string const& bytes,
                            std::string_view type = image::media_type::oci_manifest) {
    return parse_bundle_manifest(bytes, type, image::Digest::of(bytes), subject().digest);
}

// The digest is a contract: cosign and policy engines read this, member by member.
TEST(BundleManifest, IsWhatCosignReads) {
    auto const bundle = image::Digest::of(R"({"b":1})").text();
    EXPECT_EQ(
        bundle_manifest(subject(), evidence()),
        cat(R"({"annotations":{"dev.sigstore.bundle.content":"dsse-envelope",)",
            R"("dev.sigstore.bundle.predicateType":"https://example.com/vuln/v1",)",
            R"("in-toto.io/predicate-type":"https://example.com/vuln/v1",)",
            R"("org.opencontainers.image.created":"2026-11-24T00:45:49Z"},)",
            R"("artifactType":"application/vnd.dev.sigstore.bundle.v0.3+json",)",
            R"("config":{"digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c0)",
            R"(60f61caaff8a","mediaType":"application/vnd.oci.empty.v1+json","size":2},)",
            R"("layers":[{"digest":")",
            bundle,
            R"(","mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","size":7}],)",
            R"("mediaType":"application/vnd.oci.image.manifest.v1+json","schemaVersion":2,)",
            R"("subject":{"digest":")",
            image::Digest::of("image").text(),
            R"(","mediaType":"application/vnd.oci.image.index.v1+json","size":1234}})"));
}

TEST(BundleManifest, ReadsWhatItWrote) {
    auto const bytes = bundle_manifest(subject(), evidence());
    auto const place = parse(bytes).value();
    EXPECT_EQ(place.form, EvidenceForm::bundle);
    EXPECT_EQ(place.manifest, image::Digest::of(bytes));
    EXPECT_EQ(place.blob, image::Digest::of(R"({"b":1})"));
    EXPECT_EQ(place.size_bytes, 7U);
    EXPECT_EQ(place.predicate_type, "https://example.com/vuln/v1");
}

struct Row {
    char const* sentence;
    char const* patch; // RFC 7396, on what we write
    bool is_bundle;
};

TEST(BundleManifest, FollowsTheTable) {
    Row const rows[] = {
        {"as it is", R"({})", true},
        {"no subject: the tag's name says it", R"({"subject":null})", true},
        {"an older version",
         R"({"artifactType":"application/vnd.dev.sigstore.bundle+json"})",
         true},
        {"no artifact type", R"({"artifactType":null})", true},
        {"no media type", R"({"mediaType":null})", true},
        {"no annotations", R"({"annotations":null})", true},
        {"another subject", R"({"subject":{"digest":"sha256:00"}})", false},
        {"an odd subject", R"({"subject":7})", false},
        {"another artifact", R"({"artifactType":"application/spdx+json"})", false},
        {"an index", R"({"manifests":[]})", false},
        {"another media type", R"({"mediaType":"application/vnd.oci.image.index.v1+json"})", false},
        {"no layer", R"({"layers":[]})", false},
        {"layers that are none", R"({"layers":{"0":1}})", false},
        {"a layer that is none", R"({"layers":[7]})", false},
        {"a layer without a type", R"({"layers":[{"size":1}]})", false},
    };
    for (auto const& row : rows) {
        auto manifest = json::parse(bundle_manifest(subject(), evidence()));
        manifest.merge_patch(json::parse(row.patch));
        EXPECT_EQ(parse(manifest.dump()).has_value(), row.is_bundle) << row.sentence;
    }
    auto manifest = json::parse(bundle_manifest(subject(), evidence()));
    manifest["layers"].push_back(manifest["layers"][0]);
    EXPECT_FALSE(parse(manifest.dump()).has_value()) << "two layers";
    manifest["layers"].erase(1);
    manifest["layers"][0]["mediaType"] = "application/vnd.oci.image.layer.v1.tar";
    EXPECT_FALSE(parse(manifest.dump()).has_value()) << "a layer of another type";
    EXPECT_FALSE(parse("garbage").has_value());
    auto const whole = bundle_manifest(subject(), evidence());
    EXPECT_FALSE(parse(whole, image::media_type::oci_index).has_value());
    EXPECT_TRUE(parse(whole, "").has_value());
}

TEST(BundleManifest, TakesThePredicateTypeOfOtherTools) {
    auto manifest = json::parse(bundle_manifest(subject(), evidence()));
    manifest["annotations"] = {{"in-toto.io/predicate-type", "t"}};
    EXPECT_EQ(parse(manifest.dump()).value().predicate_type, "t");
    manifest.erase("annotations");
    EXPECT_EQ(parse(manifest.dump()).value().predicate_type, "");
}

} // namespace
} // namespace clairgate::registry
