#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/registry/endpoint.hpp>
#include <clairgate/registry/fetch.hpp>
#include <clairgate/registry/token.hpp>

namespace clairgate::registry {

namespace {

std::string accept_header() {
    return cat(image::media_type::oci_index,
               ", ",
               image::media_type::oci_manifest,
               ", ",
               image::media_type::docker_list,
               ", ",
               image::media_type::docker_manifest);
}

bool is_redirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

io::Request request_for(std::string const& method, io::Url url) {
    auto request =
        method == "HEAD" ? io::Request::head(std::move(url)) : io::Request::get(std::move(url));
    return std::move(request).header("Accept", accept_header());
}

// What usually lies behind a connection that failed.
Error with_connection_remedy(Error error,
                             image::Repository const& repository,
                             io::Url const& root) {
    bool const is_tls = root.origin.scheme == "https";
    if (error.kind() == ErrorKind::denied)
        return std::move(error).with_remedy(
            cat("--registry-ca FILE trusts the CA of ", repository.registry));
    if (error.kind() == ErrorKind::unreachable && is_tls)
        return std::move(error).with_remedy(cat("is ",
                                                repository.registry,
                                                " right, and does it speak TLS? (--plain-http ",
                                                repository.registry,
                                                " if it does not)"));
    if (error.kind() == ErrorKind::unreachable)
        return std::move(error).with_remedy(
            cat("does a registry listen at ", repository.registry, "?"));
    return error;
}

} // namespace

io::Task<Result<io::Response>>
Fetcher::follow(io::Url registry, io::Request request, Deadline deadline) {
    auto const method = request.method;
    auto const bytes_max = request.body_bytes_cap;
    CO_TRY(auto answer, co_await world_.http.send(std::move(request), deadline));
    for (std::size_t hop = 0; is_redirect(answer.status); ++hop) {
        if (hop == limits::redirects)
            co_return Error(ErrorKind::limit, cat("more than ", limits::redirects, " redirects"));
        auto const location = answer.header("location");
        if (!location)
            co_return Error(ErrorKind::protocol, "a redirect without a Location");
        CO_TRY(auto target, answer.url.resolve(*location));
        CO_TRY(auto const rule,
               redirect_rule(registry.origin, target.origin, options_.trusted_realm_hosts));
        // No credential goes along, not even to the same host: what it protects answers by itself.
        auto next = request_for(method, std::move(target))
                        .addresses(rule)
                        .body_bytes_max(bytes_max)
                        .time_max(options_.exchange_time_max);
        CO_TRY(answer, co_await world_.http.send(std::move(next), deadline));
    }
    co_return answer;
}

io::Task<Result<io::Response>> Fetcher::send(std::string method,
                                             image::Repository repository,
                                             std::string path,
                                             std::size_t body_bytes_max,
                                             Deadline deadline) {
    CO_TRY(auto const root, endpoint_of(repository.registry, options_.plain_http_hosts));
    for (int attempt = 0;; ++attempt) {
        auto url = root;
        url.target = cat("/v2/", repository.path, "/", path);
        auto request = request_for(method, std::move(url))
                           .body_bytes_max(body_bytes_max)
                           .time_max(options_.exchange_time_max);
        auto const known = known_.find(repository);
        if (known != known_.end() && known->second.authorization)
            request = std::move(request).authorization(*known->second.authorization);
        auto answer = co_await follow(root, std::move(request), deadline);
        if (!answer.has_value())
            co_return with_connection_remedy(answer.error(), repository, root);
        if (answer->status != 401) {
            known_.try_emplace(repository, PullAccess{});
            co_return answer;
        }
        if (attempt == 2)
            co_return failed(method, repository, *answer);
        // Twice: the first 401 brings the challenge, the second one a token that expired meanwhile.
        auto const challenges = parse_challenges(answer->header("www-authenticate").value_or(""));
        if (answer->url.origin != root.origin)
            co_return Error(ErrorKind::denied,
                            "a host the registry redirected to asks for a login");
        CO_TRY(
            auto access,
            co_await answer_challenges(world_, options_, root, repository, challenges, deadline));
        known_.insert_or_assign(repository, std::move(access));
    }
}

io::Task<Result<PullAccess>> Fetcher::access(image::Repository repository, Deadline deadline) {
    auto const known = known_.find(repository);
    if (known != known_.end())
        co_return known->second;
    // Any question will do; the answer does not matter once the registry lets us in.
    CO_TRY(auto const answer,
           co_await send("GET", repository, "tags/list?n=1", limits::manifest_bytes, deadline));
    if (answer.status == 403)
        co_return failed("GET", repository, answer);
    co_return known_.at(repository);
}

void Fetcher::forget(image::Repository const& repository) {
    known_.erase(repository);
}

Error Fetcher::failed(std::string_view method,
                      image::Repository const& repository,
                      io::Response const& response) const {
    auto error = io::unexpected(method, response, world_.clock.now());
    if (error.kind() == ErrorKind::denied)
        return std::move(error).with_remedy(cat("the credential for ",
                                                repository.registry,
                                                " may not pull ",
                                                repository.path,
                                                ": docker login, or CLAIRGATE_REGISTRY_USER and "
                                                "CLAIRGATE_REGISTRY_PASSWORD_FILE"));
    return error;
}

} // namespace clairgate::registry
