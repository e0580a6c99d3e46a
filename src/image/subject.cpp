#include <clairgate/base/json.hpp>
#include <clairgate/image/subject.hpp>

#include <nlohmann/json.hpp>

namespace clairgate::image {

namespace {

constexpr std::size_t history_entries_max = 4096;

Result<std::vector<ImageConfig::History>> history_of(nlohmann::json const& object) {
    std::vector<ImageConfig::History> history;
    auto const* const member = TRY(json::optional_array(object, "history"));
    if (member == nullptr)
        return history;
    for (auto const& entry : *member) {
        if (history.size() == history_entries_max)
            break;
        auto const* const empty = json::find(entry, "empty_layer");
        auto created_by = TRY(json::optional_string(entry, "created_by")).value_or("");
        history.push_back(
            {std::move(created_by), empty != nullptr && empty->is_boolean() && empty->get<bool>()});
    }
    return history;
}

} // namespace

Result<ImageConfig> parse_image_config(std::string_view bytes) {
    auto const object = TRY(json::parse(bytes));
    if (!object.is_object())
        return Error(ErrorKind::protocol, "the image config is not a JSON object");
    ImageConfig config;
    config.platform.os = TRY(json::optional_string(object, "os")).value_or("");
    config.platform.architecture = TRY(json::optional_string(object, "architecture")).value_or("");
    config.platform.variant = TRY(json::optional_string(object, "variant")).value_or("");
    config.history = TRY(history_of(object));
    auto const* const runtime = TRY(json::optional_object(object, "config"));
    if (runtime == nullptr)
        return config;
    auto const* const labels = TRY(json::optional_object(*runtime, "Labels"));
    if (labels != nullptr)
        for (auto const& [key, value] : labels->items())
            if (value.is_string())
                config.labels.emplace(key, value.get_ref<std::string const&>());
    return config;
}

} // namespace clairgate::image
