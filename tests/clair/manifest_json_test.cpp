#include <clairgate/clair/index.hpp>

#include <gtest/gtest.h>

#include <clair/scripted_clair.hpp>

namespace clairgate::clair {
namespace {

using nlohmann::json;
using Scheme = registry::PullAccess::Scheme;

registry::PullAccess access(Scheme scheme, std::string url = "https://r.test/v2/team/app/blobs/") {
    registry::PullAccess out;
    out.blobs_url = std::move(url);
    out.scheme = scheme;
    if (scheme != Scheme::none)
        out.authorization = Secret(scheme == Scheme::bearer ? "Bearer t" : "Basic dTpw");
    return out;
}

image::Manifest const manifest = test_support::platform_image("m").manifest;

TEST(ManifestJson, NamesLayersBaseFirstByTheRegistrysOwnUrls) {
    Options const options;
    auto const text = manifest_json(options, access(Scheme::bearer), manifest);
    ASSERT_TRUE(text.has_value()) << text.error().text();
    auto const first = test_support::digest_of("layer 1").text();
    auto const second = test_support::digest_of("layer 2").text();
    json const headers{{"Authorization", {"Bearer t"}}};
    auto const layer = [&](std::string const& digest) {
        return json{{"hash", digest},
                    {"uri", "https://r.test/v2/team/app/blobs/" + digest},
                    {"headers", headers}};
    };
    EXPECT_EQ(json::parse(*text),
              (json{{"hash", manifest.digest.text()},
                    {"layers", json::array({layer(first), layer(second)})}}));
}

TEST(ManifestJson, SendsNoCredentialWhereNoneIsNeeded) {
    Options const options;
    auto const body = json::parse(manifest_json(options, access(Scheme::none), manifest).value());
    EXPECT_EQ(body["layers"][0]["headers"], json::object());
}

TEST(ManifestJson, HandsOverAPasswordOnlyWhenTold) {
    Options options;
    auto const refused = manifest_json(options, access(Scheme::basic), manifest);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().kind(), ErrorKind::config);
    EXPECT_NE(refused.error().remedy().find("--allow-basic-to-clair"), std::string::npos);
    options.may_post_basic = true;
    auto const body = json::parse(manifest_json(options, access(Scheme::basic), manifest).value());
    EXPECT_EQ(body["layers"][0]["headers"]["Authorization"][0], "Basic dTpw");
}

TEST(ManifestJson, SpellsTheLayersHostAsClairMustSeeIt) {
    struct Row {
        char const* from;
        char const* to;
        std::string_view url;
        std::string_view base; // of the layer's URL
    };
    Row const rows[] = {
        {"r.test", "registry:5000", "https://r.test/v2/a/blobs/", "https://registry:5000/v2/a/"},
        {"r.test:443", "other", "https://r.test/v2/a/blobs/", "https://other/v2/a/"},
        {"R.Test", "other", "https://r.test/v2/a/blobs/", "https://other/v2/a/"},
        {"r.test",
         "http://registry:5000",
         "https://r.test/v2/a/blobs/",
         "http://registry:5000/v2/a/"},
        {"https://r.test:443", "other", "https://r.test/v2/a/blobs/", "https://other/v2/a/"},
        {"http://r.test:443", "other", "https://r.test/v2/a/blobs/", "https://r.test/v2/a/"},
        {"r.test:5000", "other", "https://r.test/v2/a/blobs/", "https://r.test/v2/a/"},
        {"r.test", "other", "https://not-r.test/v2/a/blobs/", "https://not-r.test/v2/a/"},
        {"127.0.0.1:5000",
         "10.0.0.1:5000",
         "http://127.0.0.1:5000/v2/a/blobs/",
         "http://10.0.0.1:5000/v2/a/"}};
    for (auto const& row : rows) {
        Options options;
        options.layer_hosts[row.from] = row.to;
        auto const text =
            manifest_json(options, access(Scheme::bearer, std::string(row.url)), manifest);
        ASSERT_TRUE(text.has_value()) << row.from << text.error().text();
        auto const layer = json::parse(*text)["layers"][0];
        EXPECT_TRUE(layer["uri"].get<std::string>().starts_with(row.base)) << layer["uri"];
        EXPECT_EQ(layer["headers"]["Authorization"][0], "Bearer t") << "the operator said so";
    }
}

TEST(ManifestJson, RefusesABrokenMapping) {
    Options options;
    options.layer_hosts["r.test"] = "ftp://x";
    EXPECT_EQ(manifest_json(options, access(Scheme::none), manifest).error().kind(),
              ErrorKind::config);
}

} // namespace
} // namespace clairgate::clair
