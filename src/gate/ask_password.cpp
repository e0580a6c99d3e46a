#include <clairgate/gate/notary.hpp>

#include <array>

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace clairgate::gate {

namespace {

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
    QuietTerminal const terminal;
    if (!terminal.is_usable() || !terminal.say(prompt))
        return std::nullopt;
    std::string line;
    std::array<char, 1> one{};
    bool has_ended = false;
    while (!has_ended && line.size() < password_bytes_max &&
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
