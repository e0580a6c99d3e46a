#include <clairgate/base/text.hpp>
#include <clairgate/gate/process_start.hpp>
#include <clairgate/gate/runtime.hpp>

#include <algorithm>
#include <csignal>
#include <ctime>
#include <fstream>
#include <map>
#include <system_error>

#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

extern char** environ;

namespace clairgate::gate {

namespace {

std::map<std::string, std::string, std::less<>> environment_of_process() {
    std::map<std::string, std::string, std::less<>> variables;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        std::string_view const text(*entry);
        auto const equals = text.find('=');
        if (equals != std::string_view::npos)
            variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return variables;
}

// Field 22 of /proc/self/stat (proc(5)): ticks after boot. The second field may hold spaces and
// parentheses, so fields count from the last one. Now, where that cannot be read.
SystemTime started_at() {
    auto const now = real_clock().now();
    std::ifstream file("/proc/self/stat");
    std::string stat;
    std::getline(file, stat);
    auto const fields =
        split(std::string_view(stat).substr(std::min(stat.rfind(')') + 1, stat.size())), ' ');
    constexpr std::size_t start_field = 22 - 2;
    auto const ticks =
        fields.size() > start_field ? parse_unsigned(fields[start_field]) : std::nullopt;
    timespec boot{}, wall{};
    auto const ticks_per_second = ::sysconf(_SC_CLK_TCK);
    if (!ticks || ticks_per_second <= 0 || ::clock_gettime(CLOCK_BOOTTIME, &boot) != 0 ||
        ::clock_gettime(CLOCK_REALTIME, &wall) != 0)
        return now;
    auto const nanoseconds = [](timespec const& time) {
        return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
    };
    auto const tick = std::chrono::nanoseconds(std::chrono::seconds(1)) / ticks_per_second;
    auto const began =
        nanoseconds(wall) - nanoseconds(boot) + static_cast<std::int64_t>(*ticks) * tick;
    return std::min(now, SystemTime(std::chrono::floor<std::chrono::seconds>(began)));
}

// Writes everything, however many calls it takes. A closed pipe is the reader's decision: what is
// asked for by files is still written, and the exit status still tells the verdict.
void write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        auto const wrote = ::write(descriptor, text.data(), text.size());
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return;
        text.remove_prefix(static_cast<std::size_t>(wrote));
    }
}

std::size_t terminal_columns(int descriptor) {
    winsize size{};
    return ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

// By the variables a locale is chosen with; no locale is ever set, so that none changes a verdict.
bool is_utf8_locale(io::Environment const& environment) {
    for (auto const* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        if (auto const value = environment.value(name)) {
            auto const word = to_lower(*value);
            return word.find("utf-8") != std::string::npos ||
                   word.find("utf8") != std::string::npos;
        }
    }
    return true; // containers set none, and their logs are read as UTF-8
}

} // namespace

ProcessStart::ProcessStart(int argc, char** argv)
    : arguments_(argv + (argc > 0 ? 1 : 0), argv + argc), environment_(environment_of_process()),
      started_(started_at()) {
    std::signal(SIGPIPE, SIG_IGN);
    rlimit const none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    std::error_code failed;
    self_ = std::filesystem::read_symlink("/proc/self/exe", failed);
    streams_.out = [](std::string_view text) { write_all(STDOUT_FILENO, text); };
    streams_.error = [](std::string_view text) { write_all(STDERR_FILENO, text); };
    streams_.is_out_terminal = ::isatty(STDOUT_FILENO) == 1;
    streams_.is_error_terminal = ::isatty(STDERR_FILENO) == 1;
    streams_.columns = terminal_columns(streams_.is_out_terminal ? STDOUT_FILENO : STDERR_FILENO);
    streams_.is_utf8 = is_utf8_locale(environment_);
}

} // namespace clairgate::gate
