#pragma once

#include <clairgate/gate/console.hpp>
#include <clairgate/gate/exit_status.hpp>
#include <clairgate/io/http.hpp>
#include <clairgate/io/world.hpp>

#include <memory>

namespace clairgate::gate {

/// How a command speaks, decided before anything else.
struct Speech {
    LogFormat format = LogFormat::text;
    LogLevel level = LogLevel::info;
};

/// The event loop, the real clock and randomness, the HTTP client and the console of one process:
/// the World that every command gets. Single-threaded.
class Runtime {
  public:
    Runtime(Streams const& streams,
            io::Environment const& environment,
            Speech speech,
            io::HttpOptions http);
    ~Runtime();
    Runtime(Runtime const&) = delete;
    Runtime& operator=(Runtime const&) = delete;

    io::World& world();
    Console& console();

    /// Runs the task to its end, redrawing the live line meanwhile. SIGINT and SIGTERM cancel it:
    /// the outcome is then `interrupted`. An exception that escapes is an internal error, never
    /// success.
    Outcome run(io::Task<Outcome> task);

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

/// The clocks of the machine.
Clock real_clock();

} // namespace clairgate::gate
