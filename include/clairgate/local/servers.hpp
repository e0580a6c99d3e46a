#pragma once

#include <clairgate/io/process.hpp>
#include <clairgate/io/world.hpp>
#include <clairgate/local/clair_config.hpp>
#include <clairgate/local/engine.hpp>
#include <clairgate/local/layout.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace clairgate::local {

/// The two servers of the engine as children of the supervisor.
class Servers {
  public:
    Servers(io::World& world,
            Layout const& layout,
            Programs programs,
            std::optional<io::RunAs> run_as,
            std::map<std::string, std::string> environment);

    /// initdb where there is no database yet, then PostgreSQL, until it takes connections; then the
    /// three databases. Kinds config, tool, timeout.
    io::Task<Result<void>> start_postgres(Progress const& progress, Deadline deadline);
    /// Clair until /readyz is 200. Picks free ports the first time and keeps them.
    io::Task<Result<void>>
    start_clair(ClairSettings settings, Progress const& progress, Deadline deadline);
    io::Task<Result<void>> stop_clair();
    io::Task<Result<void>> stop_postgres();
    /// A sentence when a server that should run has ended.
    std::optional<std::string> casualty() const;

    ClairSettings const& settings() const { return settings_; }

  private:
    io::Command command(std::filesystem::path program, std::vector<std::string> arguments) const;
    io::Command postgres_command() const;
    Error postgres_failure() const;
    io::Task<Result<void>> run_tool(io::Command tool, Deadline deadline) const;
    io::Task<Result<void>> create_cluster(Deadline deadline);
    io::Task<Result<void>> await_postgres(Deadline deadline);
    io::Task<Result<void>> await_clair(Deadline deadline);

    io::World& world_;
    Layout const& layout_;
    Programs programs_;
    std::optional<io::RunAs> run_as_;
    std::map<std::string, std::string> environment_;
    ClairSettings settings_;
    std::optional<io::Child> postgres_;
    std::optional<io::Child> clair_;
};

/// The last lines of a log file, for a message; "" when there are none.
std::string last_lines(std::filesystem::path const& file, std::size_t bytes_max);

/// A loopback TCP port nobody listens on at this moment.
Result<std::uint16_t> free_port();

} // namespace clairgate::local
