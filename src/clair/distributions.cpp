#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/clair/client.hpp>
#include <clairgate/clair/decode.hpp>
#include <clairgate/clair/exchange.hpp>

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
    std::vector<std::string> all;
    for (auto const& image : subject.platforms) {
        auto const path = cat("/indexer/api/v1/index_report/", image.manifest.digest.text());
        CO_TRY(auto const answer,
               co_await exchange.get(path, limits::index_report_bytes, deadline));
        if (answer.status != 200)
            co_return exchange.failed("GET index_report", answer);
        CO_TRY(auto const ids, decode_distribution_ids(answer.body));
        all.insert(all.end(), ids.begin(), ids.end());
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    co_return all;
}

} // namespace clairgate::clair
