#pragma once

#include <clairgate/base/log.hpp>
#include <clairgate/base/time.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace clairgate::gate {

/// What the process may write to, and how it looks there. Filled once in main.
struct Streams {
    std::function<void(std::string_view)> out;   ///< standard output: the asked-for result only
    std::function<void(std::string_view)> error; ///< standard error: everything else
    bool is_out_terminal = false;
    bool is_error_terminal = false;
    bool is_utf8 = true;     ///< by the locale
    std::size_t columns = 0; ///< width of the terminal, 0 when unknown
};

enum class LogFormat { text, json };

/// Standard error: log events as lines, and the progress of a long wait as one live line on a
/// terminal or one line an event elsewhere. Everything is escaped here, whoever said it.
class Console {
  public:
    Console(Streams const& streams, Clock clock, LogFormat format);

    /// Writes one event as a line ("warning: …"), above the live line.
    void write(LogEvent const& event);
    /// What is being done now ("wait", "for the digest file /run/digest"). Repeats are dropped.
    void progress(std::string_view step, std::string_view detail);
    /// Redraws the live line with the time that passed.
    void tick();
    /// Removes the live line.
    void finish();

  private:
    void erase();
    void draw();
    Streams const& streams_;
    Clock clock_;
    LogFormat format_;
    SteadyTime started_;
    std::string step_;
    std::string detail_;
    bool is_drawn_ = false;
};

/// One JSON object on one line: {"level":…,"message":…,"time":…, facts…}.
std::string to_json_line(LogEvent const& event, SystemTime now);

} // namespace clairgate::gate
