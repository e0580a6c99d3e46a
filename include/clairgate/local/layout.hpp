#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/io/process.hpp>
#include <clairgate/io/world.hpp>
#include <clairgate/local/engine.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace clairgate::local {

/// Where the engine keeps what, below <state>/engine (0700, owned by whom its processes run as).
struct Layout {
    explicit Layout(std::filesystem::path const& state_folder);
    std::filesystem::path state;
    std::filesystem::path engine;   ///< <state>/engine
    std::filesystem::path database; ///< PostgreSQL's data folder
    std::filesystem::path run;      ///< sockets
    std::filesystem::path logs;
    std::filesystem::path lock;        ///< held by the supervisor for its whole life
    std::filesystem::path socket;      ///< where holders connect
    std::filesystem::path config;      ///< Clair's configuration
    std::filesystem::path data_record; ///< what is known of the imported data
    std::filesystem::path work;        ///< temporary files of imports
};

/// The engine's programs.
struct Programs {
    std::filesystem::path clair;
    std::filesystem::path clairctl;
    std::filesystem::path
        postgres_folder; ///< initdb, postgres, psql, pg_dump, pg_restore, createdb
};

/// Kind config: names what is missing and what installs it.
Result<Programs> find_programs(Options const& options, std::optional<std::string> const& path);

/// Whom PostgreSQL runs as: nobody else (as an unprivileged user), or as root the user `postgres`,
/// else `nobody`, by its number where it has no entry: PostgreSQL refuses root. Never fails today.
Result<std::optional<io::RunAs>> unprivileged_user();

/// Creates the folders with their modes and owner. Kind config when the path is too long for a
/// socket.
Result<void> prepare_folders(Layout const& layout, std::optional<io::RunAs> const& owner);

/// The environment of the engine's programs: PATH, a neutral locale, and of ours only what says how
/// to reach the network (proxies, certificates).
std::map<std::string, std::string> program_environment(Layout const& layout,
                                                       io::Environment const& environment);

/// This process becomes that user for good, without supplementary groups. Kind config.
Result<void> become(io::RunAs const& user);

/// Whether the servers can be run by whom we are now; kind config, naming the one that cannot.
Result<void> check_access(Programs const& programs);

} // namespace clairgate::local
