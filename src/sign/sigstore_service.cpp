#include "sigstore_service.hpp"

#include <clairgate/base/text.hpp>
#include <clairgate/io/address.hpp>
#include <clairgate/io/retry.hpp>

#include <functional>
#include <utility>

namespace clairgate::sign {

namespace {

constexpr Duration attempt_time_max = std::chrono::seconds(30);

bool is_loopback(std::string_view host) {
    if (host == "localhost" || host.ends_with(".localhost"))
        return true;
    auto const bytes = io::address_bytes(host);
    return bytes && io::is_loopback_address(*bytes);
}

io::Task<Result<io::Response>> ask_once(io::World& world, io::Request request, Deadline deadline) {
    auto const method = request.method;
    CO_TRY(auto answer, co_await world.http.send(std::move(request), deadline));
    if (answer.status < 400)
        co_return answer;
    auto error = io::unexpected(method, answer, world.clock.now());
    if (io::retryable(error.kind(), error.http_status()))
        co_return error;
    co_return answer;
}

} // namespace

Result<io::Url> service_url(std::string_view base, std::string_view path) {
    auto parsed = io::Url::parse(base);
    if (!parsed.has_value())
        return Error(ErrorKind::config, parsed.error().message());
    auto url = *std::move(parsed);
    if (url.origin.scheme != "https" && !is_loopback(url.origin.host))
        return Error(ErrorKind::config, cat(url.redacted(), " is not https"))
            .with_remedy("use the https:// URL of the service");
    if (path.empty())
        return url;
    if (url.target.find('?') != std::string::npos)
        return Error(ErrorKind::config, cat(url.redacted(), " has a query, so no path fits on it"));
    while (url.target.ends_with('/'))
        url.target.pop_back();
    url.target += path;
    return url;
}

io::Task<Result<io::Response>>
ask_service(io::World& world, std::string what, io::Request request, Deadline deadline) {
    request = std::move(request).time_max(attempt_time_max);
    std::function<io::Task<Result<io::Response>>()> const once = [&] {
        return ask_once(world, request, deadline);
    };
    co_return co_await io::with_retry<io::Response>(world, what, deadline, once);
}

} // namespace clairgate::sign
