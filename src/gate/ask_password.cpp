#include <clairgate/gate/notary.hpp>

#include <array>
#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

namespace clairgate::gate {

namespace {

// Signals that end the program wait for as long as this lives, so that the terminal is put right
// before they do what they would have done: kill, or call the handler of the event loop. They are
// only seen here, never taken.
class HeldSignals {
  public:
    HeldSignals() {
        sigset_t held;
        ::sigemptyset(&held);
        for (int const signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
            struct sigaction now{};
            bool const is_ignored =
                ::sigaction(signal, nullptr, &now) != 0 || now.sa_handler == SIG_IGN;
            if (!is_ignored) // one that is ignored would be seen while it is blocked
                ::sigaddset(&held, signal);
        }
        fd_ = ::signalfd(-1, &held, SFD_CLOEXEC);
        is_holding_ = fd_ >= 0 && ::pthread_sigmask(SIG_BLOCK, &held, &before_) == 0;
    }
    ~HeldSignals() {
        if (fd_ >= 0)
            ::close(fd_);
        if (is_holding_)
            ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }
    HeldSignals(HeldSignals const&) = delete;
    HeldSignals& operator=(HeldSignals const&) = delete;

    bool is_usable() const { return is_holding_; }
    /// Waits until that can be read; false when a signal came first.
    bool wait_for(int readable) const {
        std::array<pollfd, 2> waits{{{readable, POLLIN, 0}, {fd_, POLLIN, 0}}};
        int ready = 0;
        do
            ready = ::poll(waits.data(), waits.size(), -1);
        while (ready < 0 && errno == EINTR);
        return ready > 0 && waits[1].revents == 0;
    }

  private:
    int fd_ = -1;
    bool is_holding_ = false;
    sigset_t before_{};
};

// The controlling terminal with its echo off for as long as this lives.
class QuietTerminal {
  public:
    QuietTerminal() : fd_(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)) {
        if (fd_ < 0 || ::tcgetattr(fd_, &before_) != 0)
            return;
        auto quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        is_quiet_ = ::tcsetattr(fd_, TCSAFLUSH, &quiet) == 0;
    }
    ~QuietTerminal() {
        if (is_quiet_)
            ::tcsetattr(fd_, TCSAFLUSH, &before_);
        if (fd_ >= 0)
            ::close(fd_);
    }
    QuietTerminal(QuietTerminal const&) = delete;
    QuietTerminal& operator=(QuietTerminal const&) = delete;

    bool is_usable() const { return is_quiet_; }
    bool say(std::string_view text) const {
        return ::write(fd_, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    }
    int fd() const { return fd_; }

  private:
    int fd_;
    termios before_{};
    bool is_quiet_ = false;
};

constexpr std::size_t password_bytes_max = 1024;

} // namespace

std::optional<Secret> ask_password(std::string_view prompt) {
    HeldSignals const signals; // first: they go on when the terminal is as it was
    QuietTerminal const terminal;
    if (!signals.is_usable() || !terminal.is_usable() || !terminal.say(prompt))
        return std::nullopt;
    std::string line;
    std::array<char, 1> one{};
    bool has_ended = false;
    while (!has_ended && line.size() < password_bytes_max && signals.wait_for(terminal.fd()) &&
           ::read(terminal.fd(), one.data(), 1) == 1) {
        has_ended = one[0] == '\n';
        if (!has_ended)
            line += one[0];
    }
    (void)terminal.say("\n"); // the line break that was not echoed
    Secret secret(std::move(line));
    if (!has_ended)
        return std::nullopt; // a part is not the password that was meant
    return secret;
}

} // namespace clairgate::gate
