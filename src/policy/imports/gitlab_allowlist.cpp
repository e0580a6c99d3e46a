#include <clairgate/base/text.hpp>
#include <clairgate/image/reference.hpp>
#include <clairgate/policy/imports.hpp>

#include <nlohmann/json.hpp>

// `vulnerability-allowlist.yml`: ids with an optional comment, for all images or by the name that
// an image was scanned under, without its tag. "NAME@sha256" is what is left of NAME@sha256:…
// without what GitLab takes for its tag; here every image is scanned by digest.
namespace clairgate::policy::imports {

namespace {

using nlohmann::json;

constexpr std::string_view images_key = "images";
constexpr std::string_view digest_suffix = "@sha256";

Error cannot(std::string why) {
    return {ErrorKind::policy, std::move(why)};
}

Result<std::vector<std::string>> image_globs(std::string_view name) {
    if (name.ends_with(digest_suffix))
        name.remove_suffix(digest_suffix.size());
    if (name.find('@') != std::string_view::npos)
        return cannot("its image has a digest, and such a name matches none in GitLab either");
    auto const reference = image::Reference::parse(name);
    if (!reference.has_value())
        return cannot("its image is no name of an image");
    if (reference->tag())
        return cannot("its image has a tag, and such a name matches none in GitLab either");
    return std::vector{reference->repository().text()};
}

// What a value of the map says about its id.
std::string comment_of(json const& value) {
    if (value.is_string())
        return value.get<std::string>();
    return value.is_null() ? std::string()
                           : value.dump(-1, ' ', true, json::error_handler_t::replace);
}

Result<void> read_ids(json const& ids,
                      std::string_view where,
                      std::vector<std::string> const& images,
                      Draft& draft) {
    if (ids.is_null())
        return ok();
    if (!ids.is_object())
        return Error(ErrorKind::protocol,
                     cat("\"", printable(where, 100), "\" is no mapping of ids to comments"));
    for (auto const& [id, comment] : ids.items()) {
        if (!is_vulnerability_id(id)) {
            draft.leave(id, not_an_id);
            continue;
        }
        DraftWaiver waiver;
        waiver.ids = {id};
        waiver.images = images;
        waiver.comment = comment_of(comment);
        draft.only_file().waivers.push_back(std::move(waiver));
    }
    return ok();
}

} // namespace

Result<Draft> read_allow_map(json const& document, AllowMap const& format) {
    if (!document.is_object())
        return Error(ErrorKind::protocol,
                     cat("not an allow-list: it has neither ", format.general, " nor images"));
    Draft draft;
    for (auto const& [key, value] : document.items())
        if (key == format.general)
            TRY_VOID(read_ids(value, key, {}, draft));
        else if (key != images_key)
            draft.leave(key, cat("only ", format.general, " and images hold ids"));
    auto const images = document.find(images_key);
    if (images == document.end() || images->is_null())
        return draft;
    if (!images->is_object())
        return Error(ErrorKind::protocol, "\"images\" is no mapping of images to ids");
    for (auto const& [name, ids] : images->items()) {
        auto const globs = format.image_globs(name);
        if (globs.has_value()) {
            TRY_VOID(read_ids(ids, name, *globs, draft));
            continue;
        }
        Draft unread;
        TRY_VOID(read_ids(ids, name, {}, unread));
        for (auto const& file : unread.files)
            for (auto const& waiver : file.waivers)
                draft.leave(cat(waiver.ids.front(), " of ", name), globs.error().message());
    }
    return draft;
}

Result<Draft> read_gitlab_allowlist(json const& document) {
    return read_allow_map(document, {"generalallowlist", image_globs});
}

} // namespace clairgate::policy::imports
