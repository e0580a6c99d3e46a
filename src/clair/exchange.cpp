#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/clair/exchange.hpp>
#include <clairgate/clair/token.hpp>

namespace clairgate::clair {

namespace {

Error refused(io::World& world, Options const& options, io::Response const& response) {
    auto error = io::unexpected("Clair", response, world.clock.now());
    if (!options.psk)
        return std::move(error).with_remedy(
            "this Clair wants a token: --clair-psk-file FILE (auth.psk.key of its configuration)");
    return std::move(error).with_remedy(
        "check --clair-psk-file (auth.psk.key), --clair-psk-issuer (auth.psk.iss) and both clocks");
}

// Clair declares this trailer and sets it when it broke off after the status line.
Result<io::Response> whole(io::Response response) {
    auto const trailer = response.header("clair-error");
    if (trailer && !trailer->empty())
        return Error(ErrorKind::unreachable, cat("Clair broke off: ", *trailer));
    return response;
}

} // namespace

io::Url Exchange::url_of(std::string_view path) const {
    auto url = options_.url;
    while (url.target.ends_with('/'))
        url.target.pop_back();
    url.target += path;
    return url;
}

io::Task<Result<io::Response>> Exchange::send(io::Request request, Deadline deadline) const {
    for (int attempt = 1;; ++attempt) {
        auto once = request;
        if (options_.psk) {
            auto const token = mint_token(*options_.psk, options_.psk_issuer, world_.clock.now());
            once = std::move(once).authorization(Secret(cat("Bearer ", token.reveal())));
        }
        auto answer = co_await world_.http.send(std::move(once), deadline);
        if (!answer.has_value()) {
            auto const error = answer.error();
            if (error.kind() == ErrorKind::denied)
                co_return Error(error).with_remedy("--clair-ca FILE trusts the CA of Clair");
            co_return error.remedy().empty()
                ? Error(error).with_remedy("is --clair-url right, and Clair up?")
                : error;
        }
        if (answer->status != 401)
            co_return whole(*std::move(answer));
        if (attempt == 2 || !options_.psk)
            co_return refused(world_, options_, *answer);
    }
}

io::Task<Result<io::Response>>
Exchange::get(std::string path, std::size_t body_bytes_max, Deadline deadline) const {
    auto request = io::Request::get(url_of(path))
                       .header("Accept", "application/json")
                       .body_bytes_max(body_bytes_max)
                       .time_max(options_.exchange_time_max);
    return send(std::move(request), deadline);
}

io::Task<Result<io::Response>> Exchange::post_held(std::string path,
                                                   std::string body,
                                                   std::size_t body_bytes_max,
                                                   Deadline deadline) const {
    auto const time = deadline.remaining(world_.clock);
    auto request = io::Request::post(url_of(path), std::move(body), "application/json")
                       .body_bytes_max(body_bytes_max)
                       .time_max(time)
                       .silence_max(time + std::chrono::seconds(1));
    return send(std::move(request), deadline);
}

io::Task<Result<io::Response>> Exchange::remove(std::string path, Deadline deadline) const {
    auto request = io::Request::remove(url_of(path)).time_max(options_.exchange_time_max);
    return send(std::move(request), deadline);
}

Error Exchange::failed(std::string_view what, io::Response const& response) const {
    return io::unexpected(what, response, world_.clock.now());
}

} // namespace clairgate::clair
