#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/registry/client.hpp>
#include <clairgate/registry/endpoint.hpp>
#include <clairgate/registry/failure.hpp>
#include <clairgate/registry/fetch.hpp>
#include <clairgate/registry/resolve.hpp>

namespace clairgate::registry {

namespace {

Error mismatch(image::Digest const& wanted) {
    return {ErrorKind::integrity,
            cat("what the registry serves does not have the digest ", wanted.text())};
}

} // namespace

class Client::Impl {
  public:
    Impl(io::World& world, Options options)
        : world_(world), options_(std::move(options)), fetcher_(world_, options_) {}

    io::Task<Result<std::optional<image::Digest>>> exists(image::Reference reference,
                                                          Deadline deadline) {
        auto const& repository = reference.repository();
        auto const& wanted = reference.digest();
        auto const path = manifest_path(reference);
        CO_TRY(auto head, co_await fetcher_.send("HEAD", repository, path, 0, deadline));
        if (head.status == 404)
            co_return std::optional<image::Digest>();
        if (head.status == 403 || head.status == 429 || head.status >= 500)
            co_return fetcher_.failed("HEAD", repository, head);
        auto const stated = head.header("docker-content-digest");
        if (head.status == 200 && stated) {
            auto digest = image::Digest::parse(*stated);
            if (!digest.has_value())
                co_return Error(ErrorKind::protocol, "the registry states a malformed digest");
            if (wanted && wanted->algorithm() == digest->algorithm() && *wanted != *digest)
                co_return mismatch(*wanted);
            co_return wanted ? wanted : std::optional(*std::move(digest));
        }
        // Some registries state no digest, or know no HEAD: then the bytes say it.
        CO_TRY(auto got,
               co_await fetcher_.send("GET", repository, path, limits::manifest_bytes, deadline));
        if (got.status == 404)
            co_return std::optional<image::Digest>();
        if (got.status != 200)
            co_return fetcher_.failed("GET", repository, got);
        if (wanted && !wanted->matches(got.body))
            co_return mismatch(*wanted);
        co_return wanted ? wanted : std::optional(image::Digest::of(got.body));
    }

    io::Task<Result<image::Subject>> resolve(image::Reference reference, Deadline deadline) {
        Resolver resolver(world_, options_, fetcher_);
        co_return co_await resolver.resolve(std::move(reference), deadline);
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
        auto const sent = co_await world_.http.send(std::move(request), deadline);
        if (!sent.has_value())
            co_return connection_failed(sent.error(), registry, url.origin);
        if (sent->status == 200)
            co_return std::string("no login");
        if (sent->status != 401)
            co_return io::unexpected("GET", *sent, world_.clock.now());
        std::string schemes;
        for (auto const& challenge : challenges_of(*sent))
            schemes += cat(schemes.empty() ? "" : ", ", challenge.scheme);
        co_return schemes.empty() ? std::string("an unknown login") : schemes;
    }

  private:
    static std::string manifest_path(image::Reference const& reference) {
        if (auto const& digest = reference.digest())
            return cat("manifests/", digest->text());
        return cat("manifests/", reference.tag().value_or("latest"));
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
