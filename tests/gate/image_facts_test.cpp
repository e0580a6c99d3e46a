#include <clairgate/gate/image_facts.hpp>

#include <gtest/gtest.h>

namespace clairgate::gate {
namespace {

image::Subject subject_with(std::vector<image::ImageConfig::History> history, std::size_t layers) {
    auto const blob = [](std::string_view bytes) {
        return image::Descriptor{"", image::Digest::of(bytes), 0, std::nullopt, {}};
    };
    image::Manifest manifest{"", image::Digest::of("m"), blob("c"), {}, {}, 0};
    for (std::size_t i = 0; i < layers; ++i)
        manifest.layers.push_back(blob(std::to_string(i)));
    image::ImageConfig config;
    config.history = std::move(history);
    image::PlatformImage image{{"linux", "amd64", ""}, manifest, config};
    auto reference = image::Reference::parse("registry.example/app@" + manifest.digest.text());
    return {reference.value(), manifest.digest, "", {image}, {}, 0, true};
}

TEST(ImageFactsOf, InstructionsOfEntriesThatMadeALayerStandForTheLayersInOrder) {
    auto const facts = image_facts(subject_with({{"/bin/sh -c #(nop) ADD file:x in /", false},
                                                 {"/bin/sh -c #(nop) CMD [\"sh\"]", true},
                                                 {"RUN /bin/sh -c make # buildkit", false}},
                                                2));
    auto const& layers = facts.layers.at("linux/amd64");
    ASSERT_EQ(layers.size(), 2U);
    EXPECT_EQ(layers[0].digest, image::Digest::of("0"));
    EXPECT_EQ(layers[0].instruction, "ADD file:x in /");
    EXPECT_EQ(layers[1].instruction, "RUN make");
    EXPECT_FALSE(facts.base.has_value());
}

TEST(ImageFactsOf, AHistoryOfAnotherLengthSaysNothing) {
    for (std::size_t const layers : {1U, 3U}) {
        auto const facts = image_facts(subject_with({{"RUN a", false}, {"RUN b", false}}, layers));
        for (auto const& layer : facts.layers.at("linux/amd64"))
            EXPECT_EQ(layer.instruction, "") << layers;
    }
    EXPECT_EQ(image_facts(subject_with({}, 2)).layers.at("linux/amd64").size(), 2U);
}

} // namespace
} // namespace clairgate::gate
