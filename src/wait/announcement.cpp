#include <clairgate/base/json.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/wait/digest_file.hpp>
#include <clairgate/wait/registry_look.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace clairgate::wait {

namespace {

using nlohmann::json;

constexpr std::size_t announcements_max = 256;

// How builders spell the digest and the name in JSON. Another builder is one more line.
struct Shape {
    std::string_view digest;
    std::string_view name;   // may list several names, all of the one digest
    std::string_view pushed; // must be true when it is there: the file is also written without push
};
constexpr Shape shapes[] = {
    {"containerimage.digest", "image.name", ""}, // buildx, bake, buildctl
    {"imageDigest", "image", "imagePushed"},     // jib
    {"digest", "name", ""},                      // kaniko's BUILDER_OUTPUT/images
};
constexpr std::string_view image_id_key = "containerimage.config.digest"; // buildx, bake

Error refuse(std::string message) {
    return {ErrorKind::protocol, std::move(message)};
}

Error too_many() {
    return {ErrorKind::limit, cat("the file names more than ", announcements_max, " images")};
}

std::string without_tag(std::string_view name) {
    auto const slash = name.rfind('/');
    auto const colon = name.rfind(':');
    bool const has_tag =
        colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash);
    return std::string(name.substr(0, has_tag ? colon : name.size()));
}

bool is_bare_hex(std::string_view text) {
    return (text.size() == 12 || text.size() == 64) &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Result<image::Digest> digest_of(std::string_view text) {
    if (is_bare_hex(text))
        return Error(ErrorKind::protocol,
                     cat("\"", text, "\" looks like an image ID, not a digest"))
            .with_remedy(image_id_remedy);
    auto digest = image::Digest::parse(text);
    if (!digest.has_value())
        return refuse(digest.error().message());
    return digest;
}

// sha256:…, repository@sha256:… or repository:tag@sha256:…
Result<Announcement> line_of(std::string_view line) {
    auto const at = line.rfind('@');
    bool const has_name = at != std::string_view::npos;
    auto digest = TRY(digest_of(has_name ? line.substr(at + 1) : line));
    Announcement out{std::nullopt, std::move(digest)};
    if (has_name)
        out.repository = without_tag(line.substr(0, at));
    return out;
}

Result<void>
take_shape(json const& object, Shape const& shape, std::vector<Announcement>& announcements) {
    auto const text = TRY(clairgate::json::optional_string(object, shape.digest));
    if (!text)
        return ok();
    auto const* const pushed =
        shape.pushed.empty() ? nullptr : clairgate::json::find(object, shape.pushed);
    if (!shape.pushed.empty() && (pushed == nullptr || *pushed != true))
        return refuse(cat("the metadata does not say \"",
                          shape.pushed,
                          "\": true, so the image is not in a registry"));
    auto const digest = TRY(digest_of(*text));
    auto const names = TRY(clairgate::json::optional_string(object, shape.name));
    if (!names) {
        announcements.push_back({std::nullopt, digest});
        return ok();
    }
    for (auto const name : split(*names, ','))
        announcements.push_back({without_tag(trim(name)), digest});
    return announcements.size() > announcements_max ? Result<void>(too_many()) : ok();
}

// The first shape that fits; nothing is taken when none does.
Result<void> take_object(json const& object, std::vector<Announcement>& announcements) {
    auto const before = announcements.size();
    for (auto const& shape : shapes) {
        TRY_VOID(take_shape(object, shape, announcements));
        if (announcements.size() != before)
            break;
    }
    return ok();
}

// buildx, jib: one object. bake: one object per target, of which some may not be pushed.
Result<std::vector<Announcement>> parse_document(json const& document) {
    std::vector<Announcement> announcements;
    TRY_VOID(take_object(document, announcements));
    bool has_image_id = clairgate::json::find(document, image_id_key) != nullptr;
    if (announcements.empty() && document.is_object()) {
        for (auto const& [target, inner] : document.items()) {
            if (inner.is_object())
                TRY_VOID(take_shape(inner, shapes[0], announcements).with_context(target));
            has_image_id = has_image_id || clairgate::json::find(inner, image_id_key) != nullptr;
        }
    }
    if (announcements.empty() && has_image_id)
        return Error(ErrorKind::protocol,
                     cat("the metadata holds only the image ID (",
                         image_id_key,
                         "): the image was built but not pushed"))
            .with_remedy(image_id_remedy);
    if (announcements.empty())
        return refuse("the metadata holds no digest (containerimage.digest, imageDigest)");
    return announcements;
}

// One object a line, as kaniko writes them.
Result<std::vector<Announcement>> parse_json_lines(std::vector<std::string_view> const& lines) {
    std::vector<Announcement> announcements;
    for (auto const line : lines) {
        auto const object = TRY(clairgate::json::parse(line));
        auto const before = announcements.size();
        TRY_VOID(take_object(object, announcements));
        if (announcements.size() == before)
            return refuse("a line of the metadata holds no digest");
    }
    return announcements;
}

// What is not empty, without line ends; nothing else is trimmed, so that half a line is no line.
std::vector<std::string_view> lines_of(std::string_view bytes) {
    std::vector<std::string_view> lines;
    for (auto line : split(bytes, '\n')) {
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (!line.empty())
            lines.push_back(line);
    }
    return lines;
}

bool is_same_repository(std::string const& text, image::Repository const& wanted) {
    auto const parsed = image::Reference::parse(text);
    return parsed.has_value() && parsed->repository() == wanted;
}

Error names_others(std::vector<Announcement> const& announcements,
                   image::Repository const& repository) {
    constexpr std::size_t shown_max = 3;
    std::string names;
    for (std::size_t i = 0; i < std::min(announcements.size(), shown_max); ++i)
        names += cat(i == 0 ? "" : ", ", announcements[i].repository.value_or("?"));
    if (announcements.size() > shown_max)
        names += ", …";
    return refuse(cat("the file is about ", names, ", not about ", repository.text()));
}

} // namespace

Result<std::vector<Announcement>> parse_announcements(std::string_view bytes) {
    auto const lines = lines_of(bytes);
    if (lines.empty())
        return refuse("the file is empty");
    if (bytes.front() == '{') {
        auto const document = clairgate::json::parse(bytes);
        if (document.has_value())
            return parse_document(*document);
        return lines.size() > 1 ? parse_json_lines(lines) : document.error();
    }
    if (lines.size() > announcements_max)
        return too_many();
    std::vector<Announcement> announcements;
    for (auto const line : lines)
        announcements.push_back(TRY(line_of(line)));
    return announcements;
}

Result<image::Reference> choose(std::vector<Announcement> const& announcements,
                                std::optional<image::Repository> const& repository) {
    std::optional<image::Reference> chosen;
    for (auto const& one : announcements) {
        if (repository && one.repository && !is_same_repository(*one.repository, *repository))
            continue;
        if (!repository && !one.repository)
            return Error(ErrorKind::usage, "the file holds a bare digest")
                .with_remedy("--image REPOSITORY says of which repository");
        auto place = repository;
        if (!place) {
            auto const parsed = image::Reference::parse(*one.repository);
            if (!parsed.has_value())
                return refuse(parsed.error().message());
            place = parsed->repository();
        }
        auto reference = image::Reference::make(*place, one.digest);
        if (chosen && chosen->text() != reference.text())
            return Error(ErrorKind::integrity,
                         cat("the file names both ", chosen->text(), " and ", reference.text()))
                .with_remedy("--image REPOSITORY picks one repository; of one repository a file "
                             "may name one digest only (of ko's --image-refs: the index)");
        chosen = std::move(reference);
    }
    if (chosen)
        return *std::move(chosen);
    return repository ? names_others(announcements, *repository)
                      : refuse("the file names no image");
}

} // namespace clairgate::wait
