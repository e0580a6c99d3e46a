#include <clairgate/report/html_layers.hpp>

#include <span>

namespace clairgate::report {

namespace {

std::span<LayerOrigin const> origins_of(Record const& record, std::string const& platform) {
    auto const& layers = record.image().layers;
    auto const found = layers.find(platform);
    return found == layers.end() ? std::span<LayerOrigin const>() : found->second;
}

} // namespace

HtmlLayers::HtmlLayers(Record const& record) {
    for (auto const& scanned : record.scan().platforms) // in the report's own order
        for (auto const& origin : origins_of(record, scanned.platform)) {
            auto& layer = at(origin.digest.text(), scanned.platform);
            layer.instruction = origin.instruction;
        }
    for (auto const& finding : record.findings()) {
        auto const& digest = finding.layer;
        if (!digest)
            continue;
        auto& layer = at(digest->text(), finding.platform);
        ++layer.findings;
        if (finding.is_base_layer)
            layer.is_base = finding.is_base_layer;
    }
    complete_base(record);
}

HtmlLayer& HtmlLayers::at(std::string_view digest, std::string_view platform) {
    auto const next = static_cast<std::uint32_t>(layers_.size());
    auto const [found, is_fresh] = places_.try_emplace(digest, next);
    if (is_fresh)
        layers_.push_back({digest, platform, {}, 0, std::nullopt});
    return layers_[found->second];
}

// A layer without findings lies in the base where one above it does, and is the image's own where
// one below it is.
void HtmlLayers::complete_base(Record const& record) {
    for (auto const& [platform, origins] : record.image().layers) {
        bool is_own = false;
        for (auto const& origin : origins) {
            auto& layer = at(origin.digest.text(), platform);
            is_own = is_own || layer.is_base == std::optional(false);
            if (is_own && !layer.is_base)
                layer.is_base = false;
        }
        bool is_base = false;
        for (auto origin = origins.rbegin(); origin != origins.rend(); ++origin) {
            auto& layer = at(origin->digest.text(), platform);
            is_base = is_base || layer.is_base == std::optional(true);
            if (is_base && !layer.is_base)
                layer.is_base = true;
        }
    }
}

std::optional<std::uint32_t> HtmlLayers::place_of(finding::Finding const& finding) const {
    auto const& digest = finding.layer;
    if (!digest)
        return std::nullopt;
    auto const found = places_.find(digest->text());
    if (found == places_.end())
        return std::nullopt;
    return found->second;
}

} // namespace clairgate::report
