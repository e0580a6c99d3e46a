#pragma once

#include <clairgate/io/task.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace clairgate::io {

/// The user a child becomes before exec (needs root). Supplementary groups are dropped.
struct RunAs {
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
};

/// A program and its argv (without argv[0]); never a shell. The child gets exactly this
/// environment, no open descriptor beyond 0–2, and dies with us (PR_SET_PDEATHSIG).
struct Command {
    std::filesystem::path program; ///< absolute, see `find_program`
    std::vector<std::string> arguments;
    std::map<std::string, std::string> environment;
    std::optional<std::string> input; ///< standard input; else /dev/null
    std::optional<std::filesystem::path>
        log_file;                                ///< both outputs appended here instead of captured
    std::optional<std::filesystem::path> folder; ///< working directory
    std::optional<RunAs> run_as;
    std::size_t output_bytes_max = 1024 * 1024; ///< of each captured stream; more is kind limit
    int parent_death_signal = 9;                ///< sent to the child when we die
};

/// How a child ended.
struct Exit {
    std::optional<int> status; ///< exit status, or nothing
    std::optional<int> signal; ///< when killed by a signal
    bool ok() const { return status == 0; }
    std::string text() const; ///< "exit status 3", "killed by signal 9"
};

struct Completed {
    Exit exit;
    std::string output;
    std::string error_output;
};

/// Runs to the end. Past the deadline or cancelled: SIGTERM, 1 s of grace, SIGKILL, reaped; kind
/// timeout or cancelled. A program that cannot be executed is kind tool. A grandchild that keeps a
/// pipe open does not hold us.
Task<Result<Completed>> run_process(Command command, Clock const& clock, Deadline deadline);

/// A child that stays: a server of ours. Destroying it kills and reaps it.
class Child {
  public:
    static Result<Child> start(Executor executor, Command command);
    Child(Child&&) noexcept;
    Child& operator=(Child&&) = delete;
    ~Child();

    int pid() const;
    /// Completes when it ends; may be awaited once at a time.
    Task<Result<Exit>> wait();
    /// Whether it has ended (does not block).
    bool has_ended() const;
    /// Sends `signal`, waits up to `grace`, then SIGKILL; reaped on return.
    Task<Result<Exit>> stop(int signal, Duration grace);

  private:
    struct Impl;
    explicit Child(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

/// The absolute path of `name` in the folders of `search` in order (entries that are relative or
/// empty are skipped: the checked-out tree must not provide programs). `name` must be a bare file
/// name.
std::optional<std::filesystem::path> find_program(std::string const& name,
                                                  std::vector<std::filesystem::path> const& search);
/// PATH as folders.
std::vector<std::filesystem::path> path_folders(std::optional<std::string> const& path_variable);

} // namespace clairgate::io
