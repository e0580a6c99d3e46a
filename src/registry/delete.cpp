#include <clairgate/base/text.hpp>
#include <clairgate/io/retry.hpp>
#include <clairgate/registry/delete.hpp>

#include <functional>

namespace clairgate::registry {

namespace {

io::Task<Result<io::Response>> delete_once(Fetcher& fetcher,
                                           image::Repository repository,
                                           image::Digest digest,
                                           Deadline deadline) {
    CO_TRY(auto url, fetcher.root_of(repository));
    url.target = cat("/v2/", repository.path, "/manifests/", digest.text());
    auto request = io::Request::remove(std::move(url));
    CO_TRY(auto answer, co_await fetcher.send_body(std::move(request), repository, deadline));
    bool const is_done = answer.status == 200 || answer.status == 202 || answer.status == 204;
    if (!is_done)
        co_return fetcher.failed("DELETE", repository, answer);
    co_return answer;
}

// The specification lets a registry that deletes nothing answer 400 or 405; some say it otherwise.
bool is_refusal(Error const& error) {
    auto const status = error.http_status().value_or(0);
    return error.kind() == ErrorKind::denied || status == 400 || status == 405 || status == 409 ||
           status == 412 || status == 501;
}

} // namespace

io::Task<Result<Deletion>> delete_manifest(io::World& world,
                                           Fetcher& fetcher,
                                           image::Repository repository,
                                           image::Digest digest,
                                           Deadline deadline) {
    auto const what = cat("deletion of ", repository.text(), "@", digest.text());
    std::function<io::Task<Result<io::Response>>()> const once = [&] {
        return delete_once(fetcher, repository, digest, deadline);
    };
    auto answer = co_await io::with_retry<io::Response>(world, what, deadline, once);
    if (answer.has_value() || answer.error().kind() == ErrorKind::not_found)
        co_return Deletion{true, ""};
    if (is_refusal(answer.error()))
        co_return Deletion{false, answer.error().message()};
    co_return std::move(answer).error().with_context(what);
}

} // namespace clairgate::registry
