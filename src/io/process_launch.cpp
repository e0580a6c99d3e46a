#include "process_launch.hpp"

#include <clairgate/base/text.hpp>

#include <boost/process/v2/default_launcher.hpp>

#include <csignal>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace clairgate::io {

namespace {

// What the child does between fork and exec: system calls only. Each failure leaves errno for the
// launcher, which carries it to the parent.
struct Preparation {
    int input;
    int output;
    int error_output;
    char const* folder; // or null
    std::optional<RunAs> run_as;
    int parent;
    int death_signal;

    // The names and the variadic form are Boost.Process's (1.81 never calls on_exec_error with the
    // documented arguments: its detection counts one too many).
    template <class Launcher, class Path>
    boost::system::error_code
    on_exec_setup(Launcher&, Path const&, char const* const*& /*argv*/) const {
        bool const is_ready = take_outputs() && become_user() && enter_folder() && forget_parent();
        return is_ready ? boost::system::error_code()
                        : boost::system::error_code(errno, boost::system::system_category());
    }
    template <class... Arguments>
    void on_exec_error(Arguments&&...) const {
        ::_exit(127); // the launcher's exit() would flush our buffers a second time
    }

  private:
    bool take_outputs() const {
        return ::setpgid(0, 0) == 0 && ::dup2(input, 0) == 0 && ::dup2(output, 1) == 1 &&
               ::dup2(error_output, 2) == 2;
    }
    bool become_user() const {
        if (!run_as)
            return true;
        return ::setgroups(0, nullptr) == 0 &&
               ::setresgid(run_as->gid, run_as->gid, run_as->gid) == 0 &&
               ::setresuid(run_as->uid, run_as->uid, run_as->uid) == 0;
    }
    bool enter_folder() const { return folder == nullptr || ::chdir(folder) == 0; }
    bool forget_parent() const {
        sigset_t none;
        ::sigemptyset(&none);
        ::sigprocmask(SIG_SETMASK, &none, nullptr);
        ::signal(SIGPIPE, SIG_DFL);
        // The launcher of Boost 1.81 leaves all descriptors open (its loop compares an index with
        // itself; mended in 1.85).
        if (::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) != 0)
            return false;
        // After the change of credentials, which clears it.
        if (::prctl(PR_SET_PDEATHSIG, death_signal) != 0)
            return false;
        if (::getppid() == parent)
            return true;
        errno = ESRCH; // we died before the child asked to be told
        return false;
    }
};

Error cannot_run(Command const& command, int number) {
    auto what = cat("cannot run ", command.program.native());
    if (command.run_as)
        what += cat(" as uid ", command.run_as->uid);
    if (command.folder)
        what += cat(" in ", command.folder->native());
    return {ErrorKind::tool,
            cat(what, ": ", std::error_code(number, std::generic_category()).message())};
}

// Standard input, output and error of ours may be closed: then the kernel hands out their numbers,
// and the child's dup2 calls would overwrite one another.
OwnedDescriptor above_standard(int number) {
    if (number < 0 || number > 2)
        return OwnedDescriptor(number);
    OwnedDescriptor const low(number);
    return OwnedDescriptor(::fcntl(number, F_DUPFD_CLOEXEC, 3));
}

struct Pipe {
    OwnedDescriptor reading;
    OwnedDescriptor writing;
    static Pipe make() {
        int ends[2] = {-1, -1};
        if (::pipe2(ends, O_CLOEXEC) != 0)
            return Pipe();
        return Pipe{above_standard(ends[0]), above_standard(ends[1])};
    }
};

// The whole input as a file in memory: no pipe to feed, so neither SIGPIPE nor a deadlock when the
// child writes before it reads.
OwnedDescriptor open_input(Command const& command) {
    if (!command.input)
        return above_standard(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    auto file = above_standard(::memfd_create("input", MFD_CLOEXEC));
    std::string_view rest(*command.input);
    while (file.number() >= 0 && !rest.empty()) {
        auto const written = ::write(file.number(), rest.data(), rest.size());
        if (written < 0)
            return OwnedDescriptor();
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
    if (file.number() >= 0 && ::lseek(file.number(), 0, SEEK_SET) != 0)
        return OwnedDescriptor();
    return file;
}

std::vector<std::string> environment_lines(Command const& command) {
    std::vector<std::string> lines;
    for (auto const& [name, value] : command.environment)
        lines.push_back(cat(name, "=", value));
    return lines;
}

bool holds_nul(Command const& command) {
    auto const holds = [](std::string const& text) { return text.find('\0') != std::string::npos; };
    bool found = holds(command.program.native());
    for (auto const& argument : command.arguments)
        found |= holds(argument);
    for (auto const& [name, value] : command.environment)
        found |= holds(name) || holds(value) || name.empty() || name.find('=') != std::string::npos;
    return found;
}

} // namespace

OwnedDescriptor& OwnedDescriptor::operator=(OwnedDescriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
}

OwnedDescriptor::~OwnedDescriptor() {
    if (number_ >= 0)
        ::close(number_);
}

int OwnedDescriptor::release() {
    return std::exchange(number_, -1);
}

Result<Launched> launch(Executor executor, Command const& command) {
    if (!command.program.is_absolute() || holds_nul(command))
        return Error(ErrorKind::usage,
                     cat("not a command that can be run: ", command.program.native()));
    auto const input = open_input(command);
    Pipe output;
    Pipe error_output;
    if (command.log_file) {
        output.writing = above_standard(
            ::open(command.log_file->c_str(),
                   O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
                   0600));
        if (output.writing.number() < 0)
            return Error(ErrorKind::file,
                         cat("cannot write ",
                             command.log_file->native(),
                             ": ",
                             std::error_code(errno, std::generic_category()).message()));
        ::fcntl(output.writing.number(), F_SETFL, O_APPEND); // O_NONBLOCK was for a FIFO
    } else {
        output = Pipe::make();
        error_output = Pipe::make();
    }
    int const error_end =
        command.log_file ? output.writing.number() : error_output.writing.number();
    if (input.number() < 0 || output.writing.number() < 0 || error_end < 0)
        return cannot_run(command, errno);

    Preparation const preparation{input.number(),
                                  output.writing.number(),
                                  error_end,
                                  command.folder ? command.folder->c_str() : nullptr,
                                  command.run_as,
                                  ::getpid(),
                                  command.parent_death_signal};
    auto const lines = environment_lines(command);
    std::vector<char const*> environment;
    for (auto const& line : lines)
        environment.push_back(line.c_str());
    environment.push_back(nullptr);
    process_v2::default_process_launcher launcher;
    launcher.env = environment.data();
    boost::system::error_code failed;
    boost::process::v2::filesystem::path const program(command.program.native());
    try {
        auto process =
            launcher(std::move(executor), failed, program, command.arguments, preparation);
        if (!failed)
            return Launched{
                std::move(process), std::move(output.reading), std::move(error_output.reading)};
    } catch (boost::system::system_error const& e) { // no descriptor left for the pidfd
        if (::getpid() != preparation.parent)
            ::_exit(127); // it was the child that could not renew its event loop
        failed = e.code();
        if (launcher.pid > 0)
            ::kill(launcher.pid, SIGKILL);
    }
    if (launcher.pid > 0) // the launcher leaves a child that could not exec to us
        ::waitpid(launcher.pid, nullptr, 0);
    return cannot_run(command, failed.value());
}

} // namespace clairgate::io
