#include <clairgate/base/json.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/image/manifest.hpp>
#include <clairgate/registry/descriptor_json.hpp>
#include <clairgate/registry/fallback_index.hpp>

#include <nlohmann/json.hpp>

namespace clairgate::registry {

namespace {

using nlohmann::json;

Error occupied(std::string_view reason) {
    return Error(ErrorKind::protocol,
                 cat("the tag that lists referrers holds something else: ", reason))
        .with_remedy("delete that tag if nobody needs it; it is not overwritten");
}

json new_index() {
    return {{"schemaVersion", 2},
            {"mediaType", image::media_type::oci_index},
            {"manifests", json::array()}};
}

Result<json> read_index(TagContent const& content) {
    if (content.media_type != image::media_type::oci_index)
        return occupied(cat("it is ", content.media_type));
    auto index = clairgate::json::parse(content.bytes);
    if (!index.has_value())
        return occupied(index.error().message());
    auto const* const manifests = clairgate::json::find(*index, "manifests");
    if (manifests == nullptr || !manifests->is_array() || index->contains("layers"))
        return occupied("it is no index");
    auto const type = clairgate::json::optional_string(*index, "mediaType");
    if (!type.has_value() || type->value_or("") != image::media_type::oci_index)
        (*index)["mediaType"] = image::media_type::oci_index;
    return index;
}

// The manifest's own artifact type, else that of its config (distribution-spec, same section).
Result<json> entry_for(std::string_view manifest_bytes) {
    auto const manifest = TRY(clairgate::json::parse(manifest_bytes));
    auto entry = descriptor_of(image::media_type::oci_manifest, manifest_bytes);
    auto type = TRY(clairgate::json::optional_string(manifest, "artifactType")).value_or("");
    if (auto const* const config = clairgate::json::find(manifest, "config");
        type.empty() && config)
        type = TRY(clairgate::json::optional_string(*config, "mediaType")).value_or("");
    if (!type.empty())
        entry["artifactType"] = type;
    if (auto const annotations = annotations_of(manifest); !annotations.empty())
        entry["annotations"] = annotations;
    return entry;
}

std::string digest_text(json const& entry) {
    auto const digest = clairgate::json::optional_string(entry, "digest");
    return digest.has_value() ? digest->value_or("") : "";
}

} // namespace

Result<std::optional<TagUpdate>> edit_fallback(std::optional<TagContent> const& content,
                                               FallbackEdit const& edit) {
    auto index = content ? TRY(read_index(*content)) : new_index();
    std::set<std::string> removed;
    for (auto const& digest : edit.removed)
        removed.insert(digest.text());
    std::set<std::string> listed;
    bool is_changed = false;
    auto kept = json::array();
    for (auto& entry : index["manifests"]) {
        auto const digest = digest_text(entry);
        if (removed.contains(digest)) {
            is_changed = true;
            continue;
        }
        listed.insert(digest);
        kept.push_back(std::move(entry));
    }
    for (auto const& manifest : edit.added) {
        if (!listed.insert(image::Digest::of(manifest).text()).second)
            continue;
        kept.push_back(TRY(entry_for(manifest)));
        is_changed = true;
    }
    if (!is_changed)
        return std::optional<TagUpdate>();
    index["manifests"] = std::move(kept);
    return std::optional(
        TagUpdate{clairgate::json::dump(index), std::string(image::media_type::oci_index), {}});
}

} // namespace clairgate::registry
