#pragma once

#include <clairgate/base/secret.hpp>
#include <clairgate/finding/scan_report.hpp>
#include <clairgate/image/subject.hpp>
#include <clairgate/io/http.hpp>
#include <clairgate/io/world.hpp>
#include <clairgate/registry/client.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::clair {

struct Options {
    io::Url url;               ///< root of the API; a path prefix is kept
    std::optional<Secret> psk; ///< the raw key bytes (already decoded from base64)
    std::string psk_issuer = "clairgate";
    std::map<std::string, std::string>
        layer_hosts; ///< host[:port] or scheme://host[:port] of layer URLs, as Clair must see them
    bool may_post_basic = false;                           ///< --allow-basic-to-clair
    Duration exchange_time_max = std::chrono::seconds(30); ///< of everything but the held POST
    Duration data_wait_max =
        std::chrono::minutes(10); ///< how long a 202 (no data yet) is waited for
    std::optional<SystemTime>
        data_date; ///< the imported dump's own date, when the local engine knows it
};

/// Told whenever something changes that a person who waits wants to know ("ScanLayers",
/// "matching").
using Progress = std::function<void(std::string_view step, std::string_view detail)>;

/// Indexes and matches every platform of the subject (design section 7, clair.md section 8's table)
/// and reads the updaters' state. Kinds: unreachable, timeout, denied (JWT), protocol, integrity (a
/// foreign manifest_hash, a layer that does not match), limit, config (Clair's own
/// misconfiguration).
io::Task<Result<finding::ScanReport>> scan(io::World& world,
                                           Options const& options,
                                           registry::Client& registry,
                                           image::Subject const& subject,
                                           Deadline deadline,
                                           Progress const& progress);

/// The distributions (os-release ids) that Clair found in an indexed subject, sorted and unique.
io::Task<Result<std::vector<std::string>>> distribution_ids(io::World& world,
                                                            Options const& options,
                                                            image::Subject const& subject,
                                                            Deadline deadline);

/// Clair's updater set (`updaters.sets`) that feeds a distribution; nothing when there is none.
std::optional<std::string> updater_set_for(std::string_view distribution_id);

/// For `doctor`: index_state with our credential; the state's text.
io::Task<Result<std::string>> probe(io::World& world, Options const& options, Deadline deadline);

/// The latest operation of each updater, sorted by name (`data status`, data freshness).
io::Task<Result<std::vector<finding::UpdateOperation>>>
update_operations(io::World& world, Options const& options, Deadline deadline);

} // namespace clairgate::clair
