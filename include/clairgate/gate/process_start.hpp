#pragma once

#include <clairgate/gate/console.hpp>
#include <clairgate/io/world.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace clairgate::gate {

/// What the operating system gave this process, read once: arguments, environment, standard
/// streams. Also readies the process: no SIGPIPE, no core dump (it could hold credentials).
class ProcessStart {
  public:
    ProcessStart(int argc, char** argv);
    ProcessStart(ProcessStart const&) = delete;
    ProcessStart& operator=(ProcessStart const&) = delete;

    std::vector<std::string> const& arguments() const { return arguments_; } ///< without argv[0]
    io::Environment const& environment() const { return environment_; }
    Streams const& streams() const { return streams_; }
    std::filesystem::path const& self() const { return self_; }
    /// When the kernel made this process: what its caller writes after that is not old.
    SystemTime started() const { return started_; }

  private:
    std::vector<std::string> arguments_;
    io::Environment environment_;
    Streams streams_;
    std::filesystem::path self_;
    SystemTime started_;
};

} // namespace clairgate::gate
