#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/registry/redirect.hpp>

namespace clairgate::registry {

namespace {

bool is_redirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

} // namespace

io::Task<Result<io::Response>>
send_following(io::World& world, io::Request request, RedirectCheck check, Deadline deadline) {
    CLAIRGATE_ASSERT(request.method == "GET" || request.method == "HEAD");
    auto const home = request.url.origin;
    auto next = request;
    CO_TRY(auto answer, co_await world.http.send(std::move(request), deadline));
    for (std::size_t hop = 0; is_redirect(answer.status); ++hop) {
        auto const from = answer.url.origin.text();
        if (hop == limits::redirects)
            co_return Error(ErrorKind::limit, cat("more than ", limits::redirects, " redirects"));
        auto const location = answer.header("location");
        if (!location)
            co_return Error(ErrorKind::protocol, cat(from, " redirects without a Location"));
        auto target = answer.url.resolve(*location);
        if (!target.has_value()) // never retried: it is what the peer wants, not a broken answer
            co_return Error(ErrorKind::denied,
                            cat(from, " redirects to what we do not follow: ", *location));
        CO_TRY(auto const rule, check(target->origin));
        auto hop_request = next;
        hop_request.url = *std::move(target);
        hop_request.address_rule = rule;
        if (hop_request.url.origin != home)
            hop_request.authorization_value.reset();
        auto hop_answer = co_await world.http.send(std::move(hop_request), deadline);
        if (!hop_answer.has_value())
            co_return hop_answer.error().with_context(cat("redirected by ", from));
        answer = *std::move(hop_answer);
    }
    co_return answer;
}

} // namespace clairgate::registry
