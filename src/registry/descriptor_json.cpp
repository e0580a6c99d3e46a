#include <clairgate/base/json.hpp>
#include <clairgate/registry/descriptor_json.hpp>

#include <nlohmann/json.hpp>

namespace clairgate::registry {

using nlohmann::json;

json descriptor_of(std::string_view media_type, std::string_view bytes) {
    return {{"mediaType", media_type},
            {"digest", image::Digest::of(bytes).text()},
            {"size", bytes.size()}};
}

Result<Described> read_descriptor(json const& descriptor) {
    auto const text = TRY(clairgate::json::string(descriptor, "digest"));
    auto digest = image::Digest::parse(text);
    if (!digest.has_value()) // a peer's mistake, not a user's
        return Error(ErrorKind::protocol, digest.error().message());
    auto const size_bytes = TRY(clairgate::json::unsigned_integer(descriptor, "size"));
    return Described{*std::move(digest), size_bytes};
}

Annotations annotations_of(json const& object) {
    Annotations annotations;
    auto const* const member = clairgate::json::find(object, "annotations");
    if (member == nullptr || !member->is_object())
        return annotations;
    for (auto const& [key, value] : member->items())
        if (value.is_string())
            annotations.emplace(key, value.get_ref<std::string const&>());
    return annotations;
}

std::string annotation(Annotations const& annotations, std::string_view key) {
    auto const found = annotations.find(std::string(key));
    return found == annotations.end() ? "" : found->second;
}

} // namespace clairgate::registry
