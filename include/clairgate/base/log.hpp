#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace clairgate {

enum class LogLevel { debug, info, warning, error };
std::string_view to_string(LogLevel level);

/// One event: a sentence of ours and facts as key and value. Values may come from outside: the
/// sink escapes them. Never holds a secret.
struct LogEvent {
    LogLevel level = LogLevel::info;
    std::string message;
    std::vector<std::pair<std::string, std::string>> facts;
};

/// Where events go (standard error as text or JSON lines, or a test's vector). Injected; no global.
class Log {
  public:
    using Sink = std::function<void(LogEvent const&)>;
    using Facts = std::initializer_list<std::pair<std::string_view, std::string_view>>;
    /// Events below `level_min` are dropped before they are built.
    Log(LogLevel level_min, Sink sink) : level_min_(level_min), sink_(std::move(sink)) {}

    bool enabled(LogLevel level) const { return level >= level_min_; }
    void write(LogLevel level, std::string_view message, Facts facts = {}) const;
    void debug(std::string_view message, Facts facts = {}) const;
    void info(std::string_view message, Facts facts = {}) const;
    void warning(std::string_view message, Facts facts = {}) const;
    void error(std::string_view message, Facts facts = {}) const;

  private:
    LogLevel level_min_;
    Sink sink_;
};

/// "message key=value …" on one line, every outside character escaped (base/text.hpp).
std::string to_text_line(LogEvent const& event);

} // namespace clairgate
