#pragma once

#include <clairgate/base/secret.hpp>
#include <clairgate/io/http.hpp>
#include <clairgate/io/world.hpp>

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::local {

struct Options {
    std::filesystem::path state_folder;               ///< ours alone, outside the workspace
    std::vector<std::filesystem::path> clair_folders; ///< --clair-bin; then PATH
    std::vector<std::filesystem::path>
        postgres_folders;       ///< --postgres-bin; then PATH and the usual places
    std::filesystem::path self; ///< our own executable: the supervisor is another process of it
    std::vector<std::string> updaters; ///< Clair updater sets to run ("debian"); empty: airgap
    std::map<std::string, std::string> updater_urls; ///< "debian.mirror_url" → URL (tests, mirrors)
    Duration start_time_max = std::chrono::seconds(60);
};

using Progress = std::function<void(std::string_view step, std::string_view detail)>;

/// A private Clair (combo) with a private PostgreSQL that this process shares with other runs of
/// the same state folder. Held open by a connection to its supervisor: when the last holder goes
/// (also by SIGKILL), the engine stops.
class Engine {
  public:
    static io::Task<Result<std::unique_ptr<Engine>>>
    start(io::World& world, Options options, Progress progress, Deadline deadline);
    ~Engine();

    io::Url const& url() const;
    Secret const& psk() const; ///< raw key bytes
    std::string const& psk_issuer() const;
    std::optional<SystemTime> data_date() const; ///< of the imported data, when recorded
    /// Has the engine run these updater sets as well (Clair restarts, at the same URL); returns
    /// when it is ready again.
    io::Task<Result<void>> run_updaters(std::vector<std::string> sets, Deadline deadline);
    /// Leaves; when we were the last holder, returns when everything has stopped.
    io::Task<Result<void>> leave(Deadline deadline);

  private:
    class Impl;
    explicit Engine(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

/// Body of the hidden command `engine-supervisor`: owns PostgreSQL and Clair until the last holder
/// left.
io::Task<Result<void>> supervise(io::World& world, Options options);

/// Vulnerability data of the local engine. All need the engine (they start it).
io::Task<Result<std::string>> data_import(io::World& world,
                                          Options options,
                                          std::filesystem::path file,
                                          Progress progress,
                                          Deadline deadline);
io::Task<Result<std::string>> data_export(io::World& world,
                                          Options options,
                                          std::filesystem::path file,
                                          Progress progress,
                                          Deadline deadline);
/// A table for people: each updater, its date and age.
io::Task<Result<std::string>> data_status(io::World& world, Options options, Deadline deadline);

} // namespace clairgate::local
