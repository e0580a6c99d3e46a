#include <clairgate/base/json.hpp>
#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/image/manifest.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <span>

namespace clairgate::image {

namespace {

using nlohmann::json;

constexpr std::string_view schema1_types[] = {
    "application/vnd.docker.distribution.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v1+prettyjws"};
constexpr std::string_view image_config_types[] = {
    "application/vnd.oci.image.config.v1+json",
    "application/vnd.docker.container.image.v1+json",
    "application/octet-stream"}; // early builders; the config's own content decides later

// What a registry says that states no type of its own: then the document decides.
constexpr std::string_view silent_types[] = {
    "", "application/json", "application/octet-stream", "text/plain"};
constexpr std::string_view layer_type_prefixes[] = {"application/vnd.oci.image.layer.",
                                                    "application/vnd.docker.image.rootfs."};
constexpr std::string_view manifest_keys[] = {"schemaVersion",
                                              "mediaType",
                                              "config",
                                              "layers",
                                              "manifests",
                                              "fsLayers",
                                              "annotations",
                                              "subject",
                                              "artifactType"};
constexpr std::string_view descriptor_keys[] = {
    "mediaType", "digest", "size", "platform", "annotations", "urls", "data", "artifactType"};

Error refuse(std::string message) {
    return {ErrorKind::protocol, std::move(message)};
}

// Go's decoder takes "Layers" and "layer\u017f" for "layers": what runs the image would read
// another list than we scan. A spelling that only such a reader knows is therefore refused.
Result<void> check_spelling(json const& object, std::span<std::string_view const> known) {
    for (auto const& [key, value] : object.items()) {
        bool const is_ascii =
            std::all_of(key.begin(), key.end(), [](char c) { return (c & 0x80) == 0; });
        bool const is_twin = std::any_of(known.begin(), known.end(), [&](std::string_view word) {
            return key != word && equals_ignoring_case(key, word);
        });
        if (!is_ascii || is_twin)
            return refuse(cat("the member \"", key, "\" means different things to readers"));
    }
    return ok();
}

Result<std::map<std::string, std::string>> annotations_of(json const& object) {
    std::map<std::string, std::string> annotations;
    auto const* const member = TRY(clairgate::json::optional_object(object, "annotations"));
    if (member == nullptr)
        return annotations;
    for (auto const& [key, value] : member->items()) {
        if (!value.is_string())
            return refuse(cat("annotation ", key, " is not a string"));
        annotations.emplace(key, value.get_ref<std::string const&>());
    }
    return annotations;
}

Result<std::optional<Platform>> platform_of(json const& object) {
    auto const* const member = TRY(clairgate::json::optional_object(object, "platform"));
    if (member == nullptr)
        return std::optional<Platform>();
    Platform platform;
    platform.os = TRY(clairgate::json::optional_string(*member, "os")).value_or("");
    platform.architecture =
        TRY(clairgate::json::optional_string(*member, "architecture")).value_or("");
    platform.variant = TRY(clairgate::json::optional_string(*member, "variant")).value_or("");
    return std::optional<Platform>(std::move(platform));
}

Result<Descriptor> descriptor_of(json const& object) {
    if (!object.is_object())
        return refuse("a descriptor is not an object");
    TRY_VOID(check_spelling(object, descriptor_keys));
    auto const digest_text = TRY(clairgate::json::string(object, "digest"));
    auto digest = Digest::parse(digest_text);
    if (!digest.has_value())
        return refuse(digest.error().message());
    // Each part by itself: g++ 12 leaks the members before a TRY that returns from a braced list.
    auto media_type = TRY(clairgate::json::optional_string(object, "mediaType")).value_or("");
    auto const size_bytes = TRY(clairgate::json::unsigned_integer(object, "size"));
    auto platform = TRY(platform_of(object));
    auto annotations = TRY(annotations_of(object));
    return Descriptor{std::move(media_type),
                      *std::move(digest),
                      size_bytes,
                      std::move(platform),
                      std::move(annotations)};
}

Result<std::vector<Descriptor>>
descriptors_of(json const& object, std::string_view key, std::size_t count_max) {
    auto const* const member = TRY(clairgate::json::optional_array(object, key));
    if (member == nullptr)
        return refuse(cat("\"", key, "\" is missing"));
    if (member->size() > count_max)
        return Error(ErrorKind::limit, cat(member->size(), " ", key, ", at most ", count_max));
    std::vector<Descriptor> descriptors;
    for (auto const& element : *member) {
        auto descriptor = TRY(descriptor_of(element).with_context(std::string(key)));
        descriptors.push_back(std::move(descriptor));
    }
    return descriptors;
}

bool is_one_of(std::string_view type, std::span<std::string_view const> types) {
    return std::find(types.begin(), types.end(), type) != types.end();
}

Error refuse_artifact(std::string message) {
    return refuse(std::move(message))
        .with_remedy("charts, signatures and other artifacts cannot be scanned");
}

// The header and the document must say the same; without either, the members decide.
Result<std::string> media_type_of(json const& object, std::string_view content_type) {
    auto const declared = TRY(clairgate::json::optional_string(object, "mediaType")).value_or("");
    auto const header = to_lower(trim(content_type.substr(0, content_type.find(';'))));
    constexpr std::string_view known[] = {media_type::oci_index,
                                          media_type::oci_manifest,
                                          media_type::docker_list,
                                          media_type::docker_manifest};
    if (is_one_of(header, schema1_types) || is_one_of(declared, schema1_types) ||
        (object.contains("schemaVersion") && object["schemaVersion"] == 1))
        return Error(ErrorKind::protocol,
                     "the manifest is Docker's schema 1, which names no config and no sizes")
            .with_remedy("push the image again with a current builder");
    if (!declared.empty() && !is_one_of(header, silent_types) && declared != header)
        return refuse(cat("mediaType ", declared, " was served as ", header));
    if (is_one_of(declared, known))
        return declared;
    if (!declared.empty())
        return refuse(cat("not an image: mediaType ", declared));
    if (is_one_of(header, known))
        return header;
    if (!is_one_of(header, silent_types))
        return refuse(cat("not an image: served as ", header));
    return std::string(object.contains("manifests") ? media_type::oci_index
                                                    : media_type::oci_manifest);
}

// A signature or an attestation may carry an image's config type; its layers give it away.
Result<void> check_layer_types(std::vector<Descriptor> const& layers) {
    for (auto const& layer : layers) {
        bool const is_fine =
            is_one_of(layer.media_type, silent_types) ||
            std::any_of(std::begin(layer_type_prefixes),
                        std::end(layer_type_prefixes),
                        [&](auto prefix) { return layer.media_type.starts_with(prefix); });
        if (!is_fine)
            return refuse_artifact(cat("not a container image: a layer is ", layer.media_type));
    }
    return ok();
}

Result<Manifest> manifest_of(json const& object, std::string type, Digest const& digest) {
    auto const* const config = TRY(clairgate::json::optional_object(object, "config"));
    if (config == nullptr)
        return refuse("the manifest has no config");
    auto config_descriptor = TRY(descriptor_of(*config).with_context("config"));
    if (!is_one_of(config_descriptor.media_type, image_config_types))
        return refuse_artifact(
            cat("not a container image: its config is ", config_descriptor.media_type));
    auto layers = TRY(descriptors_of(object, "layers", limits::layers));
    TRY_VOID(check_layer_types(layers));
    auto annotations = TRY(annotations_of(object));
    return Manifest{std::move(type),
                    digest,
                    std::move(config_descriptor),
                    std::move(layers),
                    std::move(annotations),
                    0};
}

} // namespace

std::string Platform::text() const {
    if (os.empty() && architecture.empty())
        return "unknown";
    return variant.empty() ? cat(os, "/", architecture) : cat(os, "/", architecture, "/", variant);
}

Result<Platform> Platform::parse(std::string_view text) {
    auto const parts = split(text, '/');
    bool const is_fine = (parts.size() == 2 || parts.size() == 3) &&
                         std::none_of(parts.begin(), parts.end(), [](auto p) { return p.empty(); });
    if (!is_fine)
        return Error(ErrorKind::usage, cat("not a platform: \"", text, "\""))
            .with_remedy("a platform is OS/ARCH or OS/ARCH/VARIANT, such as linux/arm64");
    return Platform{std::string(parts[0]),
                    std::string(parts[1]),
                    parts.size() == 3 ? std::string(parts[2]) : std::string()};
}

Result<Document>
parse_document(std::string_view bytes, std::string_view content_type, Digest const& digest) {
    auto const object = TRY(clairgate::json::parse(bytes));
    if (!object.is_object())
        return refuse("the manifest is not a JSON object");
    TRY_VOID(check_spelling(object, manifest_keys));
    auto type = TRY(media_type_of(object, content_type));
    bool const has_manifests = object.contains("manifests");
    bool const has_layers = object.contains("layers") || object.contains("fsLayers");
    if (has_manifests && has_layers) // CVE-2021-41190: readers would disagree on what it is
        return refuse("the manifest holds both manifests and layers");
    if (type == media_type::oci_index || type == media_type::docker_list) {
        if (!has_manifests)
            return refuse("the index has no manifests");
        auto manifests = TRY(descriptors_of(object, "manifests", limits::platforms));
        auto annotations = TRY(annotations_of(object));
        return Document(Index{
            std::move(type), digest, std::move(manifests), std::move(annotations), bytes.size()});
    }
    if (has_manifests)
        return refuse("an image manifest must not hold manifests");
    auto manifest = TRY(manifest_of(object, std::move(type), digest));
    manifest.size_bytes = bytes.size();
    return Document(std::move(manifest));
}

bool is_attestation(Descriptor const& child) {
    auto const found = child.annotations.find("vnd.docker.reference.type");
    bool const is_buildkit =
        found != child.annotations.end() && found->second == "attestation-manifest";
    bool const is_nowhere = child.platform && child.platform->os == "unknown" &&
                            child.platform->architecture == "unknown";
    return is_buildkit || is_nowhere;
}

} // namespace clairgate::image
