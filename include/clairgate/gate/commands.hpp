#pragma once

#include <clairgate/gate/console.hpp>
#include <clairgate/gate/exit_status.hpp>
#include <clairgate/gate/settings.hpp>
#include <clairgate/io/world.hpp>

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::gate {

/// What a command gets: its settings with their origins, and the process it runs in.
struct Invocation {
    Settings const& settings;
    io::Environment const& environment;
    Streams const& streams;
    std::filesystem::path self; ///< our own executable
    SystemTime started;         ///< when this process began: what was written before is old
};

/// One command. A new one is one file and one line of the table; dispatch, help and did-you-mean
/// read it.
struct CommandInfo {
    std::string_view name;
    Command command;
    std::string_view usage;   ///< what follows the name
    std::string_view help;    ///< one line
    std::string_view details; ///< for `help NAME`: paragraphs with a copyable example
    Outcome (*run)(Invocation const&);
    bool is_hidden = false;
};

/// All commands, in the order of `clairgate help`.
std::span<CommandInfo const> commands();

/// The whole program after main: picks the command, parses its settings, runs it, tells errors on
/// standard error with their remedy. Returns the exit status.
int execute(std::vector<std::string> const& arguments,
            io::Environment const& environment,
            Streams const& streams,
            std::filesystem::path const& self,
            SystemTime started);

/// "clairgate: message", the remedy and all further errors, each on its own line, escaped.
std::string error_text(Error const& error);

Outcome run_command(Invocation const& invocation);
Outcome wait_command(Invocation const& invocation);
Outcome gate_command(Invocation const& invocation);
Outcome convert_command(Invocation const& invocation);
Outcome verify_command(Invocation const& invocation);
Outcome keys_command(Invocation const& invocation);
Outcome policy_command(Invocation const& invocation);
Outcome data_command(Invocation const& invocation);
Outcome completion_command(Invocation const& invocation);
Outcome config_command(Invocation const& invocation);
Outcome doctor_command(Invocation const& invocation);
Outcome version_command(Invocation const& invocation);
Outcome help_command(Invocation const& invocation);
Outcome supervisor_command(Invocation const& invocation);

} // namespace clairgate::gate
