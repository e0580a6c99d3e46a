#include <clairgate/base/log.hpp>
#include <clairgate/base/text.hpp>

#include <array>

namespace clairgate {

std::string_view to_string(LogLevel level) {
    static constexpr std::array<std::string_view, 4> words{"debug", "info", "warning", "error"};
    return words.at(static_cast<std::size_t>(level));
}

void Log::write(LogLevel level, std::string_view message, Facts facts) const {
    if (!enabled(level))
        return;
    LogEvent event{level, std::string(message), {}};
    for (auto const& [key, value] : facts)
        event.facts.emplace_back(key, value);
    sink_(event);
}

void Log::debug(std::string_view message, Facts facts) const {
    write(LogLevel::debug, message, facts);
}
void Log::info(std::string_view message, Facts facts) const {
    write(LogLevel::info, message, facts);
}
void Log::warning(std::string_view message, Facts facts) const {
    write(LogLevel::warning, message, facts);
}
void Log::error(std::string_view message, Facts facts) const {
    write(LogLevel::error, message, facts);
}

std::string to_text_line(LogEvent const& event) {
    auto line = printable(event.message, 1000);
    for (auto const& [key, value] : event.facts) {
        auto const shown = printable(value);
        bool const quoted = shown.empty() || shown.find(' ') != std::string::npos;
        line += quoted ? cat(" ", key, "=\"", shown, "\"") : cat(" ", key, "=", shown);
    }
    return line;
}

} // namespace clairgate
