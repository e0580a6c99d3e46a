#include <clairgate/base/json.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/registry/artifact.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <registry/fake_uploads.hpp>
#include <support/test_world.hpp>

namespace clairgate::registry {
namespace {

using test::Answer;
using test::FakeRegistry;
using test::FakeUploads;
using test::Received;
using test::TestWorld;

ArtifactKind kind() {
    return {"application/vnd.example.v1", "application/vnd.example.file"};
}

ArtifactLimits const bounds{3, 100, 200};

// A manifest with these layers; the members before "layers" can be replaced.
std::string manifest(std::string const& layers, std::string const& head = "") {
    constexpr std::string_view usual =
        R"("mediaType":"application/vnd.oci.image.manifest.v1+json",)"
        R"("artifactType":"application/vnd.example.v1",)"
        R"("config":{"mediaType":"application/vnd.oci.empty.v1+json","size":2,"digest":)"
        R"("sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"})";
    return cat(
        R"({"schemaVersion":2,)", head.empty() ? usual : head, R"(,"layers":[)", layers, "]}");
}

std::string layer(std::string const& title,
                  std::string const& bytes = "x",
                  std::string const& type = "application/vnd.example.file") {
    return cat(R"({"mediaType":")",
               type,
               R"(","digest":")",
               image::Digest::of(bytes).text(),
               R"(","size":)",
               bytes.size(),
               R"(,"annotations":{"org.opencontainers.image.title":)",
               title,
               "}}");
}

TEST(ArtifactTitle, FollowsTheTable) {
    struct Row {
        std::string title;
        bool is_fine;
    };
    Row const rows[] = {
        {"global.toml", true},
        {"environment/prod.toml", true},
        {"application/a_b-c@prod.toml", true},
        {"a..b.toml", true},
        {".hidden", true},
        {std::string(512, 'a'), true},
        {std::string(513, 'a'), false},
        {"", false},
        {".", false},
        {"..", false},
        {"../global.toml", false},
        {"a/../b", false},
        {"a/./b", false},
        {"/etc/passwd", false},
        {"a//b", false},
        {"a/", false},
        {"A.toml", false},
        {"a b", false},
        {"a\\b", false},
        {"a\nb", false},
        {std::string("a\0b", 3), false},
        {"\xc3\xa4", false},
        {"a:b", false},
        {"~", false},
        {"%2e%2e/a", false},
    };
    for (auto const& row : rows)
        EXPECT_EQ(is_artifact_title(row.title), row.is_fine) << row.title;
}

TEST(ArtifactManifest, IsTheSameForTheSameFilesInAnyOrder) {
    std::vector<NamedBlob> blobs = {{"b/c.toml", "2"}, {"a.toml", "1"}, {"b.toml", "1"}};
    auto const bytes = artifact_manifest(kind(), blobs);
    std::reverse(blobs.begin(), blobs.end());
    EXPECT_EQ(artifact_manifest(kind(), blobs), bytes);
    // What other tools write for these two files, member by member: the digest is a contract.
    EXPECT_EQ(
        artifact_manifest(kind(), {{"a", "x"}}),
        R"({"artifactType":"application/vnd.example.v1","config":{"digest":"sha256:44136fa355b3678)"
        R"(a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","mediaType":"application/vnd.oci.)"
        R"(empty.v1+json","size":2},"layers":[{"annotations":{"org.opencontainers.image.title":"a")"
        R"(},"digest":"sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",)"
        R"("mediaType":"application/vnd.example.file","size":1}],"mediaType":"application/vnd.oci.)"
        R"(image.manifest.v1+json","schemaVersion":2})");
}

TEST(ArtifactManifest, ReadsWhatItWrote) {
    auto const bytes = artifact_manifest(kind(), {{"b", "22"}, {"a", "1"}});
    auto const layers = parse_artifact_manifest(bytes, kind(), bounds).value();
    ASSERT_EQ(layers.size(), 2U);
    EXPECT_EQ(layers[0].title, "a");
    EXPECT_EQ(layers[1].title, "b");
    EXPECT_EQ(layers[1].digest, image::Digest::of("22"));
    EXPECT_EQ(layers[1].size_bytes, 2U);
}

constexpr auto config =
    R"("config":{"mediaType":"application/vnd.oci.empty.v1+json","size":2,"digest":)"
    R"("sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"})";
constexpr auto media = R"("mediaType":"application/vnd.oci.image.manifest.v1+json",)";
constexpr auto type = R"("artifactType":"application/vnd.example.v1",)";

struct RefusedRow {
    char const* sentence;
    std::string bytes;
    ErrorKind kind = ErrorKind::protocol;
};

auto const one_layer = layer(R"("a")");

RefusedRow const refused_rows[] = {
    {"not JSON", "schema = 1"},
    {"no object", "[]"},
    {"no type", manifest(one_layer, cat(media, config))},
    {"another type", manifest(one_layer, cat(media, R"("artifactType":"x",)", config))},
    {"a type that is no string", manifest(one_layer, cat(media, R"("artifactType":1,)", config))},
    {"no media type", manifest(one_layer, cat(type, config))},
    {"an index", manifest(one_layer, cat(R"("manifests":[],)", media, type, config))},
    {"no config",
     manifest(one_layer, cat(media, R"("artifactType":"application/vnd.example.v1")"))},
    {"an image's config",
     manifest(one_layer,
              cat(media,
                  type,
                  R"("config":{"mediaType":"application/vnd.oci.image.config.v1+json",)",
                  R"("size":2,"digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe7)",
                  R"(7e8310c060f61caaff8a"})"))},
    {"a config that is not empty",
     manifest(one_layer,
              cat(media,
                  type,
                  R"("config":{"mediaType":"application/vnd.oci.empty.v1+json","size":2,)",
                  R"("digest":")",
                  image::Digest::of("x").text(),
                  "\"}"))},
    {"no layers", manifest("")},
    {"layers that are no array", cat("{", media, type, config, R"(,"layers":{}})")},
    {"a layer that is no object", manifest("7")},
    {"a layer of another type", manifest(layer(R"("a")", "x", "application/x-tar"))},
    {"a title that climbs", manifest(layer(R"("../a")"))},
    {"an absolute title", manifest(layer(R"("/a")"))},
    {"a title that is no string", manifest(layer("7"))},
    {"an escape in a title", manifest(layer(R"("a\u001b[2J")"))},
    {"no title",
     manifest(cat(R"({"mediaType":"application/vnd.example.file","size":1,"digest":")",
                  image::Digest::of("x").text(),
                  "\"}"))},
    {"a title twice", manifest(cat(one_layer, ",", layer(R"("a")", "y")))},
    {"a bad digest",
     manifest(R"({"mediaType":"application/vnd.example.file","size":1,"digest":"sha256:ABC",)"
              R"("annotations":{"org.opencontainers.image.title":"a"}})")},
    {"a negative size",
     manifest(cat(R"({"mediaType":"application/vnd.example.file","size":-1,"digest":")",
                  image::Digest::of("x").text(),
                  R"(","annotations":{"org.opencontainers.image.title":"a"}})"))},
    {"a file too large", manifest(layer(R"("a")", std::string(101, 'x'))), ErrorKind::limit},
    {"a size beyond all bounds",
     manifest(cat(R"({"mediaType":"application/vnd.example.file","size":18446744073709551615,)",
                  R"("digest":")",
                  image::Digest::of("x").text(),
                  R"(","annotations":{"org.opencontainers.image.title":"a"}})")),
     ErrorKind::limit},
    {"too much together",
     manifest(cat(layer(R"("a")", std::string(100, 'x')),
                  ",",
                  layer(R"("b")", std::string(100, 'x')),
                  ",",
                  layer(R"("c")"))),
     ErrorKind::limit},
    {"too many files",
     manifest(cat(one_layer, ",", layer(R"("b")"), ",", layer(R"("c")"), ",", layer(R"("d")"))),
     ErrorKind::limit},
};

TEST(ParseArtifactManifest, RefusesWhatIsNotExactlyThatArtifact) {
    ASSERT_TRUE(parse_artifact_manifest(manifest(one_layer), kind(), bounds).has_value());
    for (auto const& row : refused_rows) {
        auto const parsed = parse_artifact_manifest(row.bytes, kind(), bounds);
        ASSERT_FALSE(parsed.has_value()) << row.sentence;
        EXPECT_EQ(parsed.error().kind(), row.kind) << row.sentence;
    }
}

TEST(ParseArtifactManifest, TakesWhatReachesTheLimits) {
    auto const most = manifest(cat(layer(R"("a")", std::string(100, 'x')),
                                   ",",
                                   layer(R"("b")", std::string(99, 'x')),
                                   ",",
                                   layer(R"("c")")));
    EXPECT_EQ(parse_artifact_manifest(most, kind(), bounds).value().size(), 3U);
}

struct Setting {
    Deadline deadline() const {
        return Deadline::after(world.clock, std::chrono::milliseconds(1500));
    }
    Result<image::Digest> push(std::vector<NamedBlob> blobs, image::Reference const& reference) {
        return world.run(push_artifact(
            world.world, options, reference, kind(), std::move(blobs), bounds, deadline()));
    }
    Result<std::vector<NamedBlob>> pull(image::Digest const& digest) {
        return world.run(
            pull_artifact(world.world, options, registry.at(digest), kind(), bounds, deadline()));
    }
    TestWorld world;
    FakeRegistry registry{world.context};
    FakeUploads uploads{registry};
    Options options;
};

TEST(Artifact, ComesBackAsItWasPushed) {
    Setting setting;
    std::vector<NamedBlob> const blobs = {
        {"a.toml", ""}, {"b/c.toml", std::string("x\0y", 3)}, {"b/d.toml", ""}};
    auto const digest = setting.push({blobs[2], blobs[0], blobs[1]}, setting.registry.tagged("v1"));
    ASSERT_TRUE(digest.has_value()) << digest.error().text();
    EXPECT_EQ(setting.pull(*digest).value(), blobs);
    EXPECT_EQ(setting.registry.received().back().method, "GET");
    auto const again = setting.push(blobs, setting.registry.tagged("v2"));
    EXPECT_EQ(again.value(), *digest);
    EXPECT_EQ(setting.registry.count("PUT", "/v2/team/app/blobs/"), 3U) << "each content once";
}

TEST(PushArtifact, RefusesWhatCouldNotBePulled) {
    Setting setting;
    auto const tag = setting.registry.tagged("v1");
    struct Row {
        char const* sentence;
        std::vector<NamedBlob> blobs;
        ErrorKind kind;
    };
    Row const rows[] = {
        {"nothing", {}, ErrorKind::usage},
        {"a bad title", {{"../a", ""}}, ErrorKind::usage},
        {"a title twice", {{"a", "1"}, {"a", "2"}}, ErrorKind::usage},
        {"a file too large", {{"a", std::string(101, 'x')}}, ErrorKind::limit},
        {"too much together",
         {{"a", std::string(100, 'x')}, {"b", std::string(100, 'y')}, {"c", "z"}},
         ErrorKind::limit},
        {"too many", {{"a", ""}, {"b", ""}, {"c", ""}, {"d", ""}}, ErrorKind::limit},
    };
    for (auto const& row : rows)
        EXPECT_EQ(setting.push(row.blobs, tag).error().kind(), row.kind) << row.sentence;
    auto const pinned = setting.registry.at(image::Digest::of("x"));
    EXPECT_EQ(setting.push({{"a", ""}}, pinned).error().kind(), ErrorKind::usage);
    EXPECT_EQ(setting.registry.received().size(), 0U);
}

TEST(PullArtifact, WantsADigest) {
    Setting setting;
    auto const pulled = setting.world.run(pull_artifact(setting.world.world,
                                                        setting.options,
                                                        setting.registry.tagged("v1"),
                                                        kind(),
                                                        bounds,
                                                        setting.deadline()));
    ASSERT_FALSE(pulled.has_value());
    EXPECT_EQ(pulled.error().kind(), ErrorKind::usage);
    EXPECT_EQ(setting.registry.received().size(), 0U);
}

TEST(PullArtifact, RefusesOtherBytesThanTheDigestsSay) {
    Setting setting;
    auto const digest = setting.push({{"a", "bytes"}}, setting.registry.tagged("v1")).value();
    for (std::string const& path :
         {cat("manifests/", digest.text()), cat("blobs/", image::Digest::of("bytes").text())}) {
        setting.uploads.before = [&](Received const& received) -> std::optional<Answer> {
            if (received.target == "/v2/team/app/" + path)
                return Answer::text(200, "BYTES");
            return std::nullopt;
        };
        EXPECT_EQ(setting.pull(digest).error().kind(), ErrorKind::integrity) << path;
    }
    setting.uploads.before = nullptr;
    EXPECT_TRUE(setting.pull(digest).has_value());
}

TEST(PullArtifact, ChecksTheSizeBesideTheDigest) {
    Setting setting;
    setting.registry.put_blob("x");
    struct Row {
        std::size_t stated;
        ErrorKind kind;
    };
    for (auto const& row : {Row{0, ErrorKind::limit}, Row{2, ErrorKind::integrity}}) {
        auto const put = setting.registry.put_manifest(
            manifest(cat(R"({"mediaType":"application/vnd.example.file","size":)",
                         row.stated,
                         R"(,"digest":")",
                         image::Digest::of("x").text(),
                         R"(","annotations":{"org.opencontainers.image.title":"a"}})")),
            "application/vnd.oci.image.manifest.v1+json");
        EXPECT_EQ(setting.pull(put.digest).error().kind(), row.kind) << row.stated;
    }
}

TEST(PullArtifact, FetchesNoFileOfAManifestThatIsRefused) {
    Setting setting;
    auto const put = setting.registry.put_manifest(
        manifest(cat(layer(R"("a")"), ",", layer(R"("../b")"))), "application/json");
    EXPECT_EQ(setting.pull(put.digest).error().kind(), ErrorKind::protocol);
    EXPECT_EQ(setting.registry.count("GET", "/v2/team/app/blobs/"), 0U);
}

TEST(PullArtifact, SaysWhatIsMissing) {
    Setting setting;
    auto const none = setting.pull(image::Digest::of("nothing"));
    EXPECT_EQ(none.error().kind(), ErrorKind::not_found);
    auto const put =
        setting.registry.put_manifest(manifest(layer(R"("a")", "gone")), "application/json");
    auto const half = setting.pull(put.digest);
    EXPECT_EQ(half.error().kind(), ErrorKind::not_found);
    EXPECT_NE(half.error().text().find(put.digest.text()), std::string::npos);
}

} // namespace
} // namespace clairgate::registry
