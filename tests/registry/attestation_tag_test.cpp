#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/image/manifest.hpp>
#include <clairgate/registry/attestation_tag.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace clairgate::registry {
namespace {

using nlohmann::json;

TagContent content(std::string bytes, std::string_view type = image::media_type::oci_manifest) {
    return {std::move(bytes), std::string(type), ""};
}

AttestationEdit add(std::string envelope) {
    EnvelopeLayer layer{
        std::move(envelope), "https://example.com/vuln/v1", {{"dev.sigstore.cosign/chain", "P"}}};
    return {{std::move(layer)}, {}};
}

TEST(AttestationTag, IsTheDigestWithASuffix) {
    auto const digest = image::Digest::of("x");
    EXPECT_EQ(attestation_tag(digest), cat("sha256-", digest.hex(), ".att"));
    auto const longer = image::Digest::parse("sha512:" + std::string(128, 'a')).value();
    EXPECT_EQ(attestation_tag(longer), std::nullopt) << "no tag is that long";
}

TEST(EditAttestations, MakesWhatCosignReads) {
    auto const update = edit_attestations(std::nullopt, add("{}")).value().value();
    EXPECT_EQ(update.media_type, image::media_type::oci_manifest);
    ASSERT_EQ(update.blobs.size(), 1U);
    auto const envelope = image::Digest::of("{}").text();
    auto const manifest = json::parse(update.bytes);
    json const wanted = {{"schemaVersion", 2},
                         {"mediaType", "application/vnd.oci.image.manifest.v1+json"},
                         {"config",
                          {{"mediaType", "application/vnd.oci.image.config.v1+json"},
                           {"digest", image::Digest::of(update.blobs[0]).text()},
                           {"size", update.blobs[0].size()}}},
                         {"layers",
                          json::array({{{"mediaType", "application/vnd.dsse.envelope.v1+json"},
                                        {"digest", envelope},
                                        {"size", 2},
                                        {"annotations",
                                         {{"dev.cosignproject.cosign/signature", ""},
                                          {"predicateType", "https://example.com/vuln/v1"},
                                          {"dev.sigstore.cosign/chain", "P"}}}}})}};
    EXPECT_EQ(manifest, wanted);
    json const config = {{"architecture", ""},
                         {"os", ""},
                         {"config", json::object()},
                         {"created", "0001-01-01T00:00:00Z"},
                         {"history", json::array({{{"created", "0001-01-01T00:00:00Z"}}})},
                         {"rootfs", {{"type", "layers"}, {"diff_ids", json::array({envelope})}}}};
    EXPECT_EQ(json::parse(update.blobs[0]), config);
}

TEST(EditAttestations, AppendsOnceAndLeavesOthersAlone) {
    std::string const others =
        R"({"mediaType":"application/vnd.docker.distribution.manifest.v2+json","x":1,)"
        R"("config":{"mediaType":"application/vnd.docker.container.image.v1+json","digest":"d"},)"
        R"("layers":[{"digest":"sha256:1","odd":true,"annotations":{"k":"v"}}]})";
    auto const held = content(others, image::media_type::docker_manifest);
    auto const update = edit_attestations(held, add("{}")).value().value();
    EXPECT_EQ(update.media_type, image::media_type::docker_manifest);
    auto const manifest = json::parse(update.bytes);
    EXPECT_EQ(manifest.at("x"), 1);
    EXPECT_EQ(manifest.at("layers").at(0), json::parse(others).at("layers").at(0));
    EXPECT_EQ(manifest.at("config").at("mediaType"),
              "application/vnd.docker.container.image.v1+json");
    EXPECT_EQ(manifest.at("config").at("digest"), image::Digest::of(update.blobs[0]).text());
    auto const ids = json::parse(update.blobs[0]).at("rootfs").at("diff_ids");
    EXPECT_EQ(ids, json::array({"sha256:1", image::Digest::of("{}").text()}));
    auto const again = content(update.bytes, image::media_type::docker_manifest);
    EXPECT_FALSE(edit_attestations(again, add("{}")).value().has_value());
}

TEST(EditAttestations, RemovesAndAddsInOneWrite) {
    auto const first = edit_attestations(std::nullopt, add("1")).value().value();
    auto edit = add("2");
    edit.removed = {image::Digest::of("1"), image::Digest::of("never there")};
    auto const second = edit_attestations(content(first.bytes), edit).value().value();
    auto const places = parse_attestations(content(second.bytes)).value();
    ASSERT_EQ(places.size(), 1U);
    EXPECT_EQ(places[0].blob, image::Digest::of("2"));
    EXPECT_FALSE(edit_attestations(content(second.bytes), edit).value().has_value());
    AttestationEdit const last{{}, {image::Digest::of("2")}};
    auto const none = edit_attestations(content(second.bytes), last).value().value();
    EXPECT_TRUE(parse_attestations(content(none.bytes)).value().empty());
    EXPECT_FALSE(edit_attestations(std::nullopt, last).value().has_value());
}

TEST(EditAttestations, AddsSeveralInOneWriteAndEachOnce) {
    auto const first = edit_attestations(std::nullopt, add("1")).value().value();
    AttestationEdit edit{{add("1").added[0], add("2").added[0], add("3").added[0]}, {}};
    auto const update = edit_attestations(content(first.bytes), edit).value().value();
    auto const places = parse_attestations(content(update.bytes)).value();
    ASSERT_EQ(places.size(), 3U);
    for (std::size_t i = 0; i < places.size(); ++i)
        EXPECT_EQ(places[i].blob, image::Digest::of(std::to_string(i + 1)));
    EXPECT_FALSE(edit_attestations(content(update.bytes), edit).value().has_value());
}

TEST(ParseAttestations, GivesTheEnvelopesInOrder) {
    auto const first = edit_attestations(std::nullopt, add("1")).value().value();
    auto manifest = json::parse(first.bytes);
    manifest["layers"].insert(manifest["layers"].begin(), {{"mediaType", "text/plain"}});
    auto const bytes = manifest.dump();
    auto const places = parse_attestations(content(bytes)).value();
    ASSERT_EQ(places.size(), 1U);
    EXPECT_EQ(places[0].form, EvidenceForm::envelope);
    EXPECT_EQ(places[0].manifest, image::Digest::of(bytes));
    EXPECT_EQ(places[0].blob, image::Digest::of("1"));
    EXPECT_EQ(places[0].size_bytes, 1U);
    EXPECT_EQ(places[0].predicate_type, "https://example.com/vuln/v1");
    EXPECT_EQ(places[0].annotations.at("dev.sigstore.cosign/chain"), "P");
}

TEST(ParseAttestations, RefusesWhatIsNoImageManifest) {
    std::string const layers = R"({"layers":[]})";
    for (auto const& other :
         {content(layers, image::media_type::oci_index),
          content(layers, ""),
          content("garbage"),
          content("{}"),
          content("[]"),
          content(R"({"layers":[],"manifests":[]})"),
          content(R"({"layers":[],"mediaType":"application/vnd.oci.image.index.v1+json"})"),
          content(R"({"layers":[{"mediaType":"application/vnd.dsse.envelope.v1+json"}]})")}) {
        EXPECT_FALSE(parse_attestations(other).has_value()) << other.bytes;
    }
    auto const edited = edit_attestations(content(layers, image::media_type::oci_index), add("1"));
    ASSERT_FALSE(edited.has_value());
    EXPECT_EQ(edited.error().kind(), ErrorKind::protocol);
    EXPECT_NE(edited.error().remedy(), "") << "what is there is not overwritten";
}

TEST(ParseAttestations, HasABoundOfLayers) {
    json manifest = {{"layers", json::array()}};
    for (std::size_t i = 0; i < limits::layers; ++i)
        manifest["layers"].push_back({{"mediaType", "text/plain"}, {"digest", cat(i)}});
    EXPECT_TRUE(parse_attestations(content(manifest.dump())).has_value());
    auto const full = edit_attestations(content(manifest.dump()), add("1"));
    EXPECT_EQ(full.error().kind(), ErrorKind::limit);
    manifest["layers"].push_back({{"mediaType", "text/plain"}});
    EXPECT_EQ(parse_attestations(content(manifest.dump())).error().kind(), ErrorKind::limit);
}

} // namespace
} // namespace clairgate::registry
