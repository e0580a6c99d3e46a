#include <clairgate/base/text.hpp>
#include <clairgate/io/files.hpp>
#include <clairgate/io/race.hpp>
#include <clairgate/local/stale_postgres.hpp>

#include <csignal>
#include <limits>
#include <optional>

#include <unistd.h>

namespace clairgate::local {

namespace {

namespace fs = std::filesystem;

constexpr Duration poll_interval = std::chrono::milliseconds(20);
constexpr std::size_t pid_file_bytes_max = 4096;
constexpr std::size_t command_line_bytes_max = 64 * 1024;

std::optional<int> pid_in(std::string_view pid_file) {
    auto const number = parse_unsigned(pid_file.substr(0, pid_file.find('\n')));
    if (!number || *number == 0 || *number > std::numeric_limits<int>::max())
        return std::nullopt;
    return static_cast<int>(*number);
}

// Its first words are those that the supervisor starts PostgreSQL with.
bool serves(int pid, fs::path const& database) {
    auto const line = io::read_file(cat("/proc/", pid, "/cmdline"), command_line_bytes_max);
    if (!line.has_value())
        return false;
    auto const words = split(*line, '\0');
    return words.size() > 2 && words[1] == "-D" && words[2] == database.native();
}

} // namespace

io::Task<Result<void>>
clear_stale_postgres(Layout const& layout, Clock const& clock, Deadline deadline) {
    auto const file = layout.database / "postmaster.pid";
    auto const content = io::read_file(file, pid_file_bytes_max);
    if (!content.has_value()) // cleanly stopped, or never started
        co_return ok();
    auto const pid = pid_in(*content);
    bool is_told = false;
    while (pid && serves(*pid, layout.database)) {
        if (!is_told)
            ::kill(*pid, SIGQUIT);
        is_told = true;
        if (deadline.passed(clock))
            co_return Error(ErrorKind::timeout,
                            cat("an older PostgreSQL, process ", *pid, ", does not stop"));
        CO_TRY_VOID(co_await io::sleep_for(poll_interval));
    }
    // Only the pid: with the other lines PostgreSQL sees whether backends of that server live on.
    auto const rest = content->find('\n');
    auto const mended = cat(std::numeric_limits<int>::max(),
                            rest == std::string::npos ? "\n" : content->substr(rest));
    if (fs::exists(file))
        CO_TRY_VOID(io::write_atomically(file, mended, 0600));
    ::unlink((layout.run / ".s.PGSQL.5432.lock").c_str());
    co_return ok();
}

} // namespace clairgate::local
