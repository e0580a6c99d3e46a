#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/io/retry.hpp>
#include <clairgate/registry/endpoint.hpp>
#include <clairgate/registry/upload.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace clairgate::registry {

namespace {

constexpr std::string_view octets = "application/octet-stream";
constexpr std::size_t chunk_bytes = 1 * limits::mib; // what proxies let through unless told more

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

// How a registry, or a proxy before it, refuses a blob in one piece that it may take in several.
bool is_worth_chunks(int status) {
    constexpr std::array statuses = {400, 404, 405, 411, 413, 416};
    return std::find(statuses.begin(), statuses.end(), status) != statuses.end();
}

Result<io::Url> place_of(io::Response const& answer) {
    auto const location = answer.header("location");
    if (!location)
        return Error(ErrorKind::protocol, "the registry takes an upload without a Location");
    auto place = answer.url.resolve(*location);
    if (!place.has_value()) // denied, not protocol: asking again would bring the same
        return Error(ErrorKind::denied,
                     cat("the registry sends the upload to what we do not follow: ", *location));
    return *std::move(place);
}

// The registry says up to which byte it has the blob: it must be the last one that was sent.
Result<void> check_range(io::Response const& answer, std::size_t bytes_sent) {
    auto const range = answer.header("range");
    auto const wanted = cat("0-", bytes_sent - 1);
    if (!range || *range == wanted || *range == cat("bytes=", wanted))
        return ok();
    return Error(
        ErrorKind::protocol,
        cat("the registry has the bytes ", *range, " of a blob where ", wanted, " were sent"));
}

std::string mount_query(image::Digest const& digest, std::string_view from) {
    if (from.empty())
        return "";
    // A repository's name needs no encoding: its characters may all stand in a query.
    return cat("?mount=", digest.algorithm(), "%3A", digest.hex(), "&from=", from);
}

} // namespace

io::Task<Result<void>> Uploader::push_blob(image::Repository repository,
                                           std::string bytes,
                                           Deadline deadline,
                                           std::string mount_from) {
    auto const what = cat("push of blob ", image::Digest::of(bytes).text());
    auto const once = [&] { return push_blob_once(repository, bytes, mount_from, deadline); };
    auto pushed = co_await io::with_retry<void>(world_, what, deadline, once);
    co_return std::move(pushed).with_context(cat("pushing a blob to ", repository.text()));
}

io::Task<Result<void>>
Uploader::push_new_blob(image::Repository repository, std::string bytes, Deadline deadline) {
    auto const what = cat("push of blob ", image::Digest::of(bytes).text());
    bool is_first = true;
    auto const once = [&] {
        return std::exchange(is_first, false) ? upload_blob(repository, bytes, "", deadline)
                                              : push_blob_once(repository, bytes, "", deadline);
    };
    auto pushed = co_await io::with_retry<void>(world_, what, deadline, once);
    co_return std::move(pushed).with_context(cat("pushing a blob to ", repository.text()));
}

io::Task<Result<void>> Uploader::push_blob_once(image::Repository repository,
                                                std::string bytes,
                                                std::string mount_from,
                                                Deadline deadline) {
    auto const digest = image::Digest::of(bytes);
    auto const path = cat("blobs/", digest.text());
    CO_TRY(auto const head, co_await fetcher_.send("HEAD", repository, path, 0, deadline));
    if (head.status == 200)
        co_return ok();
    if (head.status == 403 || head.status == 429 || head.status >= 500)
        co_return refused(head, "HEAD", repository);
    co_return co_await upload_blob(repository, std::move(bytes), std::move(mount_from), deadline);
}

io::Task<Result<void>> Uploader::upload_blob(image::Repository repository,
                                             std::string bytes,
                                             std::string mount_from,
                                             Deadline deadline) {
    auto const digest = image::Digest::of(bytes);
    CO_TRY(auto place,
           co_await upload_place(repository, mount_query(digest, mount_from), deadline));
    if (!place)
        co_return ok();
    auto request = io::Request::put(with_digest(place->url, digest), bytes, std::string(octets));
    CO_TRY(auto const answer,
           co_await fetcher_.send_body(std::move(request), repository, deadline));
    if (answer.status == 201)
        co_return check_stated_digest(answer, digest);
    auto const refusal = refused(answer, "PUT", repository); // 202 too: more is awaited
    if (!is_worth_chunks(answer.status))
        co_return refusal;
    auto pushed = co_await push_chunks(repository, bytes, deadline);
    bool const is_refused_again =
        !pushed.has_value() && pushed.error().http_status() &&
        !io::retryable(pushed.error().kind(), pushed.error().http_status());
    if (is_refused_again)
        co_return refusal; // the first word says more than that there are no chunks either
    co_return pushed;
}

io::Task<Result<void>>
Uploader::push_chunks(image::Repository repository, std::string const& bytes, Deadline deadline) {
    CO_TRY(auto const opened, co_await upload_place(repository, "", deadline));
    CLAIRGATE_ASSERT(opened.has_value());
    auto place = opened->url;
    auto const chunk = std::max(chunk_bytes, opened->chunk_bytes_min);
    for (std::size_t start = 0; start < bytes.size();) {
        auto const end = start + std::min(chunk, bytes.size() - start);
        auto request =
            io::Request::patch(place, bytes.substr(start, end - start), std::string(octets))
                .header("Content-Range", cat(start, "-", end - 1));
        CO_TRY(auto const answer,
               co_await fetcher_.send_body(std::move(request), repository, deadline));
        if (answer.status != 202)
            co_return refused(answer, "PATCH", repository);
        CO_TRY_VOID(check_range(answer, end));
        if (answer.header("location")) {
            CO_TRY(place, place_of(answer));
        }
        start = end;
    }
    co_return co_await end_upload(repository, place, image::Digest::of(bytes), deadline);
}

io::Task<Result<void>> Uploader::end_upload(image::Repository repository,
                                            io::Url place,
                                            image::Digest digest,
                                            Deadline deadline) {
    auto request = io::Request::put(with_digest(std::move(place), digest), "", std::string(octets));
    CO_TRY(auto const answer,
           co_await fetcher_.send_body(std::move(request), repository, deadline));
    if (answer.status != 201)
        co_return refused(answer, "PUT", repository);
    co_return check_stated_digest(answer, digest);
}

// Nothing: the blob was mounted from another repository, so no bytes are wanted.
io::Task<Result<std::optional<Uploader::Place>>>
Uploader::upload_place(image::Repository repository, std::string query, Deadline deadline) {
    CO_TRY(auto url, endpoint_of(repository.registry, options_.plain_http_hosts));
    url.target = cat("/v2/", repository.path, "/blobs/uploads/", query);
    auto request = io::Request::post(std::move(url), "", std::string(octets));
    CO_TRY(auto const answer,
           co_await fetcher_.send_body(std::move(request), repository, deadline));
    if (answer.status == 201 && !query.empty())
        co_return std::optional<Place>();
    if (answer.status != 202)
        co_return refused(answer, "POST", repository);
    CO_TRY(auto place, place_of(answer));
    auto const least = parse_unsigned(answer.header("oci-chunk-min-length").value_or(""));
    co_return std::optional(Place{std::move(place), least.value_or(0)});
}

io::Task<Result<image::Digest>> Uploader::push_manifest(image::Repository repository,
                                                        std::string name,
                                                        std::string bytes,
                                                        std::string media_type,
                                                        Deadline deadline) {
    ManifestWrite write{std::move(name), std::move(bytes), std::move(media_type), "", false};
    CO_TRY(auto written,
           co_await write_manifest(std::move(repository), std::move(write), deadline));
    co_return std::move(written.digest);
}

io::Task<Result<ManifestWritten>>
Uploader::write_manifest(image::Repository repository, ManifestWrite manifest, Deadline deadline) {
    if (manifest.bytes.size() > limits::manifest_bytes)
        co_return Error(ErrorKind::limit,
                        cat("a manifest of ",
                            manifest.bytes.size(),
                            " bytes; registries take ",
                            limits::manifest_bytes));
    auto const once = [&] { return write_manifest_once(repository, manifest, deadline); };
    auto written = co_await io::with_retry<ManifestWritten>(
        world_, cat("push of manifest ", manifest.name), deadline, once);
    co_return std::move(written).with_context(
        cat("pushing manifest ", manifest.name, " to ", repository.text()));
}

io::Task<Result<ManifestWritten>> Uploader::write_manifest_once(image::Repository repository,
                                                                ManifestWrite manifest,
                                                                Deadline deadline) {
    auto const digest = image::Digest::of(manifest.bytes);
    CO_TRY(auto url, endpoint_of(repository.registry, options_.plain_http_hosts));
    url.target = cat("/v2/", repository.path, "/manifests/", manifest.name);
    auto request =
        io::Request::put(std::move(url), std::move(manifest.bytes), std::move(manifest.media_type));
    if (!manifest.replaces.empty())
        request = std::move(request).header("If-Match", std::move(manifest.replaces));
    else if (manifest.is_first)
        request = std::move(request).header("If-None-Match", "*");
    CO_TRY(auto const answer,
           co_await fetcher_.send_body(std::move(request), repository, deadline));
    if (answer.status < 200 || answer.status > 202) // the specification says 201, some say 202
        co_return refused(answer, "PUT", repository);
    CO_TRY_VOID(check_stated_digest(answer, digest));
    co_return ManifestWritten{digest, answer.header("oci-subject").has_value()};
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
