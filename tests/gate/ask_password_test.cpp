#include <clairgate/base/text.hpp>
#include <clairgate/gate/notary.hpp>

#include <gtest/gtest.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

namespace clairgate::gate {
namespace {

std::string read_until(int fd, std::string_view end) {
    std::string all;
    std::array<char, 1> one{};
    while (!all.ends_with(end) && ::read(fd, one.data(), 1) == 1)
        all += one[0];
    return all;
}

std::string read_all(int fd) {
    std::string all;
    std::array<char, 256> some{};
    for (ssize_t got = 0; (got = ::read(fd, some.data(), some.size())) > 0;)
        all.append(some.data(), static_cast<std::size_t>(got));
    return all;
}

// A person at a terminal of their own, and a child there who is asked for a password.
class Terminal {
  public:
    /// before: what the child does first.
    explicit Terminal(void (*before)() = [] {})
        : master_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
        if (master_ < 0 || ::grantpt(master_) != 0 || ::unlockpt(master_) != 0 ||
            ::pipe2(answer_.data(), O_CLOEXEC) != 0)
            throw std::runtime_error("no terminal");
        std::array<char, 64> name{};
        if (::ptsname_r(master_, name.data(), name.size()) != 0)
            throw std::runtime_error("no terminal");
        auto const slave = ::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC);
        had_echo = has_echo();
        child_ = ::fork();
        if (child_ == 0)
            be_asked(slave, before);
        ::close(slave); // what the child holds alone ends with it
        ::close(answer_[1]);
    }
    ~Terminal() {
        ::close(master_);
        ::close(answer_[0]);
    }
    Terminal(Terminal const&) = delete;
    Terminal& operator=(Terminal const&) = delete;

    /// Types that text once the prompt is there. What was answered, or nothing.
    std::optional<std::string> type(std::string_view text) {
        press(text);
        auto const answer = end();
        EXPECT_TRUE(WIFEXITED(status));
        if (WEXITSTATUS(status) != 0)
            return std::nullopt;
        return answer;
    }
    void await_prompt() { prompt = read_until(master_, "? "); }
    void press(std::string_view text) {
        if (prompt.empty())
            await_prompt();
        if (::write(master_, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
            throw std::runtime_error("cannot type");
    }
    void send(int signal) const { ::kill(child_, signal); }
    /// What the child has answered by its end.
    std::string end() {
        auto answer = read_all(answer_[0]);
        ::waitpid(child_, &status, 0);
        return answer;
    }
    bool was_ended_by(int signal) const {
        return WIFSIGNALED(status) && WTERMSIG(status) == signal;
    }
    /// What has come on the screen since the prompt.
    std::string screen() const { return read_all(master_); }
    bool has_echo() const {
        termios now{};
        return ::tcgetattr(master_, &now) == 0 && (now.c_lflag & ECHO) != 0;
    }
    bool had_echo = false; ///< before anything was asked
    std::string prompt;
    int status = 0; ///< of the child that has ended

  private:
    [[noreturn]] void be_asked(int slave, void (*before)()) {
        ::setsid();
        for (int const signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT})
            std::signal(signal, SIG_DFL); // whatever the tests were started with
        before();
        ::ioctl(slave, TIOCSCTTY, 0);
        auto const secret = ask_password("Which? ");
        auto const text = secret ? std::string(secret->reveal()) : std::string();
        bool const is_told =
            ::write(answer_[1], text.data(), text.size()) == static_cast<ssize_t>(text.size());
        ::_exit(secret && is_told ? 0 : 1);
    }

    int master_;
    pid_t child_ = -1;
    std::array<int, 2> answer_{};
};

TEST(AskPassword, TakesALineAndShowsNothingOfIt) {
    Terminal terminal;
    EXPECT_TRUE(terminal.had_echo);
    EXPECT_EQ(terminal.type("correct horse\n"), "correct horse");
    EXPECT_EQ(terminal.prompt, "Which? ");
    EXPECT_EQ(terminal.screen().find("horse"), std::string::npos);
    EXPECT_TRUE(terminal.has_echo()); // as it was before
}

TEST(AskPassword, TakesAnEmptyLine) {
    EXPECT_EQ(Terminal().type("\n"), "");
}

TEST(AskPassword, TakesNoLineThatDidNotEnd) {
    EXPECT_EQ(Terminal().type("\x04"), std::nullopt);         // the end of the input
    EXPECT_EQ(Terminal().type("half\x04\x04"), std::nullopt); // in the middle of a line
    EXPECT_EQ(Terminal().type(std::string(2000, 'a') + "\n"), std::nullopt); // not cut short
    EXPECT_EQ(Terminal().type(std::string(1023, 'a') + "\n"), std::string(1023, 'a'));
}

TEST(AskPassword, LeavesTheTerminalAsItWasWhenASignalEndsIt) {
    for (auto const& [key, signal] :
         {std::pair("half\x03", SIGINT), {"half\x1c", SIGQUIT}, {"", SIGTERM}, {"", SIGHUP}}) {
        Terminal terminal;
        terminal.press(key);
        if (key[0] == '\0')
            terminal.send(signal);
        EXPECT_EQ(terminal.end(), "");
        EXPECT_TRUE(terminal.was_ended_by(signal)) << signal;
        EXPECT_TRUE(terminal.has_echo()) << signal;
    }
}

TEST(AskPassword, AnswersNothingWhenAHandlerTakesTheSignal) {
    Terminal terminal([] { // as the event loop does it
        struct sigaction action{};
        action.sa_handler = [](int) {};
        action.sa_flags = SA_RESTART;
        ::sigaction(SIGINT, &action, nullptr);
    });
    EXPECT_EQ(terminal.type("\x03x\n"), std::nullopt);
    EXPECT_TRUE(terminal.has_echo());
}

TEST(AskPassword, DoesNotMindASignalThatIsIgnored) {
    Terminal terminal([] { std::signal(SIGTERM, SIG_IGN); });
    terminal.await_prompt();
    terminal.send(SIGTERM);
    EXPECT_EQ(terminal.type("correct horse\n"), "correct horse");
}

TEST(AskPassword, AsksNobodyWhereThereIsNoTerminal) {
    auto const child = ::fork();
    if (child == 0) {
        ::setsid(); // a session without a terminal
        ::_exit(ask_password("Which? ").has_value() ? 1 : 0);
    }
    int status = -1;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
}

} // namespace
} // namespace clairgate::gate
