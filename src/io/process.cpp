#include "process_launch.hpp"
#include <clairgate/base/text.hpp>
#include <clairgate/io/process.hpp>
#include <clairgate/io/race.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <algorithm>
#include <array>
#include <csignal>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace clairgate::io {

namespace asio = boost::asio;
namespace fs = std::filesystem;

std::string Exit::text() const {
    if (signal)
        return cat("killed by signal ", *signal);
    return status ? cat("exit status ", *status) : "no exit status";
}

namespace {

enum class Whom { child, group };

// A process of ours until it is reaped.
struct Running {
    explicit Running(process_v2::process of) : process(std::move(of)), pid(process.id()) {}
    Running(Running const&) = delete;
    Running& operator=(Running const&) = delete;
    ~Running() {
        if (!exit)
            signal_group(SIGKILL); // Boost.Process then kills and reaps the child itself
    }

    // Whether it has ended; does not reap.
    bool has_ended() const {
        siginfo_t info{};
        return exit ||
               (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
                info.si_pid == pid);
    }
    // The group's number is the child's, and stays taken as long as the child is not reaped.
    void signal_group(int signal) const {
        if (!exit)
            ::kill(-pid, signal);
    }
    Task<Result<Exit>> wait();
    Task<Result<Exit>> stop(int signal, Whom whom, Duration grace);

    process_v2::process process;
    int pid;
    std::optional<Exit> exit;
};

Task<Result<Exit>> Running::wait() {
    if (exit)
        co_return *exit;
    auto const outcome = co_await process.async_wait(asio::as_tuple(asio::use_awaitable));
    if (exit) // another wait was first
        co_return *exit;
    if (std::get<0>(outcome) == asio::error::operation_aborted)
        co_return Error(ErrorKind::cancelled, "cancelled");
    if (std::get<0>(outcome))
        co_return Error(ErrorKind::tool,
                        cat("lost process ", pid, ": ", std::get<0>(outcome).message()));
    // Not `exit_code()`: it cannot tell status 9 from signal 9.
    auto const native = process.native_exit_code();
    exit.emplace();
    if (WIFSIGNALED(native))
        exit->signal = WTERMSIG(native);
    else
        exit->status = WEXITSTATUS(native);
    // Its destructor would otherwise look at, and kill, whoever has got the number since.
    auto const reaped = process.detach();
    co_return *exit;
}

Task<Result<Exit>> Running::stop(int signal, Whom whom, Duration grace) {
    using namespace asio::experimental::awaitable_operators;
    if (exit)
        co_return *exit;
    ::kill(whom == Whom::group ? -pid : pid, signal);
    try {
        auto race = co_await (wait() || sleep_for(grace));
        if (race.index() == 0 && std::get<0>(race).has_value())
            co_return std::get<0>(std::move(race));
    } catch (boost::system::system_error const&) { // cancelled: no more grace
    }
    // Whoever cancels still gets a child that is gone.
    co_await asio::this_coro::reset_cancellation_state();
    signal_group(SIGKILL);
    co_return co_await wait();
}

} // namespace

struct Child::Impl : Running {
    using Running::Running;
};

Child::Child(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Child::Child(Child&&) noexcept = default;
Child::~Child() = default;

Result<Child> Child::start(Executor executor, Command command) {
    if (!command.log_file)
        return Error(ErrorKind::usage, "a child that stays needs a log file for its outputs");
    auto launched = TRY(launch(std::move(executor), command));
    return Child(std::make_unique<Impl>(std::move(launched.process)));
}

int Child::pid() const {
    return impl_->pid;
}

Task<Result<Exit>> Child::wait() {
    return impl_->wait();
}

bool Child::has_ended() const {
    return impl_->has_ended();
}

Task<Result<Exit>> Child::stop(int signal, Duration grace) {
    return impl_->stop(signal, Whom::child, grace);
}

namespace {

constexpr Duration grace_of_tools = std::chrono::seconds(1);

// One captured output of a child.
class Capture {
  public:
    Capture(Executor const& executor, OwnedDescriptor reading, std::size_t bytes_max)
        : stream_(executor, reading.release()), bytes_max_(bytes_max) {
        stream_.non_blocking(true);
    }

    // Completes only when it fails; at the end of the output it waits to be cancelled.
    Task<Result<void>> follow() {
        for (;;) {
            auto const outcome = co_await stream_.async_read_some(
                asio::buffer(buffer_), asio::as_tuple(asio::use_awaitable));
            if (std::get<0>(outcome) == asio::error::operation_aborted)
                co_return Error(ErrorKind::cancelled, "cancelled");
            if (std::get<0>(outcome))
                co_return co_await sleep_for(std::chrono::hours(24 * 365));
            CO_TRY_VOID(take(std::get<1>(outcome)));
        }
    }

    // What is still in the pipe once the child has ended, without waiting: a grandchild may hold
    // the other end open for ever.
    Result<void> drain() {
        for (;;) {
            boost::system::error_code failed;
            auto const count = stream_.read_some(asio::buffer(buffer_), failed);
            if (failed)
                return ok();
            TRY_VOID(take(count));
        }
    }

    std::string bytes;

  private:
    Result<void> take(std::size_t count) {
        if (count > bytes_max_ - bytes.size())
            return Error(ErrorKind::limit, cat("more than ", bytes_max_, " bytes of output"));
        bytes.append(buffer_.data(), count);
        return ok();
    }

    asio::posix::stream_descriptor stream_;
    std::size_t bytes_max_;
    std::array<char, 16 * 1024> buffer_{};
};

Task<Result<void>> follow(std::optional<Capture>& capture) {
    if (capture)
        return capture->follow();
    return sleep_for(std::chrono::hours(24 * 365));
}

// Until the child ends, an output exceeds its cap, the deadline passes or we are cancelled.
Task<Result<Exit>> follow_to_end(Running& running,
                                 std::optional<Capture>& output,
                                 std::optional<Capture>& error_output,
                                 Duration time_left) {
    using namespace asio::experimental::awaitable_operators;
    auto race =
        co_await (running.wait() || follow(output) || follow(error_output) || sleep_for(time_left));
    if (race.index() == 0)
        co_return std::get<0>(std::move(race));
    if (race.index() == 1)
        co_return std::get<1>(race).error();
    if (race.index() == 2)
        co_return std::get<2>(race).error();
    if (!std::get<3>(race).has_value())
        co_return std::get<3>(race).error();
    co_return Error(ErrorKind::timeout, "did not end before its deadline");
}

Result<Completed>
completed(Exit const& exit, std::optional<Capture>& output, std::optional<Capture>& error_output) {
    Completed result;
    result.exit = exit;
    if (output) {
        TRY_VOID(output->drain());
        result.output = std::move(output->bytes);
    }
    if (error_output) {
        TRY_VOID(error_output->drain());
        result.error_output = std::move(error_output->bytes);
    }
    return result;
}

} // namespace

Task<Result<Completed>> run_process(Command command, Clock const& clock, Deadline deadline) {
    auto const name = command.program.filename().native();
    if (deadline.passed(clock))
        co_return Error(ErrorKind::timeout, cat("no time left to run ", name));
    auto const executor = co_await asio::this_coro::executor;
    CO_TRY(auto launched, launch(executor, command));
    Running running(std::move(launched.process));
    std::optional<Capture> output;
    std::optional<Capture> error_output;
    if (!command.log_file) {
        output.emplace(executor, std::move(launched.output), command.output_bytes_max);
        error_output.emplace(executor, std::move(launched.error_output), command.output_bytes_max);
    }
    std::optional<Result<Exit>> exit;
    try {
        auto const time_left = deadline.remaining(clock);
        exit.emplace(co_await follow_to_end(running, output, error_output, time_left));
    } catch (...) {
        exit.emplace(error_from(std::current_exception()));
    }
    if (exit->has_value())
        co_return completed(**exit, output, error_output).with_context(name);
    co_await asio::this_coro::reset_cancellation_state(); // so that the end can be awaited
    static_cast<void>(co_await running.stop(SIGTERM, Whom::group, grace_of_tools));
    co_return std::move(*exit).error().with_context(name);
}

std::optional<fs::path> find_program(std::string const& name, std::vector<fs::path> const& search) {
    if (name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos ||
        name.find('\0') != std::string::npos)
        return std::nullopt;
    for (auto const& folder : search) {
        auto const path = folder / name;
        struct stat status{};
        if (folder.is_absolute() && ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
            ::access(path.c_str(), X_OK) == 0)
            return path;
    }
    return std::nullopt;
}

std::vector<fs::path> path_folders(std::optional<std::string> const& path_variable) {
    std::vector<fs::path> folders;
    if (path_variable) {
        for (auto const piece : split(*path_variable, ':'))
            folders.emplace_back(piece);
    }
    return folders;
}

} // namespace clairgate::io
