#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/io/retry.hpp>
#include <clairgate/registry/endpoint.hpp>
#include <clairgate/registry/upload.hpp>

namespace clairgate::registry {

namespace {

// The place of an upload keeps its own query: it is the registry's state.
io::Url with_digest(io::Url place, image::Digest const& digest) {
    place.target += place.target.find('?') == std::string::npos ? '?' : '&';
    place.target += cat("digest=", digest.algorithm(), "%3A", digest.hex());
    return place;
}

Result<void> check_stated_digest(io::Response const& answer, image::Digest const& digest) {
    auto const stated = answer.header("docker-content-digest");
    if (!stated || *stated == digest.text())
        return ok();
    return Error(ErrorKind::integrity,
                 cat("the registry stored ", *stated, " where ", digest.text(), " was pushed"));
}

} // namespace

io::Task<Result<void>>
Uploader::push_blob(image::Repository repository, std::string bytes, Deadline deadline) {
    auto const what = cat("push of blob ", image::Digest::of(bytes).text());
    auto const once = [&] { return push_blob_once(repository, bytes, deadline); };
    auto pushed = co_await io::with_retry<void>(world_, what, deadline, once);
    co_return std::move(pushed).with_context(cat("pushing a blob to ", repository.text()));
}

io::Task<Result<void>>
Uploader::push_blob_once(image::Repository repository, std::string bytes, Deadline deadline) {
    auto const digest = image::Digest::of(bytes);
    auto const path = cat("blobs/", digest.text());
    CO_TRY(auto const head, co_await fetcher_.send("HEAD", repository, path, 0, deadline));
    if (head.status == 200)
        co_return ok();
    if (head.status == 403 || head.status == 429 || head.status >= 500)
        co_return refused(head, "HEAD", repository);
    CO_TRY(auto place, co_await upload_place(repository, deadline));
    auto request = io::Request::put(
        with_digest(std::move(place), digest), std::move(bytes), "application/octet-stream");
    CO_TRY(auto const answer,
           co_await fetcher_.send_body(std::move(request), repository, deadline));
    if (answer.status != 201) // 202 would say that more is awaited
        co_return refused(answer, "PUT", repository);
    co_return check_stated_digest(answer, digest);
}

io::Task<Result<io::Url>> Uploader::upload_place(image::Repository repository, Deadline deadline) {
    CO_TRY(auto url, endpoint_of(repository.registry, options_.plain_http_hosts));
    url.target = cat("/v2/", repository.path, "/blobs/uploads/");
    auto request = io::Request::post(std::move(url), "", "application/octet-stream");
    CO_TRY(auto const answer,
           co_await fetcher_.send_body(std::move(request), repository, deadline));
    if (answer.status != 202)
        co_return refused(answer, "POST", repository);
    auto const location = answer.header("location");
    if (!location)
        co_return Error(ErrorKind::protocol, "the registry takes an upload without a Location");
    auto place = answer.url.resolve(*location);
    if (!place.has_value()) // denied, not protocol: asking again would bring the same
        co_return Error(ErrorKind::denied,
                        cat("the registry sends the upload to what we do not follow: ", *location));
    co_return *std::move(place);
}

io::Task<Result<image::Digest>> Uploader::push_manifest(image::Repository repository,
                                                        std::string name,
                                                        std::string bytes,
                                                        std::string media_type,
                                                        Deadline deadline) {
    if (bytes.size() > limits::manifest_bytes)
        co_return Error(ErrorKind::limit,
                        cat("a manifest of ",
                            bytes.size(),
                            " bytes; registries take ",
                            limits::manifest_bytes));
    auto const once = [&] {
        return push_manifest_once(repository, name, bytes, media_type, deadline);
    };
    auto pushed = co_await io::with_retry<image::Digest>(
        world_, cat("push of manifest ", name), deadline, once);
    co_return std::move(pushed).with_context(
        cat("pushing manifest ", name, " to ", repository.text()));
}

io::Task<Result<image::Digest>> Uploader::push_manifest_once(image::Repository repository,
                                                             std::string name,
                                                             std::string bytes,
                                                             std::string media_type,
                                                             Deadline deadline) {
    auto const digest = image::Digest::of(bytes);
    CO_TRY(auto url, endpoint_of(repository.registry, options_.plain_http_hosts));
    url.target = cat("/v2/", repository.path, "/manifests/", name);
    auto request = io::Request::put(std::move(url), std::move(bytes), std::move(media_type));
    CO_TRY(auto const answer,
           co_await fetcher_.send_body(std::move(request), repository, deadline));
    if (answer.status < 200 || answer.status > 202) // the specification says 201, some say 202
        co_return refused(answer, "PUT", repository);
    CO_TRY_VOID(check_stated_digest(answer, digest));
    co_return digest;
}

Error Uploader::refused(io::Response const& answer,
                        std::string_view method,
                        image::Repository const& repository) const {
    auto error = fetcher_.failed(method, repository, answer);
    if (error.kind() == ErrorKind::not_found)
        return std::move(error).with_remedy(
            cat("does ", repository.text(), " exist, and may the credential push to it?"));
    return error;
}

} // namespace clairgate::registry
