#include <clairgate/base/text.hpp>
#include <clairgate/image/manifest.hpp>
#include <clairgate/registry/fallback_index.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace clairgate::registry {
namespace {

using nlohmann::json;

TagContent content(std::string bytes, std::string_view type = image::media_type::oci_index) {
    return {std::move(bytes), std::string(type), ""};
}

std::string const manifest =
    R"({"artifactType":"t","annotations":{"a":"1"},"config":{"mediaType":"c"}})";

TEST(EditFallback, MakesAnIndex) {
    auto const update = edit_fallback(std::nullopt, {{manifest}, {}}).value().value();
    EXPECT_EQ(update.media_type, image::media_type::oci_index);
    EXPECT_TRUE(update.blobs.empty());
    auto const index = json::parse(update.bytes);
    EXPECT_EQ(index.at("mediaType"), image::media_type::oci_index);
    EXPECT_EQ(index.at("schemaVersion"), 2);
    json const wanted = {{"mediaType", image::media_type::oci_manifest},
                         {"digest", image::Digest::of(manifest).text()},
                         {"size", manifest.size()},
                         {"artifactType", "t"},
                         {"annotations", {{"a", "1"}}}};
    EXPECT_EQ(index.at("manifests"), json::array({wanted}));
}

TEST(EditFallback, TakesTheConfigsTypeWhereThereIsNoOther) {
    std::string const plain = R"({"config":{"mediaType":"c"}})";
    auto const update = edit_fallback(std::nullopt, {{plain}, {}}).value().value();
    EXPECT_EQ(json::parse(update.bytes)["manifests"][0].at("artifactType"), "c");
    EXPECT_FALSE(json::parse(update.bytes)["manifests"][0].contains("annotations"));
}

TEST(EditFallback, LeavesTheEntriesOfOthersAsTheyAre) {
    std::string const others =
        R"({"manifests":[{"digest":"sha256:1","odd":[1]},7],"extra":{"x":null}})";
    auto const first = edit_fallback(content(others), {{manifest}, {}}).value().value();
    auto index = json::parse(first.bytes);
    ASSERT_EQ(index["manifests"].size(), 3U);
    EXPECT_EQ(index["mediaType"], image::media_type::oci_index);
    EXPECT_EQ(index["extra"], json({{"x", nullptr}}));
    index["manifests"].erase(2);
    index.erase("mediaType");
    EXPECT_EQ(index, json::parse(others));
    EXPECT_FALSE(edit_fallback(content(first.bytes), {{manifest}, {}}).value().has_value());
}

TEST(EditFallback, AddsSeveralInOneWriteAndEachOnce) {
    std::string const other = R"({"artifactType":"b"})";
    auto const first = edit_fallback(std::nullopt, {{manifest}, {}}).value().value();
    FallbackEdit const edit{{other, manifest, other}, {}};
    auto const update = edit_fallback(content(first.bytes), edit).value().value();
    auto const entries = json::parse(update.bytes)["manifests"];
    ASSERT_EQ(entries.size(), 2U);
    EXPECT_EQ(entries[0]["digest"], image::Digest::of(manifest).text());
    EXPECT_EQ(entries[1]["digest"], image::Digest::of(other).text());
    EXPECT_FALSE(edit_fallback(content(update.bytes), edit).value().has_value());
}

TEST(EditFallback, RemovesAndAddsInOneWrite) {
    std::string const old = R"({"artifactType":"old"})";
    auto const before = edit_fallback(std::nullopt, {{old}, {}}).value().value();
    FallbackEdit const edit{{manifest}, {image::Digest::of(old), image::Digest::of("never there")}};
    auto const after = edit_fallback(content(before.bytes), edit).value().value();
    auto const entries = json::parse(after.bytes).at("manifests");
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_EQ(entries[0].at("artifactType"), "t");
    EXPECT_FALSE(edit_fallback(content(after.bytes), edit).value().has_value());
    auto const none =
        edit_fallback(content(after.bytes), {{}, {image::Digest::of(manifest)}}).value().value();
    EXPECT_EQ(json::parse(none.bytes).at("manifests"), json::array());
    EXPECT_FALSE(edit_fallback(std::nullopt, {{}, {image::Digest::of(old)}}).value().has_value());
}

TEST(EditFallback, OverwritesNothingElse) {
    std::string const index = R"({"manifests":[]})";
    for (auto const& other : {content(index, image::media_type::docker_list),
                              content(index, ""),
                              content("garbage"),
                              content("[]"),
                              content(R"({"manifests":{}})"),
                              content(R"({"manifests":[],"manifests":[]})"),
                              content(R"({"manifests":[],"layers":[]})")}) {
        auto const edited = edit_fallback(other, {{manifest}, {}});
        ASSERT_FALSE(edited.has_value()) << other.bytes;
        EXPECT_EQ(edited.error().kind(), ErrorKind::protocol);
        EXPECT_NE(edited.error().remedy(), "");
    }
}

} // namespace
} // namespace clairgate::registry
