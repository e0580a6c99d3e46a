#include "rekor.hpp"

#include "sigstore_service.hpp"
#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>

#include <utility>

namespace clairgate::sign {

namespace {

constexpr std::size_t entry_bytes_max = limits::mib;

io::Task<Result<io::Response>>
post_entry(io::World& world, io::Url url, std::string body, Deadline deadline) {
    auto request = io::Request::post(std::move(url), std::move(body), "application/json")
                       .header("Accept", "application/json")
                       .body_bytes_max(entry_bytes_max);
    co_return co_await ask_service(world, "the entry of the log", std::move(request), deadline);
}

io::Task<Result<io::Response>>
get_entry(io::World& world, io::Response conflict, Deadline deadline) {
    auto const location = conflict.header("location");
    if (!location)
        co_return Error(ErrorKind::protocol, "the log has the entry already and says not where");
    auto url = conflict.url.resolve(*location);
    if (!url.has_value() || url->origin != conflict.url.origin)
        co_return Error(ErrorKind::denied,
                        cat("the log sends us for its entry to ", printable(*location, 200)));
    auto request = io::Request::get(*std::move(url))
                       .header("Accept", "application/json")
                       .body_bytes_max(entry_bytes_max);
    co_return co_await ask_service(world, "the entry of the log", std::move(request), deadline);
}

io::Task<Result<std::string>>
log_in_v1(io::World& world, io::Url url, LogRequest const& request, Deadline deadline) {
    CO_TRY_VOID(check_old_log_size(request.envelope));
    CO_TRY(auto answer,
           co_await post_entry(world, std::move(url), dsse_request(request), deadline));
    if (answer.status == 201)
        co_return entry_of_old_log(answer.body, request);
    if (answer.status != 409)
        co_return io::unexpected("POST", answer, world.clock.now());
    // A try before this one came through after all, and its answer did not.
    CO_TRY(auto const known, co_await get_entry(world, std::move(answer), deadline));
    if (known.status != 200)
        co_return io::unexpected("GET", known, world.clock.now());
    co_return entry_of_old_log(known.body, request);
}

io::Task<Result<std::string>>
log_in_v2(io::World& world, io::Url url, LogRequest const& request, Deadline deadline) {
    CO_TRY(auto const answer,
           co_await post_entry(world, std::move(url), hashedrekord_request(request), deadline));
    if (answer.status == 409) // it has no way to ask for the entry that it has
        co_return io::unexpected("POST", answer, world.clock.now())
            .with_remedy("run it again: the next signature is another entry");
    if (answer.status != 201)
        co_return io::unexpected("POST", answer, world.clock.now());
    co_return entry_of_log(answer.body, request);
}

} // namespace

io::Task<Result<std::string>>
log_signature(io::World& world, SigstoreService log, LogRequest const& request, Deadline deadline) {
    auto const where = cat("putting the signature into the log at ", log.url);
    if (log.api_version == 1) {
        CO_TRY(auto url, service_url(log.url, "/api/v1/log/entries"));
        auto entry = co_await log_in_v1(world, std::move(url), request, deadline);
        co_return std::move(entry).with_context(where);
    }
    if (log.api_version == 2) {
        CO_TRY(auto url, service_url(log.url, "/api/v2/log/entries"));
        auto entry = co_await log_in_v2(world, std::move(url), request, deadline);
        co_return std::move(entry).with_context(where);
    }
    co_return Error(ErrorKind::config,
                    cat("the log at ", log.url, " speaks API version ", log.api_version))
        .with_remedy("use a log of API version 2 or 1");
}

} // namespace clairgate::sign
