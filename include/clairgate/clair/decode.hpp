#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/finding/scan_report.hpp>

#include <string>
#include <string_view>
#include <vector>

/// Clair's JSON → our values; pure functions over bytes. Lenient on unknown members and on spelling
/// differences between Clair 4.7 and main, strict on everything we read: wrong types, dangling ids,
/// another manifest_hash are errors, never "no findings".
namespace clairgate::clair {

struct IndexReport {
    std::string manifest_hash;
    std::string state;
    bool success = false;
    std::string error;
    bool is_finished() const { return success && state == "IndexFinished"; }
};

/// Only what tells whether indexing is finished; kind protocol.
Result<IndexReport> decode_index_report(std::string_view json);

/// The `state` of `index_state`; kind protocol.
Result<std::string> decode_index_state(std::string_view json);

/// The ids (os-release) of the distributions of an index report, sorted and unique.
Result<std::vector<std::string>> decode_distribution_ids(std::string_view json);

/// What one platform's vulnerability report says.
struct VulnerabilityReport {
    std::size_t packages = 0;
    std::vector<finding::EcosystemCoverage> ecosystems; ///< without updaters and dates
    std::vector<finding::Finding> findings;             ///< normalised, `platform` set
};

/// Decodes with simdjson, linear in the input. `json` needs SIMDJSON_PADDING (64) bytes of capacity
/// beyond its size, which the function reserves. Kinds protocol, integrity (manifest_hash differs),
/// limit.
Result<VulnerabilityReport> decode_vulnerability_report(std::string& json,
                                                        image::Digest const& manifest,
                                                        std::string_view platform);

/// `update_operation?latest=true` of kind vulnerability and enrichment: latest per updater, by
/// name.
Result<std::vector<finding::UpdateOperation>> decode_update_operations(std::string_view json);

/// Fills `updaters` and `newest_data` of each ecosystem from the operations.
void attach_updaters(std::vector<finding::EcosystemCoverage>& ecosystems,
                     std::vector<finding::UpdateOperation> const& operations);

} // namespace clairgate::clair
