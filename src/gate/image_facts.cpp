#include <clairgate/gate/image_facts.hpp>
#include <clairgate/image/instruction.hpp>

#include <algorithm>

namespace clairgate::gate {

namespace {

std::vector<report::LayerOrigin> layers_of(image::PlatformImage const& image) {
    std::vector<std::string_view> made; // what made each layer
    for (auto const& entry : image.config.history)
        if (!entry.is_empty_layer)
            made.push_back(entry.created_by);
    auto const& layers = image.manifest.layers;
    bool const is_told = made.size() == layers.size();
    std::vector<report::LayerOrigin> out;
    for (std::size_t i = 0; i < layers.size(); ++i)
        out.push_back(
            {layers[i].digest, is_told ? image::dockerfile_instruction(made[i]) : std::string()});
    return out;
}

} // namespace

report::ImageFacts image_facts(image::Subject const& subject) {
    report::ImageFacts facts;
    for (auto const& image : subject.platforms)
        facts.layers.emplace(image.platform.text(), layers_of(image));
    return facts;
}

} // namespace clairgate::gate
