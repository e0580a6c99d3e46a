#pragma once

#include <clairgate/io/world.hpp>
#include <clairgate/local/layout.hpp>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::local {

/// The matcher's data in the engine's PostgreSQL, through PostgreSQL's and Clair's own tools. The
/// engine must be running.
class Database {
  public:
    Database(io::World& world,
             Layout const& layout,
             Programs programs,
             std::map<std::string, std::string> environment,
             std::optional<io::RunAs> run_as = std::nullopt);

    /// clairctl import-updaters; kind tool with what it said.
    io::Task<Result<void>> import_updaters(std::filesystem::path file, Deadline deadline) const;
    /// pg_dump of the data tables, custom format.
    io::Task<Result<std::string>> dump(Deadline deadline) const;
    /// Restores an archive into a copy of the schema, as a role that may only insert, and puts the
    /// copy in the matcher's place: a scan sees the old data or the new. Only data of known tables
    /// is taken.
    io::Task<Result<void>> restore(std::string_view archive, Deadline deadline) const;

  private:
    io::Task<Result<std::string>> tool(std::filesystem::path program,
                                       std::vector<std::string> arguments,
                                       Deadline deadline) const;
    io::Task<Result<void>>
    sql(std::string database, std::vector<std::string> statements, Deadline deadline) const;
    io::Task<Result<void>> fill_copy(std::filesystem::path folder, Deadline deadline) const;
    io::Task<Result<void>> copy_part(std::vector<std::string> const& part,
                                     std::filesystem::path const& file,
                                     Deadline deadline) const;
    io::Task<Result<void>> load(std::filesystem::path const& folder, Deadline deadline) const;
    io::Task<Result<void>> replace(Deadline deadline) const;
    std::vector<std::string> connection() const;
    Result<void> hand_over(std::filesystem::path const& path) const;

    io::World& world_;
    Layout const& layout_;
    Programs programs_;
    std::map<std::string, std::string> environment_;
    std::optional<io::RunAs> run_as_; ///< whom the tools run as: files are hostile until read
};

} // namespace clairgate::local
