#include <clairgate/base/text.hpp>
#include <clairgate/image/reference.hpp>
#include <clairgate/policy/imports.hpp>

#include <nlohmann/json.hpp>

// The whitelists of two older clients of Clair. clair-scanner: ids with a comment, for all images
// or by what stands before the first colon of the image's name. klar: lists of ids, for all images
// or by repository, whatever the registry.
namespace clairgate::policy::imports {

namespace {

using nlohmann::json;

constexpr std::string_view digest_suffix = "@sha256";

Error cannot(std::string why) {
    return {ErrorKind::policy, std::move(why)};
}

Result<std::vector<std::string>> scanner_globs(std::string_view name) {
    if (name.ends_with(digest_suffix))
        name.remove_suffix(digest_suffix.size());
    if (name.find_first_of(":@") != std::string_view::npos)
        return cannot(
            "its image has a port, tag or digest, and clair-scanner compares only what stands "
            "before the first colon");
    auto const reference = image::Reference::parse(name);
    if (!reference.has_value())
        return cannot("its image is no name of an image");
    return std::vector{reference->repository().text()};
}

Result<std::vector<std::string>> klar_globs(std::string_view name) {
    // With a registry in front, what is left must be a repository alone.
    auto const reference = image::Reference::parse(cat("registry.invalid/", name));
    if (!reference.has_value() || reference->repository().path != name)
        return cannot("its image is no repository without registry, tag and digest");
    return std::vector{cat("*/", name)};
}

// klar's lists as the maps they stand for.
Result<json> as_map(json const& list, std::string_view where) {
    auto map = json::object();
    if (!list.is_array() && !list.is_null())
        return Error(ErrorKind::protocol, cat("\"", printable(where, 100), "\" is no list of ids"));
    for (auto const& id : list)
        map[id.is_string() ? id.get<std::string>()
                           : id.dump(-1, ' ', true, json::error_handler_t::replace)] = nullptr;
    return map;
}

} // namespace

Result<Draft> read_clair_scanner(json const& document) {
    return read_allow_map(document, {"generalwhitelist", scanner_globs});
}

Result<Draft> read_klar(json const& document) {
    if (!document.is_object())
        return Error(ErrorKind::protocol,
                     "not a whitelist of klar: it has neither general nor images");
    auto maps = document;
    if (auto const general = maps.find("general"); general != maps.end())
        *general = TRY(as_map(*general, "general"));
    if (auto const images = maps.find("images"); images != maps.end() && images->is_object())
        for (auto const& [name, ids] : images->items())
            ids = TRY(as_map(ids, name));
    return read_allow_map(maps, {"general", klar_globs});
}

} // namespace clairgate::policy::imports
