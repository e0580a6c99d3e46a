#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/image/manifest.hpp>

#include <gtest/gtest.h>

namespace clairgate::image {
namespace {

constexpr std::string_view oci_config = "application/vnd.oci.image.config.v1+json";
constexpr std::string_view oci_layer = "application/vnd.oci.image.layer.v1.tar+gzip";

std::string digest_text(char digit) {
    return "sha256:" + std::string(64, digit);
}

std::string
descriptor(std::string_view type, char digit, std::string_view size = "7", std::string more = "") {
    return cat(R"({"mediaType":")",
               type,
               R"(","digest":")",
               digest_text(digit),
               R"(","size":)",
               size,
               more,
               "}");
}

std::string manifest(std::string_view config_type,
                     std::string const& layers,
                     std::string const& more = R"(,"schemaVersion":2)") {
    return cat(
        R"({"config":)", descriptor(config_type, 'c'), R"(,"layers":[)", layers, "]", more, "}");
}

std::string index(std::string const& manifests, std::string const& more = "") {
    return cat(R"({"schemaVersion":2,"manifests":[)", manifests, "]", more, "}");
}

Result<Document> read(std::string const& text, std::string_view content_type = "") {
    return parse_document(text, content_type, Digest::of(text));
}

std::string good_layer() {
    return descriptor(oci_layer, '1');
}

TEST(ParseDocument, ReadsAnImageManifestBaseFirst) {
    auto const text = manifest(oci_config,
                               good_layer() + "," + descriptor(oci_layer, '2', "8"),
                               R"(,"annotations":{"k":"v"})");
    auto const document = read(text, media_type::oci_manifest).value();
    auto const& image = std::get<Manifest>(document);
    EXPECT_EQ(image.media_type, media_type::oci_manifest);
    EXPECT_EQ(image.digest, Digest::of(text));
    EXPECT_EQ(image.config.digest.text(), digest_text('c'));
    ASSERT_EQ(image.layers.size(), 2U);
    EXPECT_EQ(image.layers[0].digest.text(), digest_text('1'));
    EXPECT_EQ(image.layers[1].size_bytes, 8U);
    EXPECT_EQ(image.annotations.at("k"), "v");
}

TEST(ParseDocument, ReadsDockersManifestAndList) {
    auto const image =
        read(manifest("application/vnd.docker.container.image.v1+json",
                      descriptor("application/vnd.docker.image.rootfs.diff.tar.gzip", '1')),
             media_type::docker_manifest);
    ASSERT_TRUE(image.has_value()) << image.error().text();
    EXPECT_EQ(std::get<Manifest>(*image).media_type, media_type::docker_manifest);
    auto const list = read(index(descriptor(media_type::docker_manifest, '1')),
                           "application/vnd.docker.distribution.manifest.list.v2+json; charset=x");
    ASSERT_TRUE(list.has_value()) << list.error().text();
    EXPECT_EQ(std::get<Index>(*list).media_type, media_type::docker_list);
}

TEST(ParseDocument, KeepsEveryChildOfAnIndexNestedOnesToo) {
    auto const text =
        index(descriptor(media_type::oci_manifest,
                         '1',
                         "7",
                         R"(,"platform":{"os":"linux","architecture":"arm","variant":"v7"})") +
              "," + descriptor(media_type::oci_index, '2') + "," +
              descriptor(media_type::oci_manifest,
                         '3',
                         "7",
                         R"(,"annotations":{"vnd.docker.reference.type":"attestation-manifest"})"));
    auto const document = read(text).value();
    auto const& children = std::get<Index>(document).manifests;
    ASSERT_EQ(children.size(), 3U);
    EXPECT_EQ(children[0].platform->text(), "linux/arm/v7");
    EXPECT_EQ(children[1].media_type, media_type::oci_index);
    EXPECT_FALSE(is_attestation(children[0]));
    EXPECT_FALSE(is_attestation(children[1]));
    EXPECT_TRUE(is_attestation(children[2]));
}

TEST(ParseDocument, TellsTheKindByItsMembersWhenNobodyNamesIt) {
    for (auto const* type : {"", "application/json", "application/octet-stream", "text/plain"}) {
        EXPECT_TRUE(std::holds_alternative<Manifest>(
            read(manifest(oci_config, good_layer()), type).value()))
            << type;
        EXPECT_TRUE(std::holds_alternative<Index>(read(index(""), type).value())) << type;
    }
}

TEST(ParseDocument, TakesRepeatedLayersAndNoLayers) {
    auto const twice = read(manifest(oci_config, good_layer() + "," + good_layer())).value();
    EXPECT_EQ(std::get<Manifest>(twice).layers.size(), 2U);
    auto const none = read(manifest(oci_config, "")).value();
    EXPECT_TRUE(std::get<Manifest>(none).layers.empty());
}

TEST(ParseDocument, KeepsAForeignLayerAndIgnoresUrlsAndData) {
    auto const foreign =
        descriptor("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
                   '1',
                   "7",
                   R"(,"urls":["https://elsewhere.example/layer"],"data":"bm90IGl0"})");
    auto const document = read(manifest(oci_config, foreign.substr(0, foreign.size() - 1))).value();
    ASSERT_EQ(std::get<Manifest>(document).layers.size(), 1U);
    EXPECT_EQ(std::get<Manifest>(document).layers[0].digest.text(), digest_text('1'));
}

struct Refusal {
    std::string sentence;
    std::string text;
    std::string content_type;
    std::string reason;
};

void expect_refused(Refusal const& row, ErrorKind kind) {
    auto const document = read(row.text, row.content_type);
    ASSERT_FALSE(document.has_value()) << row.sentence;
    EXPECT_EQ(document.error().kind(), kind) << row.sentence;
    EXPECT_NE(document.error().text().find(row.reason), std::string::npos)
        << row.sentence << ": " << document.error().text();
}

TEST(ParseDocument, RefusesSchemaOneWithTheWayOut) {
    std::string const schema1 = R"({"schemaVersion":1,"name":"a","fsLayers":[],"history":[]})";
    for (auto const* type : {"",
                             "application/vnd.docker.distribution.manifest.v1+json",
                             "application/vnd.docker.distribution.manifest.v1+prettyjws"}) {
        auto const document = read(schema1, type);
        ASSERT_FALSE(document.has_value());
        EXPECT_EQ(document.error().kind(), ErrorKind::protocol);
        EXPECT_NE(document.error().message().find("schema 1"), std::string::npos);
        EXPECT_NE(document.error().remedy().find("current builder"), std::string::npos);
    }
}

TEST(ParseDocument, RefusesWhatReadersWouldReadDifferently) {
    auto const good = manifest(oci_config, good_layer());
    auto const with = [&](std::string const& member) {
        return good.substr(0, good.size() - 1) + "," + member + "}";
    };
    Refusal const rows[] = {
        {"both lists (CVE-2021-41190)", with(R"("manifests":[])"), "", "both manifests and layers"},
        {"both lists, as index",
         with(R"("manifests":[])"),
         std::string(media_type::oci_index),
         "both manifests and layers"},
        {"an index with schema 1's layers", index("", R"(,"fsLayers":[])"), "", "both"},
        {"a key twice", with(R"("layers":[])"), "", "twice"},
        {"a key that Go takes for layers", with(R"("Layers":[])"), "", "Layers"},
        {"a key that Go folds to layers", with(R"("layer\u017f":[])"), "", "readers"},
        {"a digest in two spellings",
         manifest(oci_config,
                  descriptor(oci_layer, '1', "7", cat(R"(,"Digest":")", digest_text('2'), "\""))),
         "",
         "Digest"},
        {"header and document disagree",
         with(cat(R"("mediaType":")", media_type::docker_manifest, "\"")),
         std::string(media_type::oci_manifest),
         "was served as"},
        {"an image served as an index", good, std::string(media_type::oci_index), "no manifests"},
        {"an index served as an image",
         index(""),
         std::string(media_type::oci_manifest),
         "must not hold manifests"},
    };
    for (auto const& row : rows)
        expect_refused(row, ErrorKind::protocol);
}

TEST(ParseDocument, RefusesArtifactsThatAreNoImage) {
    Refusal const rows[] = {
        {"a helm chart",
         manifest("application/vnd.cncf.helm.config.v1+json", good_layer()),
         "",
         "its config is application/vnd.cncf.helm.config.v1+json"},
        {"an OCI artifact",
         manifest("application/vnd.oci.empty.v1+json", good_layer()),
         "",
         "its config is"},
        {"a cosign signature",
         manifest(oci_config, descriptor("application/vnd.dev.cosign.simplesigning.v1+json", '1')),
         "",
         "a layer is application/vnd.dev.cosign"},
        {"a BuildKit attestation",
         manifest(oci_config, descriptor("application/vnd.in-toto+json", '1')),
         "",
         "a layer is application/vnd.in-toto+json"},
        {"another document",
         R"({"mediaType":"application/vnd.example+json","layers":[]})",
         "",
         "not an image: mediaType application/vnd.example+json"},
        {"another type in the header alone",
         manifest(oci_config, good_layer()),
         "application/vnd.example+json",
         "not an image: served as"},
        {"a web page's type", manifest(oci_config, good_layer()), "text/html", "served as"},
    };
    for (auto const& row : rows)
        expect_refused(row, ErrorKind::protocol);
}

TEST(ParseDocument, RefusesBrokenDocuments) {
    auto const layer_with = [](std::string const& text) { return manifest(oci_config, text); };
    Refusal const rows[] = {
        {"nothing", "", "", "JSON"},
        {"a page", "<html>", "", "JSON"},
        {"half", manifest(oci_config, good_layer()).substr(0, 50), "", "JSON"},
        {"an array", "[]", "", "not a JSON object"},
        {"null", "null", "", "not a JSON object"},
        {"no config", R"({"layers":[]})", "", "no config"},
        {"no layers", cat(R"({"config":)", descriptor(oci_config, 'c'), "}"), "", "layers"},
        {"layers of another type",
         cat(R"({"layers":{},"config":)", descriptor(oci_config, 'c'), "}"),
         "",
         "layers"},
        {"a layer that is text", layer_with(R"("x")"), "", "not an object"},
        {"no digest", layer_with(R"({"size":1})"), "", "digest"},
        {"another algorithm", layer_with(R"({"size":1,"digest":"md5:00"})"), "", "sha256"},
        {"a path for a digest", layer_with(R"({"size":1,"digest":"../../x"})"), "", "digest"},
        {"a negative size", layer_with(descriptor(oci_layer, '1', "-1")), "", "size"},
        {"a size with a fraction", layer_with(descriptor(oci_layer, '1', "1.5")), "", "size"},
        {"a size in quotes", layer_with(descriptor(oci_layer, '1', R"("7")")), "", "size"},
        {"a size beyond 64 bits",
         layer_with(descriptor(oci_layer, '1', "99999999999999999999")),
         "",
         "size"},
        {"a platform that is text",
         index(descriptor(media_type::oci_manifest, '1', "7", R"(,"platform":"linux")")),
         "",
         "platform"},
        {"an annotation that is a number",
         index("", R"(,"annotations":{"a":1})"),
         "",
         "annotation"},
    };
    for (auto const& row : rows)
        expect_refused(row, ErrorKind::protocol);
}

TEST(ParseDocument, BoundsWhatItReads) {
    auto const many = [](std::size_t count, std::string const& one) {
        std::string out;
        for (std::size_t i = 0; i < count; ++i)
            out += (i == 0 ? "" : ",") + one;
        return out;
    };
    auto const child = descriptor(media_type::oci_manifest, '1');
    EXPECT_TRUE(read(index(many(limits::platforms, child))).has_value());
    EXPECT_TRUE(read(manifest(oci_config, many(limits::layers, good_layer()))).has_value());
    Refusal const rows[] = {
        {"children", index(many(limits::platforms + 1, child)), "", "at most 64"},
        {"layers",
         manifest(oci_config, many(limits::layers + 1, good_layer())),
         "",
         "at most 1024"},
        {"depth",
         cat(R"({"layers":)", std::string(100000, '['), std::string(100000, ']'), "}"),
         "",
         "deep"},
    };
    for (auto const& row : rows)
        expect_refused(row, ErrorKind::limit);
}

TEST(ParseDocument, SurvivesEveryTruncation) {
    auto const text = manifest(oci_config, good_layer(), R"(,"annotations":{"a":"b"})");
    for (std::size_t length = 0; length < text.size(); ++length)
        EXPECT_FALSE(read(text.substr(0, length)).has_value()) << length;
}

TEST(Platform, ReadsAndWritesItsText) {
    for (auto const* text : {"linux/amd64", "linux/arm/v7", "windows/amd64"})
        EXPECT_EQ(Platform::parse(text).value().text(), text);
    EXPECT_EQ(Platform().text(), "unknown");
    for (auto const* text : {"", "linux", "linux/", "/amd64", "a/b/c/d", "linux//v7"}) {
        auto const platform = Platform::parse(text);
        ASSERT_FALSE(platform.has_value()) << text;
        EXPECT_EQ(platform.error().kind(), ErrorKind::usage);
        EXPECT_NE(platform.error().remedy().find("OS/ARCH"), std::string::npos);
    }
}

TEST(IsAttestation, KnowsBuildKitsMarkAndThePlatformOfNothing) {
    auto const one = [](std::string more) {
        auto const document =
            read(index(descriptor(media_type::oci_manifest, '1', "7", std::move(more)))).value();
        return is_attestation(std::get<Index>(document).manifests[0]);
    };
    EXPECT_TRUE(one(R"(,"platform":{"os":"unknown","architecture":"unknown"})"));
    EXPECT_TRUE(one(R"(,"annotations":{"vnd.docker.reference.type":"attestation-manifest"})"));
    EXPECT_FALSE(one(R"(,"platform":{"os":"linux","architecture":"unknown"})"));
    EXPECT_FALSE(one(R"(,"annotations":{"vnd.docker.reference.type":"image"})"));
    EXPECT_FALSE(one(""));
}

} // namespace
} // namespace clairgate::image
