#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/clair/client.hpp>
#include <clairgate/clair/decode.hpp>
#include <clairgate/clair/exchange.hpp>
#include <clairgate/io/retry.hpp>

#include <algorithm>

namespace clairgate::clair {

namespace {

struct Row {
    std::string_view distribution_id;
    std::string_view updater_set;
};

constexpr Row table[] = {{"debian", "debian"},
                         {"ubuntu", "ubuntu"},
                         {"alpine", "alpine"},
                         {"rhel", "rhel-vex"},
                         {"ol", "oracle"},
                         {"amzn", "aws"},
                         {"photon", "photon"},
                         {"sles", "suse"},
                         {"opensuse-leap", "suse"}};

using Ids = std::vector<std::string>;

io::Task<Result<Ids>>
distribution_ids_once(Exchange const& exchange, image::Digest manifest, Deadline deadline) {
    CO_TRY(auto const answer,
           co_await exchange.get(cat("/indexer/api/v1/index_report/", manifest.text()),
                                 limits::index_report_bytes,
                                 deadline));
    if (answer.status != 200)
        co_return exchange.failed("GET index_report", answer);
    co_return decode_distribution_ids(answer.body);
}

} // namespace

std::optional<std::string> updater_set_for(std::string_view distribution_id) {
    for (auto const& row : table)
        if (row.distribution_id == distribution_id)
            return std::string(row.updater_set);
    return std::nullopt;
}

io::Task<Result<std::vector<std::string>>> distribution_ids(io::World& world,
                                                            Options const& options,
                                                            image::Subject const& subject,
                                                            Deadline deadline) {
    Exchange const exchange(world, options);
    Ids all;
    for (auto const& image : subject.platforms) {
        auto const once = [&] {
            return distribution_ids_once(exchange, image.manifest.digest, deadline);
        };
        CO_TRY(auto const ids, co_await io::with_retry<Ids>(world, "index_report", deadline, once));
        all.insert(all.end(), ids.begin(), ids.end());
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    co_return all;
}

} // namespace clairgate::clair
