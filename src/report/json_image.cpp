#include <clairgate/report/json_parts.hpp>

namespace clairgate::report {

namespace {

void write_layers(JsonWriter& json, ImageFacts const& image, std::string const& platform) {
    json.begin_array();
    if (auto const found = image.layers.find(platform); found != image.layers.end()) {
        for (auto const& layer : found->second) {
            json.begin_object();
            json.member("digest", layer.digest.text());
            json.member("instruction", layer.instruction);
            json.end_object();
        }
    }
    json.end_array();
}

void write_base(JsonWriter& json, std::optional<BaseImage> const& base) {
    if (!base)
        return json.null();
    json.begin_object();
    json.member("below", base->is_below);
    json.member("newest", base->newest ? std::optional(base->newest->text()) : std::nullopt);
    json.member("reference", base->reference);
    json.end_object();
}

} // namespace

void write_image(JsonWriter& json, Record const& record) {
    json.begin_object();
    json.key("base");
    write_base(json, record.image().base);
    json.member("digest", record.digest());
    json.member("media_type", record.media_type());
    json.key("platforms");
    json.begin_array();
    for (auto const& platform : record.scan().platforms) {
        json.begin_object();
        json.member("digest", platform.manifest.text());
        json.key("layers");
        write_layers(json, record.image(), platform.platform);
        json.member("platform", platform.platform);
        json.end_object();
    }
    json.end_array();
    json.member("reference", record.reference().text());
    json.end_object();
}

void write_comparison(JsonWriter& json, std::optional<Comparison> const& comparison) {
    if (!comparison)
        return json.null();
    json.begin_object();
    json.member("baseline", comparison->baseline);
    json.key("fixed");
    json.begin_array();
    for (auto const& gone : comparison->fixed) {
        json.begin_object();
        json.member("id", gone.id);
        json.member("installed", gone.installed);
        json.member("package", gone.package);
        json.member("platform", gone.platform);
        json.member("severity", finding::to_string(gone.severity));
        json.end_object();
    }
    json.end_array();
    json.end_object();
}

} // namespace clairgate::report
