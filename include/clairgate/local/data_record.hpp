#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/base/time.hpp>

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace clairgate::local {

/// The date of imported data: what its records say, not when they were loaded. Nothing when never
/// imported.
std::optional<SystemTime> read_data_record(std::filesystem::path const& file);
Result<void> write_data_record(std::filesystem::path const& file, std::optional<SystemTime> date);

/// What is told by an updater export (clairctl export-updaters: concatenated JSON records).
struct ExportFacts {
    std::size_t records = 0;
    std::optional<SystemTime> newest; ///< the newest `Date` of its records
    bool has_ranges = false;          ///< a record with `range`, which clairctl 4.9 cannot import
    std::set<std::string> range_updaters; ///< whose records those are
};
/// Looks through one record a line; kind protocol.
Result<ExportFacts> inspect_export(std::string_view json_lines);

} // namespace clairgate::local
