#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/io/retry.hpp>
#include <clairgate/registry/verified.hpp>

#include <functional>

namespace clairgate::registry {

namespace {

std::string_view name_of(Store store) {
    return store == Store::manifests ? "manifests" : "blobs";
}

io::Task<Result<io::Response>> get_once(Fetcher& fetcher,
                                        image::Repository repository,
                                        std::string path,
                                        std::size_t bytes_max,
                                        Deadline deadline) {
    auto answer = co_await fetcher.send("GET", repository, path, bytes_max, deadline);
    if (answer.has_value() && answer->status != 200)
        co_return fetcher.failed("GET", repository, *answer);
    co_return answer;
}

// A tag that digests as the registry says; another algorithm than ours says nothing.
Result<void> check_stated(io::Response const& answer, std::string_view tag) {
    auto const stated = answer.header("docker-content-digest");
    if (!stated || !stated->starts_with("sha256:") ||
        *stated == image::Digest::of(answer.body).text())
        return ok();
    return Error(ErrorKind::integrity,
                 cat("what the tag ", tag, " holds does not have the digest ", *stated));
}

// A weak tag never matches in If-Match (RFC 9110 section 13.1.1).
std::string strong_etag(io::Response const& answer) {
    auto const etag = answer.header("etag").value_or("");
    bool const is_strong = etag.size() > 2 && etag.starts_with('"') && etag.ends_with('"');
    return is_strong ? std::string(etag) : "";
}

} // namespace

io::Task<Result<io::Response>> fetch_verified(io::World& world,
                                              Fetcher& fetcher,
                                              image::Repository repository,
                                              Store store,
                                              image::Digest digest,
                                              std::size_t bytes_max,
                                              Deadline deadline) {
    auto const path = cat(name_of(store), "/", digest.text());
    std::function<io::Task<Result<io::Response>>()> const once = [&] {
        return get_once(fetcher, repository, path, bytes_max, deadline);
    };
    auto answer = co_await io::with_retry<io::Response>(world, path, deadline, once);
    if (!answer.has_value())
        co_return answer.error().with_context(
            cat("fetching ", repository.text(), "@", digest.text()));
    if (!digest.matches(answer->body))
        co_return Error(ErrorKind::integrity,
                        cat("what was served as ",
                            name_of(store),
                            " of ",
                            repository.text(),
                            " does not have the digest ",
                            digest.text()));
    co_return answer;
}

io::Task<Result<std::optional<TagContent>>> read_tag(io::World& world,
                                                     Fetcher& fetcher,
                                                     image::Repository repository,
                                                     std::string tag,
                                                     Deadline deadline) {
    auto const path = cat("manifests/", tag);
    std::function<io::Task<Result<io::Response>>()> const once = [&] {
        return get_once(fetcher, repository, path, limits::manifest_bytes, deadline);
    };
    auto answer = co_await io::with_retry<io::Response>(world, path, deadline, once);
    if (!answer.has_value() && answer.error().kind() == ErrorKind::not_found)
        co_return std::optional<TagContent>();
    if (!answer.has_value())
        co_return answer.error().with_context(cat("fetching ", repository.text(), ":", tag));
    CO_TRY_VOID(check_stated(*answer, tag));
    auto etag = strong_etag(*answer);
    std::string media_type(answer->header("content-type").value_or(""));
    co_return std::optional(
        TagContent{std::move(answer->body), std::move(media_type), std::move(etag)});
}

} // namespace clairgate::registry
