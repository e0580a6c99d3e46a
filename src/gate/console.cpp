#include <clairgate/base/json.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/gate/console.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace clairgate::gate {

std::string to_json_line(LogEvent const& event, SystemTime now) {
    nlohmann::json line{
        {"level", to_string(event.level)}, {"message", event.message}, {"time", to_rfc3339(now)}};
    for (auto const& [key, value] : event.facts)
        line.emplace(key, value); // emplace: a fact never replaces level, message or time
    return json::dump(line);
}

Console::Console(Streams const& streams, Clock clock, LogFormat format)
    : streams_(streams), clock_(std::move(clock)), format_(format), started_(clock_.steady()) {}

void Console::write(LogEvent const& event) {
    erase();
    if (format_ == LogFormat::json) {
        streams_.error(to_json_line(event, clock_.now()) + "\n");
    } else {
        // The word in front keeps a CI system from taking a message of others for a command.
        auto const word =
            event.level == LogLevel::info ? std::string_view("clairgate") : to_string(event.level);
        streams_.error(cat(word, ": ", to_text_line(event), "\n"));
    }
    draw();
}

void Console::progress(std::string_view step, std::string_view detail) {
    if (step == step_ && detail == detail_)
        return;
    if (step != step_)
        started_ = clock_.steady();
    step_ = step;
    detail_ = detail;
    if (streams_.is_error_terminal && format_ == LogFormat::text) {
        erase();
        draw();
        return;
    }
    write(LogEvent{LogLevel::info, step_, {{"detail", detail_}}});
}

void Console::tick() {
    if (!is_drawn_)
        return;
    erase();
    draw();
}

void Console::finish() {
    erase();
    step_.clear();
    detail_.clear();
}

void Console::erase() {
    if (!is_drawn_)
        return;
    streams_.error("\r\x1b[K");
    is_drawn_ = false;
}

void Console::draw() {
    if (step_.empty() || !streams_.is_error_terminal || format_ == LogFormat::json)
        return;
    auto const passed = std::chrono::duration_cast<Duration>(clock_.steady() - started_);
    auto const head = cat(to_string(passed), "  ", step_, " ");
    std::size_t const columns = std::max<std::size_t>(40, streams_.columns);
    std::size_t const room = columns > head.size() + 2 ? columns - head.size() - 2 : 10;
    streams_.error(head + printable(detail_, room));
    is_drawn_ = true;
}

} // namespace clairgate::gate
