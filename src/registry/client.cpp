#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/io/race.hpp>
#include <clairgate/io/retry.hpp>
#include <clairgate/registry/client.hpp>
#include <clairgate/registry/endpoint.hpp>
#include <clairgate/registry/fetch.hpp>
#include <clairgate/registry/token.hpp>

#include <set>

namespace clairgate::registry {

namespace {

constexpr std::size_t children_at_once = 4;
constexpr int index_depth_max = 2;

Error mismatch(std::string_view what, image::Digest const& wanted) {
    return {ErrorKind::integrity, cat(what, " does not have the digest ", wanted.text())};
}

} // namespace

class Client::Impl {
  public:
    Impl(io::World& world, Options options)
        : world_(world), options_(std::move(options)), fetcher_(world_, options_) {}

    io::Task<Result<std::optional<image::Digest>>> exists(image::Reference reference,
                                                          Deadline deadline) {
        auto const& repository = reference.repository();
        auto const path = manifest_path(reference);
        CO_TRY(auto head, co_await fetcher_.send("HEAD", repository, path, 0, deadline));
        if (head.status == 404)
            co_return std::optional<image::Digest>();
        auto const stated = head.header("docker-content-digest");
        if (head.status == 200 && stated) {
            auto digest = image::Digest::parse(*stated);
            if (!digest.has_value())
                co_return Error(ErrorKind::protocol, "the registry states a malformed digest");
            if (reference.digest() && *reference.digest() != *digest)
                co_return mismatch("what the registry serves", *reference.digest());
            co_return std::optional(*std::move(digest));
        }
        // Some registries state no digest, or know no HEAD: then the bytes say it.
        CO_TRY(auto got,
               co_await fetcher_.send("GET", repository, path, limits::manifest_bytes, deadline));
        if (got.status == 404)
            co_return std::optional<image::Digest>();
        if (got.status != 200)
            co_return fetcher_.failed("GET", repository, got);
        if (reference.digest()) {
            if (!reference.digest()->matches(got.body))
                co_return mismatch("what the registry serves", *reference.digest());
            co_return reference.digest();
        }
        co_return std::optional(image::Digest::of(got.body));
    }

    io::Task<Result<image::Subject>> resolve(image::Reference reference, Deadline deadline) {
        CLAIRGATE_ASSERT(reference.digest().has_value());
        auto const digest = *reference.digest();
        CO_TRY(auto document,
               co_await document_of(reference.repository(), digest, std::nullopt, deadline));
        image::Subject subject{reference.at(digest), digest, "", {}, {}};
        std::vector<image::Descriptor> children;
        if (auto* const manifest = std::get_if<image::Manifest>(&document)) {
            subject.media_type = manifest->media_type;
            subject.annotations = manifest->annotations;
            CO_TRY(auto image,
                   co_await platform_image(
                       reference.repository(), std::move(*manifest), {}, deadline));
            subject.platforms.push_back(std::move(image));
        } else {
            auto const& index = std::get<image::Index>(document);
            subject.media_type = index.media_type;
            subject.annotations = index.annotations;
            CO_TRY(auto images, co_await children_of(reference.repository(), index, deadline));
            subject.platforms = std::move(images);
        }
        CO_TRY_VOID(keep_wanted(subject));
        co_return subject;
    }

    io::Task<Result<PullAccess>>
    pull_access(image::Repository repository, Token token, Deadline deadline) {
        if (token == Token::fresh)
            fetcher_.forget(repository);
        CO_TRY(auto access, co_await fetcher_.access(repository, deadline));
        CO_TRY(auto const root, endpoint_of(repository.registry, options_.plain_http_hosts));
        auto url = root;
        url.target = cat("/v2/", repository.path, "/blobs/");
        access.blobs_url = url.text();
        co_return access;
    }

    io::Task<Result<std::string>> ping(std::string registry, Deadline deadline) {
        CO_TRY(auto url, endpoint_of(registry, options_.plain_http_hosts));
        url.target = "/v2/";
        auto request = io::Request::get(url).time_max(options_.exchange_time_max);
        CO_TRY(auto const answer, co_await world_.http.send(std::move(request), deadline));
        if (answer.status == 200)
            co_return std::string("no login");
        if (answer.status != 401)
            co_return io::unexpected("GET", answer, world_.clock.now());
        std::string schemes;
        for (auto const& challenge :
             parse_challenges(answer.header("www-authenticate").value_or("")))
            schemes += cat(schemes.empty() ? "" : ", ", challenge.scheme);
        co_return schemes.empty() ? std::string("an unknown login") : schemes;
    }

  private:
    static std::string manifest_path(image::Reference const& reference) {
        auto const name =
            reference.digest() ? reference.digest()->text() : reference.tag().value_or("latest");
        return cat("manifests/", name);
    }

    io::Task<Result<io::Response>> get_once(image::Repository repository,
                                            std::string path,
                                            std::size_t bytes_max,
                                            Deadline deadline) {
        auto answer = co_await fetcher_.send("GET", repository, path, bytes_max, deadline);
        if (answer.has_value() && answer->status != 200)
            co_return fetcher_.failed("GET", repository, *answer);
        co_return answer;
    }

    // The bytes of a manifest or blob, retried, and proven to be the ones that were asked for.
    io::Task<Result<io::Response>> verified(image::Repository repository,
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
        if (kind == "manifests" && stated && *stated != digest.text() &&
            digest.algorithm() == "sha256")
            co_return mismatch("the manifest, as the registry states it,", digest);
        if (!digest.matches(answer->body))
            co_return mismatch(cat("what was served as ", kind, " of ", repository.text()), digest);
        co_return answer;
    }

    io::Task<Result<image::Document>> document_of(image::Repository repository,
                                                  image::Digest digest,
                                                  std::optional<std::uint64_t> size,
                                                  Deadline deadline) {
        CO_TRY(
            auto const answer,
            co_await verified(repository, "manifests", digest, limits::manifest_bytes, deadline));
        if (size && *size != answer.body.size())
            co_return Error(ErrorKind::integrity,
                            cat("manifest ",
                                digest.text(),
                                " has ",
                                answer.body.size(),
                                " bytes, its descriptor says ",
                                *size));
        auto document =
            image::parse_document(answer.body, answer.header("content-type").value_or(""), digest);
        co_return std::move(document).with_context(cat("manifest ", digest.text()));
    }

    io::Task<Result<image::PlatformImage>> platform_image(image::Repository repository,
                                                          image::Manifest manifest,
                                                          std::optional<image::Platform> stated,
                                                          Deadline deadline) {
        CO_TRY(
            auto const answer,
            co_await verified(
                repository, "blobs", manifest.config.digest, limits::image_config_bytes, deadline));
        if (answer.body.size() != manifest.config.size_bytes)
            co_return Error(
                ErrorKind::integrity,
                cat("image config ", manifest.config.digest.text(), " has another size"));
        CO_TRY(auto config, image::parse_image_config(answer.body));
        auto platform = stated && !stated->os.empty() ? *stated : config.platform;
        co_return image::PlatformImage{std::move(platform), std::move(manifest), std::move(config)};
    }

    // All images below an index, nested ones included, in the order of the index.
    io::Task<Result<std::vector<image::PlatformImage>>>
    children_of(image::Repository repository, image::Index const& index, Deadline deadline) {
        std::vector<image::PlatformImage> images;
        std::set<image::Digest> seen;
        auto level = index.manifests;
        for (int depth = 0; !level.empty(); ++depth) {
            if (depth == index_depth_max)
                co_return Error(ErrorKind::limit, "image indexes are nested too deeply");
            std::vector<image::Descriptor> wanted;
            for (auto& child : level)
                if (!image::is_attestation(child) && seen.insert(child.digest).second)
                    wanted.push_back(child);
            if (seen.size() > limits::platforms)
                co_return Error(ErrorKind::limit,
                                cat("more than ", limits::platforms, " platforms"));
            level.clear();
            std::function<io::Task<Result<Child>>(std::size_t)> const make = [&](std::size_t i) {
                return child_of(repository, wanted[i], deadline);
            };
            auto results =
                co_await io::for_each_concurrent<Child>(wanted.size(), children_at_once, make);
            for (auto& result : results) {
                if (!result.has_value())
                    co_return result.error().with_context("a platform of the index");
                if (result->image)
                    images.push_back(std::move(*result->image));
                for (auto& nested : result->nested)
                    level.push_back(std::move(nested));
            }
        }
        if (images.empty())
            co_return Error(ErrorKind::protocol, "the index holds no image");
        co_return images;
    }

    struct Child {
        std::optional<image::PlatformImage> image;
        std::vector<image::Descriptor> nested;
    };

    io::Task<Result<Child>>
    child_of(image::Repository repository, image::Descriptor descriptor, Deadline deadline) {
        CO_TRY(
            auto document,
            co_await document_of(repository, descriptor.digest, descriptor.size_bytes, deadline));
        Child child;
        if (auto* const index = std::get_if<image::Index>(&document)) {
            child.nested = std::move(index->manifests);
            co_return child;
        }
        auto manifest = std::get<image::Manifest>(std::move(document));
        CO_TRY(child.image,
               co_await platform_image(
                   repository, std::move(manifest), descriptor.platform, deadline));
        co_return child;
    }

    std::string wanted_text() const {
        std::string out;
        for (auto const& platform : options_.platforms)
            out += cat(out.empty() ? "" : " or ", platform.text());
        return out;
    }

    Result<void> keep_wanted(image::Subject& subject) const {
        if (options_.platforms.empty())
            return ok();
        std::string there;
        for (auto const& image : subject.platforms)
            there += cat(there.empty() ? "" : ", ", image.platform.text());
        std::erase_if(subject.platforms, [this](image::PlatformImage const& image) {
            return std::none_of(options_.platforms.begin(),
                                options_.platforms.end(),
                                [&](image::Platform const& wanted) {
                                    return wanted.os == image.platform.os &&
                                           wanted.architecture == image.platform.architecture &&
                                           (wanted.variant.empty() ||
                                            wanted.variant == image.platform.variant);
                                });
        });
        if (subject.platforms.empty())
            return Error(ErrorKind::usage,
                         cat("the image has no platform ", wanted_text(), ", only ", there))
                .with_remedy("--platform OS/ARCH names one that is there");
        return ok();
    }

    io::World& world_;
    Options options_;
    Fetcher fetcher_;
};

Client::Client(io::World& world, Options options)
    : impl_(std::make_unique<Impl>(world, std::move(options))) {}

Client::~Client() = default;

io::Task<Result<std::optional<image::Digest>>> Client::exists(image::Reference reference,
                                                              Deadline deadline) {
    return impl_->exists(std::move(reference), deadline);
}

io::Task<Result<image::Subject>> Client::resolve(image::Reference reference, Deadline deadline) {
    return impl_->resolve(std::move(reference), deadline);
}

io::Task<Result<PullAccess>>
Client::pull_access(image::Repository repository, Token token, Deadline deadline) {
    return impl_->pull_access(std::move(repository), token, deadline);
}

io::Task<Result<std::string>> Client::ping(std::string registry, Deadline deadline) {
    return impl_->ping(std::move(registry), deadline);
}

} // namespace clairgate::registry
