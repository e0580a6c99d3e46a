#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/io/race.hpp>
#include <clairgate/io/retry.hpp>
#include <clairgate/registry/resolve.hpp>

#include <algorithm>
#include <set>

namespace clairgate::registry {

namespace {

constexpr std::size_t children_at_once = 4;
constexpr int index_depth_max = 2;

Error mismatch(std::string_view what, image::Digest const& wanted) {
    return {ErrorKind::integrity, cat(what, " does not have the digest ", wanted.text())};
}

Error other_size(std::string_view what, std::size_t bytes, std::uint64_t stated) {
    return {ErrorKind::integrity,
            cat(what, " has ", bytes, " bytes, its descriptor says ", stated)};
}

std::string text_of(std::vector<image::Platform> const& platforms) {
    std::string out;
    for (auto const& platform : platforms)
        out += cat(out.empty() ? "" : " or ", platform.text());
    return out;
}

} // namespace

io::Task<Result<image::Subject>> Resolver::resolve(image::Reference reference, Deadline deadline) {
    auto const& stated = reference.digest();
    CLAIRGATE_ASSERT(stated.has_value());
    auto const& digest = *stated;
    auto const& repository = reference.repository();
    there_.clear();
    CO_TRY(auto document, co_await document_of(repository, digest, std::nullopt, deadline));
    image::Subject subject{reference.at(digest), digest, "", {}, {}};
    subject.is_whole = options_.platforms.empty();
    if (auto* const manifest = std::get_if<image::Manifest>(&document)) {
        subject.media_type = manifest->media_type;
        subject.annotations = manifest->annotations;
        subject.size_bytes = manifest->size_bytes;
        CO_TRY(auto image,
               co_await platform_image(repository, std::move(*manifest), std::nullopt, deadline));
        if (wants(image.platform))
            subject.platforms.push_back(std::move(image));
    } else {
        auto const& index = std::get<image::Index>(document);
        subject.media_type = index.media_type;
        subject.annotations = index.annotations;
        subject.size_bytes = index.size_bytes;
        CO_TRY(auto images, co_await children_of(repository, index, deadline));
        subject.platforms = std::move(images);
    }
    if (!subject.platforms.empty())
        co_return subject;
    if (there_.empty())
        co_return Error(ErrorKind::protocol, "the index holds no image");
    co_return Error(ErrorKind::usage,
                    cat("the image has no platform ",
                        text_of(options_.platforms),
                        ", only ",
                        join(there_, ", ")))
        .with_remedy("--platform OS/ARCH names one that is there");
}

io::Task<Result<io::Response>> Resolver::get_once(image::Repository repository,
                                                  std::string path,
                                                  std::size_t bytes_max,
                                                  Deadline deadline) {
    auto answer = co_await fetcher_.send("GET", repository, path, bytes_max, deadline);
    if (answer.has_value() && answer->status != 200)
        co_return fetcher_.failed("GET", repository, *answer);
    co_return answer;
}

// The bytes of a manifest or blob, retried, and proven to be the ones that were asked for.
io::Task<Result<io::Response>> Resolver::verified(image::Repository repository,
                                                  std::string kind,
                                                  image::Digest digest,
                                                  std::size_t bytes_max,
                                                  Deadline deadline) {
    auto const path = cat(kind, "/", digest.text());
    auto const once = [&] { return get_once(repository, path, bytes_max, deadline); };
    auto answer = co_await io::with_retry<io::Response>(world_, path, deadline, once);
    if (!answer.has_value())
        co_return answer.error().with_context(
            cat("fetching ", repository.text(), "@", digest.text()));
    auto const stated = answer->header("docker-content-digest");
    if (kind == "manifests" && stated && *stated != digest.text() && digest.algorithm() == "sha256")
        co_return mismatch("the manifest, as the registry states it,", digest);
    if (!digest.matches(answer->body))
        co_return mismatch(cat("what was served as ", kind, " of ", repository.text()), digest);
    co_return answer;
}

io::Task<Result<image::Document>> Resolver::document_of(image::Repository repository,
                                                        image::Digest digest,
                                                        std::optional<std::uint64_t> size_bytes,
                                                        Deadline deadline) {
    CO_TRY(auto const answer,
           co_await verified(repository, "manifests", digest, limits::manifest_bytes, deadline));
    if (size_bytes && *size_bytes != answer.body.size())
        co_return other_size(cat("manifest ", digest.text()), answer.body.size(), *size_bytes);
    auto document =
        image::parse_document(answer.body, answer.header("content-type").value_or(""), digest);
    co_return std::move(document).with_context(cat("manifest ", digest.text()));
}

io::Task<Result<image::PlatformImage>>
Resolver::platform_image(image::Repository repository,
                         image::Manifest manifest,
                         std::optional<image::Platform> stated,
                         Deadline deadline) {
    CO_TRY(auto const answer,
           co_await verified(
               repository, "blobs", manifest.config.digest, limits::image_config_bytes, deadline));
    if (answer.body.size() != manifest.config.size_bytes)
        co_return other_size(cat("image config ", manifest.config.digest.text()),
                             answer.body.size(),
                             manifest.config.size_bytes);
    CO_TRY(auto config, image::parse_image_config(answer.body));
    auto platform = stated && !stated->os.empty() ? *stated : config.platform;
    co_return image::PlatformImage{std::move(platform), std::move(manifest), std::move(config)};
}

// All images below an index, nested ones included, in the order of the index. What the operator did
// not ask for is not even fetched where the index says its platform: it may not be there.
io::Task<Result<std::vector<image::PlatformImage>>>
Resolver::children_of(image::Repository repository, image::Index const& index, Deadline deadline) {
    std::vector<image::PlatformImage> images;
    std::set<image::Digest> seen;
    auto level = index.manifests;
    for (int depth = 0; !level.empty(); ++depth) {
        if (depth == index_depth_max)
            co_return Error(ErrorKind::limit, "image indexes are nested too deeply");
        std::vector<image::Descriptor> wanted;
        for (auto& child : level) {
            bool const is_stated = child.platform && !child.platform->os.empty();
            if (image::is_attestation(child) || (is_stated && !wants(*child.platform)))
                continue;
            if (seen.insert(child.digest).second)
                wanted.push_back(std::move(child));
        }
        if (seen.size() > limits::platforms)
            co_return Error(ErrorKind::limit, cat("more than ", limits::platforms, " platforms"));
        level.clear();
        std::function<io::Task<Result<Child>>(std::size_t)> const make = [&](std::size_t i) {
            return child_of(repository, wanted[i], deadline);
        };
        auto results =
            co_await io::for_each_concurrent<Child>(wanted.size(), children_at_once, make);
        for (std::size_t i = 0; i < results.size(); ++i) {
            auto& result = results[i];
            if (!result.has_value())
                co_return result.error().with_context("a platform of the index");
            auto const& platform = wanted[i].platform;
            bool const is_stated = platform && !platform->os.empty();
            auto& image = result->image;
            if (image && (is_stated || wants(image->platform)))
                images.push_back(std::move(*image));
            std::move(result->nested.begin(), result->nested.end(), std::back_inserter(level));
        }
    }
    co_return images;
}

io::Task<Result<Resolver::Child>>
Resolver::child_of(image::Repository repository, image::Descriptor descriptor, Deadline deadline) {
    CO_TRY(auto document,
           co_await document_of(repository, descriptor.digest, descriptor.size_bytes, deadline));
    Child child;
    if (auto* const index = std::get_if<image::Index>(&document)) {
        child.nested = std::move(index->manifests);
        co_return child;
    }
    auto manifest = std::get<image::Manifest>(std::move(document));
    CO_TRY(child.image,
           co_await platform_image(repository, std::move(manifest), descriptor.platform, deadline));
    co_return child;
}

bool Resolver::wants(image::Platform const& platform) {
    there_.push_back(platform.text());
    return options_.platforms.empty() ||
           std::any_of(options_.platforms.begin(),
                       options_.platforms.end(),
                       [&](image::Platform const& wanted) {
                           return wanted.os == platform.os &&
                                  wanted.architecture == platform.architecture &&
                                  (wanted.variant.empty() || wanted.variant == platform.variant);
                       });
}

} // namespace clairgate::registry
