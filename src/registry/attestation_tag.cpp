#include <clairgate/base/json.hpp>
#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/image/manifest.hpp>
#include <clairgate/registry/attestation_tag.hpp>
#include <clairgate/registry/descriptor_json.hpp>

#include <nlohmann/json.hpp>

namespace clairgate::registry {

namespace {

using nlohmann::json;

constexpr std::string_view envelope_type = "application/vnd.dsse.envelope.v1+json";
constexpr std::string_view config_type = "application/vnd.oci.image.config.v1+json";
constexpr std::string_view signature_key = "dev.cosignproject.cosign/signature";
constexpr std::string_view predicate_key = "predicateType";
constexpr std::string_view no_time = "0001-01-01T00:00:00Z"; // what cosign writes

Error refuse(std::string message) {
    return {ErrorKind::protocol, std::move(message)};
}

json new_manifest() {
    return {{"schemaVersion", 2},
            {"mediaType", image::media_type::oci_manifest},
            {"config", {{"mediaType", config_type}}},
            {"layers", json::array()}};
}

// Cosign writes Docker's media types where it is told to.
bool is_image_manifest(std::string_view media_type) {
    return media_type == image::media_type::oci_manifest ||
           media_type == image::media_type::docker_manifest;
}

Result<json> read_manifest(TagContent const& content) {
    auto manifest = TRY(clairgate::json::parse(content.bytes));
    if (!manifest.is_object() || manifest.contains("manifests"))
        return refuse("no image manifest");
    auto const type = TRY(clairgate::json::optional_string(manifest, "mediaType")).value_or("");
    if (!is_image_manifest(content.media_type) || (!type.empty() && type != content.media_type))
        return refuse(cat("it is served as ", content.media_type));
    auto const* const layers = TRY(clairgate::json::optional_array(manifest, "layers"));
    if (layers == nullptr)
        return refuse("a manifest without layers");
    if (layers->size() > limits::layers)
        return Error(ErrorKind::limit,
                     cat(layers->size(), " attestations, at most ", limits::layers));
    manifest["mediaType"] = content.media_type;
    return manifest;
}

json layer_of(EnvelopeLayer const& added) {
    json annotations = added.annotations;
    annotations[std::string(signature_key)] = ""; // cosign fails without the key
    annotations[std::string(predicate_key)] = added.predicate_type;
    auto layer = descriptor_of(envelope_type, added.envelope);
    layer["annotations"] = std::move(annotations);
    return layer;
}

// The config of an image with these layers, none of them compressed: what cosign builds.
std::string config_for(json const& layers) {
    auto digests = json::array();
    auto history = json::array();
    for (auto const& layer : layers) {
        auto const* const digest = clairgate::json::find(layer, "digest");
        digests.push_back(digest == nullptr ? json("") : *digest);
        history.push_back({{"created", no_time}});
    }
    json const config = {{"architecture", ""},
                         {"config", json::object()},
                         {"created", no_time},
                         {"history", std::move(history)},
                         {"os", ""},
                         {"rootfs", {{"type", "layers"}, {"diff_ids", std::move(digests)}}}};
    return clairgate::json::dump(config);
}

TagUpdate update_of(json manifest) {
    auto config = config_for(manifest["layers"]);
    std::string type(config_type);
    if (auto const* const old = clairgate::json::find(manifest, "config"))
        if (auto const stated = clairgate::json::optional_string(*old, "mediaType");
            stated.has_value())
            type = stated->value_or(type);
    manifest["config"] = descriptor_of(type, config);
    return {clairgate::json::dump(manifest),
            manifest["mediaType"].get<std::string>(),
            {std::move(config)}};
}

bool has_type(json const& layer, std::string_view wanted) {
    auto const type = clairgate::json::optional_string(layer, "mediaType");
    return type.has_value() && type->value_or("") == wanted;
}

std::string digest_text(json const& layer) {
    auto const digest = clairgate::json::optional_string(layer, "digest");
    return digest.has_value() ? digest->value_or("") : "";
}

} // namespace

std::optional<std::string> attestation_tag(image::Digest const& subject) {
    if (subject.algorithm() != "sha256")
        return std::nullopt;
    return cat("sha256-", subject.hex(), ".att");
}

Result<std::vector<EvidencePlace>> parse_attestations(TagContent const& content) {
    auto const manifest = TRY(read_manifest(content));
    auto const digest = image::Digest::of(content.bytes);
    std::vector<EvidencePlace> places;
    for (auto const& layer : manifest["layers"]) {
        if (!has_type(layer, envelope_type))
            continue;
        auto described = TRY(read_descriptor(layer));
        auto annotations = annotations_of(layer);
        auto predicate_type = annotation(annotations, predicate_key);
        places.push_back({EvidenceForm::envelope,
                          digest,
                          std::move(described.digest),
                          described.size_bytes,
                          std::move(predicate_type),
                          std::move(annotations)});
    }
    return places;
}

Result<std::optional<TagUpdate>> edit_attestations(std::optional<TagContent> const& content,
                                                   AttestationEdit const& edit) {
    auto read = content ? read_manifest(*content) : Result<json>(new_manifest());
    if (!read.has_value())
        return std::move(read).error().with_remedy(
            "delete that tag if nobody needs it; it is not overwritten");
    auto manifest = *std::move(read);
    std::set<std::string> removed;
    for (auto const& digest : edit.removed)
        removed.insert(digest.text());
    std::set<std::string> present;
    bool is_changed = false;
    auto kept = json::array();
    for (auto& layer : manifest["layers"]) {
        auto const digest = digest_text(layer);
        if (removed.contains(digest)) {
            is_changed = true;
            continue;
        }
        present.insert(digest);
        kept.push_back(std::move(layer));
    }
    for (auto const& added : edit.added) {
        if (!present.insert(image::Digest::of(added.envelope).text()).second)
            continue;
        if (kept.size() >= limits::layers)
            return Error(ErrorKind::limit, cat("the tag holds ", limits::layers, " attestations"));
        kept.push_back(layer_of(added));
        is_changed = true;
    }
    if (!is_changed)
        return std::optional<TagUpdate>();
    manifest["layers"] = std::move(kept);
    return std::optional(update_of(std::move(manifest)));
}

} // namespace clairgate::registry
