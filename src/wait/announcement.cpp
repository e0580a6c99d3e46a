#include <clairgate/base/json.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/wait/digest_file.hpp>

#include <nlohmann/json.hpp>

namespace clairgate::wait {

namespace {

using nlohmann::json;

constexpr std::size_t announcements_max = 256;

Error refuse(std::string message) {
    return {ErrorKind::protocol, std::move(message)};
}

std::string without_tag(std::string_view name) {
    auto const slash = name.rfind('/');
    auto const colon = name.rfind(':');
    bool const has_tag =
        colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash);
    return std::string(name.substr(0, has_tag ? colon : name.size()));
}

Result<Announcement> line_of(std::string_view line) {
    auto const at = line.rfind('@');
    auto digest = image::Digest::parse(at == std::string_view::npos ? line : line.substr(at + 1));
    if (!digest.has_value())
        return refuse(digest.error().message());
    Announcement out{std::nullopt, *std::move(digest)};
    if (at != std::string_view::npos)
        out.repository = without_tag(line.substr(0, at));
    return out;
}

Result<image::Digest> digest_of(std::string const& text) {
    auto digest = image::Digest::parse(text);
    if (!digest.has_value())
        return refuse(digest.error().message());
    return digest;
}

// One object of buildx, bake or jib. `image.name` may list several names, all with one digest.
Result<void> take_object(json const& object, std::vector<Announcement>& out) {
    auto const digest = TRY(clairgate::json::optional_string(object, "containerimage.digest"));
    auto const jib = TRY(clairgate::json::optional_string(object, "imageDigest"));
    if (auto const* const pushed = clairgate::json::find(object, "imagePushed");
        jib && (pushed == nullptr || *pushed != true))
        return refuse("jib's file does not say imagePushed: true; the image is not in a registry");
    if (!digest && !jib) {
        if (clairgate::json::find(object, "containerimage.config.digest") != nullptr)
            return refuse("the metadata holds only the image ID (containerimage.config.digest): "
                          "build with --push, so that there is a manifest's digest");
        return ok();
    }
    auto const value = TRY(digest_of(digest ? *digest : *jib));
    auto const names = TRY(clairgate::json::optional_string(object, jib ? "image" : "image.name"));
    if (!names) {
        out.push_back({std::nullopt, value});
        return ok();
    }
    for (auto const name : split(*names, ','))
        out.push_back({without_tag(trim(name)), value});
    return ok();
}

Result<std::vector<Announcement>> parse_metadata(std::string_view bytes) {
    auto const object = TRY(clairgate::json::parse(bytes));
    std::vector<Announcement> out;
    TRY_VOID(take_object(object, out));
    if (out.empty() && object.is_object())
        for (auto const& [target, inner] : object.items())
            if (inner.is_object())
                TRY_VOID(take_object(inner, out).with_context(target));
    if (out.empty())
        return refuse("the metadata holds no containerimage.digest");
    if (out.size() > announcements_max)
        return Error(ErrorKind::limit, "the metadata names too many images");
    return out;
}

bool is_same_repository(std::string const& text, image::Repository const& wanted) {
    auto const parsed = image::Reference::parse(text);
    return parsed.has_value() && parsed->repository() == wanted;
}

} // namespace

Result<std::vector<Announcement>> parse_announcements(std::string_view bytes) {
    auto const text = trim(bytes);
    if (text.empty())
        return refuse("the file is empty");
    if (text.front() == '{')
        return parse_metadata(text);
    std::vector<Announcement> out;
    for (auto const line : split(text, '\n')) {
        if (trim(line).empty())
            continue;
        if (out.size() == announcements_max)
            return Error(ErrorKind::limit, "the file names too many images");
        out.push_back(TRY(line_of(trim(line))));
    }
    return out;
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
                         cat("the file names ", chosen->text(), " and ", reference.text()))
                .with_remedy("--image REPOSITORY picks one repository");
        chosen = std::move(reference);
    }
    if (!chosen)
        return refuse(cat("the file names other repositories than ",
                          repository ? repository->text() : std::string()));
    return *std::move(chosen);
}

} // namespace clairgate::wait
