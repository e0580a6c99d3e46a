#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/registry/endpoint.hpp>
#include <clairgate/registry/failure.hpp>
#include <clairgate/registry/fetch.hpp>
#include <clairgate/registry/redirect.hpp>

#include <algorithm>

namespace clairgate::registry {

namespace {

constexpr Duration renewal_margin = std::chrono::seconds(10);

std::string accept_header() {
    return cat(image::media_type::oci_index,
               ", ",
               image::media_type::oci_manifest,
               ", ",
               image::media_type::docker_list,
               ", ",
               image::media_type::docker_manifest);
}

io::Request request_for(std::string const& method, io::Url url) {
    auto request =
        method == "HEAD" ? io::Request::head(std::move(url)) : io::Request::get(std::move(url));
    return std::move(request).header("Accept", accept_header());
}

} // namespace

io::Task<Result<io::Response>> Fetcher::send(std::string method,
                                             image::Repository repository,
                                             std::string path,
                                             std::size_t body_bytes_max,
                                             Deadline deadline) {
    CO_TRY(auto url, endpoint_of(repository.registry, options_.plain_http_hosts));
    url.target = cat("/v2/", repository.path, "/", path);
    auto request = request_for(method, std::move(url)).body_bytes_max(body_bytes_max);
    co_return co_await authenticated(std::move(request), std::move(repository), deadline);
}

io::Task<Result<io::Response>>
Fetcher::send_body(io::Request request, image::Repository repository, Deadline deadline) {
    CLAIRGATE_ASSERT(request.method != "GET" && request.method != "HEAD");
    co_return co_await authenticated(std::move(request), std::move(repository), deadline);
}

io::Task<Result<io::Response>>
Fetcher::authenticated(io::Request request, image::Repository repository, Deadline deadline) {
    CO_TRY(auto const root, endpoint_of(repository.registry, options_.plain_http_hosts));
    if (request.url.origin != root.origin)
        co_return Error(ErrorKind::denied,
                        cat("the registry sends us from ",
                            root.origin.text(),
                            " to ",
                            request.url.origin.text(),
                            ", where nothing is uploaded to"));
    request = std::move(request).time_max(options_.exchange_time_max);
    bool has_logged_in = false;
    for (;;) {
        if (needs_login(repository)) {
            has_logged_in = true;
            CO_TRY_VOID(co_await log_in(repository, root, deadline));
        }
        auto attempt = request;
        auto const* const login = login_of(repository);
        if (login != nullptr && login->access.authorization)
            attempt = std::move(attempt).authorization(*login->access.authorization);
        auto answer = co_await exchange(std::move(attempt), root.origin, deadline);
        if (!answer.has_value())
            co_return connection_failed(answer.error(), repository.registry, root.origin);
        if (answer->status != 401) {
            if (answer->status < 300 || answer->status == 404)
                known_.try_emplace(repository);
            co_return answer;
        }
        // The challenge of another host must never get what is meant for the registry.
        if (answer->url.origin != root.origin)
            co_return Error(ErrorKind::denied,
                            cat(answer->url.origin.text(),
                                ", a host the registry redirected to, asks for a login"));
        if (has_logged_in)
            co_return failed(request.method, repository, *answer);
        auto& entry = known_[repository];
        entry.challenges = challenges_of(*answer);
        entry.login.reset();
        if (entry.challenges.empty())
            co_return failed(request.method, repository, *answer);
    }
}

io::Task<Result<io::Response>>
Fetcher::exchange(io::Request request, io::UrlOrigin registry, Deadline deadline) {
    if (request.method != "GET" && request.method != "HEAD")
        co_return co_await world_.http.send(std::move(request), deadline);
    RedirectCheck const check = [&](io::UrlOrigin const& target) {
        return redirect_rule(registry, target, options_.trusted_realm_hosts);
    };
    co_return co_await send_following(world_, std::move(request), check, deadline);
}

Login const* Fetcher::login_of(image::Repository const& repository) const {
    auto const known = known_.find(repository);
    if (known == known_.end())
        return nullptr;
    auto const& login = known->second.login;
    return login ? &*login : nullptr;
}

bool Fetcher::needs_login(image::Repository const& repository) const {
    auto const known = known_.find(repository);
    if (known == known_.end() || known->second.challenges.empty())
        return false;
    auto const& entry = known->second;
    return !entry.login || (entry.renew_at && *entry.renew_at <= world_.clock.steady());
}

io::Task<Result<void>>
Fetcher::log_in(image::Repository repository, io::Url root, Deadline deadline) {
    auto const challenges = known_[repository].challenges;
    auto const variables =
        may_use_own_variables(repository.registry) ? OwnVariables::use : OwnVariables::skip;
    CO_TRY(auto login,
           co_await answer_challenges(
               world_, options_, root, repository, challenges, variables, deadline, rights_));
    auto& entry = known_[repository];
    entry.renew_at.reset();
    if (login.valid_for) // a short-lived token is not renewed before half of its life
        entry.renew_at = world_.clock.steady() +
                         std::max(*login.valid_for - renewal_margin, *login.valid_for / 2);
    entry.login = std::move(login);
    co_return ok();
}

bool Fetcher::may_use_own_variables(std::string const& registry) {
    if (own_registry_.empty())
        own_registry_ = options_.own_registry.empty() ? registry : options_.own_registry;
    return own_registry_ == registry;
}

Result<io::Url> Fetcher::root_of(image::Repository const& repository) const {
    return endpoint_of(repository.registry, options_.plain_http_hosts);
}

io::Task<Result<PullAccess>> Fetcher::access(image::Repository repository, Deadline deadline) {
    CO_TRY(auto const root, endpoint_of(repository.registry, options_.plain_http_hosts));
    if (!known_.contains(repository)) {
        // Any question will do; the answer does not matter once the registry lets us in.
        CO_TRY(auto const answer,
               co_await send("GET", repository, "tags/list?n=1", limits::manifest_bytes, deadline));
        if (answer.status >= 300 && answer.status != 404)
            co_return failed("GET", repository, answer);
    }
    if (needs_login(repository))
        CO_TRY_VOID(co_await log_in(repository, root, deadline));
    auto const& known = known_.at(repository);
    co_return known.login ? known.login->access : PullAccess{};
}

void Fetcher::forget(image::Repository const& repository) {
    auto const known = known_.find(repository);
    if (known == known_.end())
        return;
    if (known->second.challenges.empty())
        known_.erase(known);
    else
        known->second.login.reset();
}

Error Fetcher::failed(std::string_view method,
                      image::Repository const& repository,
                      io::Response const& response) const {
    auto const* const login = login_of(repository);
    return answer_failed(method,
                         response,
                         repository.registry,
                         login != nullptr ? std::string_view(login->how) : "",
                         world_.clock.now());
}

} // namespace clairgate::registry
