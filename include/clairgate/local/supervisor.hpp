#pragma once

#include <clairgate/local/engine.hpp>
#include <clairgate/local/layout.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// How a holder and the supervisor speak: one JSON object a line over the unix socket.
namespace clairgate::local {

/// The first line of a holder: what the engine should have.
struct Wish {
    std::vector<std::string> updaters;
    std::map<std::string, std::string> updater_urls;
};
std::string to_line(Wish const& wish);
Result<Wish> parse_wish(std::string_view line);

/// Lines of the supervisor.
struct ProgressEvent {
    std::string step;
    std::string detail;
};
struct ReadyEvent {
    std::string url;
    std::string psk_base64;
    std::string psk_issuer;
};
struct FailedEvent {
    std::string message;
    std::string remedy;
};
using Event = std::variant<ProgressEvent, ReadyEvent, FailedEvent>;
std::string to_line(Event const& event);
Result<Event> parse_event(std::string_view line);

/// A holder says goodbye with this line and then waits until the supervisor closes.
inline constexpr std::string_view leave_line = "leave\n";
inline constexpr std::size_t line_bytes_max = 64 * 1024;

/// Starts `<self> engine-supervisor` as a process of its own session, so that a terminal's Ctrl-C
/// does not reach it; its output goes to a log. Gives its pid. Kind tool.
Result<int>
launch_supervisor(Options const& options, Layout const& layout, io::Environment const& environment);

} // namespace clairgate::local
