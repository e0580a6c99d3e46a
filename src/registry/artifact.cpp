#include <clairgate/base/json.hpp>
#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/io/race.hpp>
#include <clairgate/registry/artifact.hpp>
#include <clairgate/registry/fetch.hpp>
#include <clairgate/registry/upload.hpp>
#include <clairgate/registry/verified.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace clairgate::registry {

namespace {

using nlohmann::json;

constexpr std::string_view title_key = "org.opencontainers.image.title";
constexpr std::string_view empty_type = "application/vnd.oci.empty.v1+json";
constexpr std::string_view empty_blob = "{}";
constexpr std::size_t title_bytes_max = 512;
constexpr std::size_t files_at_once = 4;

Error refuse(std::string message) {
    return {ErrorKind::protocol, std::move(message)};
}

bool by_title(NamedBlob const& a, NamedBlob const& b) {
    return a.title < b.title;
}

// Of something sorted by title: one that comes twice.
template <class Titled>
std::string const* title_that_comes_twice(std::vector<Titled> const& sorted) {
    auto const twin =
        std::adjacent_find(sorted.begin(), sorted.end(), [](Titled const& a, Titled const& b) {
            return a.title == b.title;
        });
    return twin == sorted.end() ? nullptr : &twin->title;
}

json descriptor(std::string_view type, std::string_view bytes) {
    return {
        {"mediaType", type}, {"digest", image::Digest::of(bytes).text()}, {"size", bytes.size()}};
}

Result<void> check_type(json const& manifest, std::string_view key, std::string_view wanted) {
    auto const stated = TRY(clairgate::json::optional_string(manifest, key)).value_or("");
    if (stated == wanted)
        return ok();
    return refuse(cat("not the artifact that was expected: its ",
                      key,
                      " is ",
                      stated.empty() ? "not stated" : stated,
                      ", not ",
                      wanted));
}

Result<void> check_empty_config(json const& manifest) {
    auto const* const config = TRY(clairgate::json::optional_object(manifest, "config"));
    if (config == nullptr)
        return refuse("the manifest has no config");
    TRY_VOID(check_type(*config, "mediaType", empty_type).with_context("config"));
    auto const digest = TRY(clairgate::json::string(*config, "digest").with_context("config"));
    if (digest != image::Digest::of(empty_blob).text())
        return refuse("the config is said to be empty and is not");
    return ok();
}

Result<std::string> title_of(json const& layer) {
    auto const* const annotations = TRY(clairgate::json::optional_object(layer, "annotations"));
    if (annotations == nullptr)
        return refuse(cat("a layer has no annotation ", title_key));
    auto title = TRY(clairgate::json::string(*annotations, title_key));
    if (!is_artifact_title(title))
        return refuse(cat("a layer's title names no file: \"", title.substr(0, 100), "\""));
    return title;
}

Result<ArtifactLayer>
layer_of(json const& layer, ArtifactKind const& kind, ArtifactLimits const& limits) {
    if (!layer.is_object())
        return refuse("a layer is not an object");
    TRY_VOID(check_type(layer, "mediaType", kind.layer_type));
    auto title = TRY(title_of(layer));
    auto const digest_text = TRY(clairgate::json::string(layer, "digest"));
    auto digest = image::Digest::parse(digest_text);
    if (!digest.has_value())
        return refuse(digest.error().message());
    auto const size_bytes = TRY(clairgate::json::unsigned_integer(layer, "size"));
    if (size_bytes > limits.file_bytes)
        return Error(ErrorKind::limit,
                     cat(title, " has ", size_bytes, " bytes, at most ", limits.file_bytes));
    return ArtifactLayer{std::move(title), *std::move(digest), size_bytes};
}

Result<void>
check_limits(std::size_t files, std::uint64_t total_bytes, ArtifactLimits const& limits) {
    if (files > limits.files)
        return Error(ErrorKind::limit, cat(files, " files, at most ", limits.files));
    if (total_bytes > limits.total_bytes)
        return Error(ErrorKind::limit,
                     cat("files of ", total_bytes, " bytes, at most ", limits.total_bytes));
    return ok();
}

// The bytes of a manifest or blob, proven to be the ones that were asked for.
io::Task<Result<std::string>> verified(io::World& world,
                                       Fetcher& fetcher,
                                       image::Repository repository,
                                       Store store,
                                       image::Digest digest,
                                       std::size_t bytes_max,
                                       Deadline deadline) {
    auto answer =
        co_await fetch_verified(world, fetcher, repository, store, digest, bytes_max, deadline);
    if (!answer.has_value())
        co_return answer.error().with_context(
            cat("fetching ", repository.text(), "@", digest.text()));
    co_return std::move(answer->body);
}

io::Task<Result<std::string>> file_of(io::World& world,
                                      Fetcher& fetcher,
                                      image::Repository repository,
                                      ArtifactLayer layer,
                                      Deadline deadline) {
    CO_TRY(auto bytes,
           co_await verified(
               world, fetcher, repository, Store::blobs, layer.digest, layer.size_bytes, deadline));
    if (bytes.size() != layer.size_bytes)
        co_return Error(ErrorKind::integrity,
                        cat(layer.title,
                            " has ",
                            bytes.size(),
                            " bytes, its descriptor says ",
                            layer.size_bytes));
    co_return bytes;
}

Result<void> check_push(image::Reference const& reference,
                        std::vector<NamedBlob> const& sorted,
                        ArtifactLimits const& limits) {
    if (!reference.tag() || reference.digest())
        return Error(ErrorKind::usage, cat("not a tag to push to: ", reference.text()))
            .with_remedy("name registry/repository:tag; the push gives the digest");
    if (sorted.empty())
        return Error(ErrorKind::usage, "there is no file to push");
    std::uint64_t total_bytes = 0;
    for (auto const& blob : sorted) {
        if (!is_artifact_title(blob.title))
            return Error(ErrorKind::usage, cat("\"", blob.title, "\" cannot name a file"))
                .with_remedy("use a-z, 0-9, '.', '_', '-' and '@'");
        if (blob.bytes.size() > limits.file_bytes)
            return Error(
                ErrorKind::limit,
                cat(blob.title, " has ", blob.bytes.size(), " bytes, at most ", limits.file_bytes));
        total_bytes += blob.bytes.size();
    }
    if (auto const* const twice = title_that_comes_twice(sorted))
        return Error(ErrorKind::usage, cat(*twice, " is there twice"));
    return check_limits(sorted.size(), total_bytes, limits);
}

} // namespace

bool is_artifact_title(std::string_view title) {
    auto const is_plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
               c == '@' || c == '-';
    };
    auto const is_component = [&](std::string_view part) {
        return !part.empty() && part != "." && part != ".." &&
               std::all_of(part.begin(), part.end(), is_plain);
    };
    if (title.size() > title_bytes_max)
        return false;
    auto const parts = split(title, '/');
    return std::all_of(parts.begin(), parts.end(), is_component);
}

std::string artifact_manifest(ArtifactKind const& kind, std::vector<NamedBlob> const& blobs) {
    auto sorted = blobs;
    std::sort(sorted.begin(), sorted.end(), by_title);
    auto layers = json::array();
    for (auto const& blob : sorted) {
        auto layer = descriptor(kind.layer_type, blob.bytes);
        layer["annotations"] = {{title_key, blob.title}};
        layers.push_back(std::move(layer));
    }
    json const manifest = {{"schemaVersion", 2},
                           {"mediaType", image::media_type::oci_manifest},
                           {"artifactType", kind.artifact_type},
                           {"config", descriptor(empty_type, empty_blob)},
                           {"layers", std::move(layers)}};
    return clairgate::json::dump(manifest);
}

Result<std::vector<ArtifactLayer>> parse_artifact_manifest(std::string_view bytes,
                                                           ArtifactKind const& kind,
                                                           ArtifactLimits const& limits) {
    auto const manifest = TRY(clairgate::json::parse(bytes));
    if (!manifest.is_object())
        return refuse("the manifest is not a JSON object");
    if (manifest.contains("manifests"))
        return refuse("an index, where an artifact's manifest was expected");
    TRY_VOID(check_type(manifest, "mediaType", image::media_type::oci_manifest));
    TRY_VOID(check_type(manifest, "artifactType", kind.artifact_type));
    TRY_VOID(check_empty_config(manifest));
    auto const* const list = TRY(clairgate::json::optional_array(manifest, "layers"));
    if (list == nullptr || list->empty())
        return refuse("the artifact holds no file");
    TRY_VOID(check_limits(list->size(), 0, limits));
    std::vector<ArtifactLayer> layers;
    std::uint64_t total_bytes = 0;
    for (auto const& element : *list) {
        auto layer = TRY(layer_of(element, kind, limits));
        total_bytes += layer.size_bytes; // bounded: files times bytes of one
        layers.push_back(std::move(layer));
    }
    TRY_VOID(check_limits(layers.size(), total_bytes, limits));
    std::sort(layers.begin(), layers.end(), [](auto const& a, auto const& b) {
        return a.title < b.title;
    });
    if (auto const* const twice = title_that_comes_twice(layers))
        return refuse(cat("two layers have the title ", *twice));
    return layers;
}

io::Task<Result<std::vector<NamedBlob>>> pull_artifact(io::World& world,
                                                       Options options,
                                                       image::Reference reference,
                                                       ArtifactKind kind,
                                                       ArtifactLimits limits,
                                                       Deadline deadline) {
    auto const& pinned = reference.digest();
    if (!pinned)
        co_return Error(ErrorKind::usage, cat(reference.text(), " names no digest"))
            .with_remedy("write registry/repository@sha256:…: a tag can be moved");
    auto const& repository = reference.repository();
    auto const& digest = *pinned;
    Fetcher fetcher(world, options);
    CO_TRY(auto const manifest,
           co_await verified(world,
                             fetcher,
                             repository,
                             Store::manifests,
                             digest,
                             limits::manifest_bytes,
                             deadline));
    auto parsed = parse_artifact_manifest(manifest, kind, limits);
    if (!parsed.has_value())
        co_return parsed.error().with_context(cat("artifact ", reference.text()));
    auto const layers = *std::move(parsed);
    std::function<io::Task<Result<std::string>>(std::size_t)> const make = [&](std::size_t i) {
        return file_of(world, fetcher, repository, layers[i], deadline);
    };
    auto files = co_await io::for_each_concurrent<std::string>(layers.size(), files_at_once, make);
    std::vector<NamedBlob> blobs;
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (!files[i].has_value())
            co_return files[i].error().with_context(cat("artifact ", reference.text()));
        blobs.push_back({layers[i].title, *std::move(files[i])});
    }
    co_return blobs;
}

io::Task<Result<image::Digest>> push_artifact(io::World& world,
                                              Options options,
                                              image::Reference reference,
                                              ArtifactKind kind,
                                              std::vector<NamedBlob> blobs,
                                              ArtifactLimits limits,
                                              Deadline deadline) {
    std::sort(blobs.begin(), blobs.end(), by_title);
    CO_TRY_VOID(check_push(reference, blobs, limits));
    auto const& repository = reference.repository();
    Uploader uploader(world, options);
    CO_TRY_VOID(co_await uploader.push_blob(repository, std::string(empty_blob), deadline));
    for (auto const& blob : blobs)
        CO_TRY_VOID(co_await uploader.push_blob(repository, blob.bytes, deadline));
    auto manifest = artifact_manifest(kind, blobs);
    co_return co_await uploader.push_manifest(repository,
                                              reference.tag().value_or(""),
                                              std::move(manifest),
                                              std::string(image::media_type::oci_manifest),
                                              deadline);
}

} // namespace clairgate::registry
