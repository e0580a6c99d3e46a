#include <clairgate/registry/descriptor_json.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace clairgate::registry {
namespace {

using nlohmann::json;

TEST(DescriptorJson, ReadsWhatItWrote) {
    auto const written = descriptor_of("application/json", "{}");
    EXPECT_EQ(written.at("mediaType"), "application/json");
    auto const read = read_descriptor(written).value();
    EXPECT_EQ(read.digest, image::Digest::of("{}"));
    EXPECT_EQ(read.size_bytes, 2U);
}

TEST(DescriptorJson, RefusesWhatIsNone) {
    auto const digest = image::Digest::of("x").text();
    for (auto const& descriptor : std::vector<json>{
             {},
             json::array(),
             {{"size", 1}},
             {{"digest", digest}},
             {{"digest", digest}, {"size", -1}},
             {{"digest", digest}, {"size", "1"}},
             {{"digest", digest}, {"size", 1.5}},
             {{"digest", digest.substr(0, 70)}, {"size", 1}},
             {{"digest", "sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709"}, {"size", 1}},
         }) {
        auto const read = read_descriptor(descriptor);
        ASSERT_FALSE(read.has_value()) << descriptor.dump();
        EXPECT_EQ(read.error().kind(), ErrorKind::protocol) << descriptor.dump();
    }
}

TEST(DescriptorJson, TakesTextAnnotationsOnly) {
    json const object = {{"annotations", {{"a", "1"}, {"b", 2}, {"c", json::array()}}}};
    EXPECT_EQ(annotations_of(object), (Annotations{{"a", "1"}}));
    EXPECT_EQ(annotation(annotations_of(object), "a"), "1");
    EXPECT_EQ(annotation(annotations_of(object), "b"), "");
    for (auto const& other : {json(), json({{"annotations", "a"}}), json::array({1})})
        EXPECT_TRUE(annotations_of(other).empty()) << other.dump();
}

} // namespace
} // namespace clairgate::registry
