#include <clairgate/io/process.hpp>

#include <gtest/gtest.h>

#include <csignal>
#include <support/test_world.hpp>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace clairgate::io {
namespace {

using test::TestWorld;

Result<Completed> run(TestWorld& world, Command command) {
    auto const deadline = Deadline::after(world.clock, std::chrono::seconds(20));
    return world.run(run_process(std::move(command), world.clock, deadline));
}

// A daemon may have closed its own standard streams: the numbers 0 to 2 are then handed out again.
TEST(Launch, WorksWhenOurStandardInputIsClosed) {
    TestWorld world;
    int const kept = ::fcntl(0, F_DUPFD_CLOEXEC, 10);
    ::close(0);
    Command command;
    command.program = "/bin/cat";
    command.input = "through";
    auto const completed = run(world, command);
    if (kept >= 0) {
        ::dup2(kept, 0);
        ::close(kept);
    }
    EXPECT_EQ(completed.value().output, "through");
}

TEST(Launch, GivesTheChildAnEmptySignalMaskAndADefaultSigpipe) {
    TestWorld world;
    sigset_t blocked;
    sigset_t before;
    ::sigemptyset(&blocked);
    ::sigaddset(&blocked, SIGTERM);
    ::sigprocmask(SIG_BLOCK, &blocked, &before);
    auto* const handler = ::signal(SIGPIPE, SIG_IGN);
    Command command;
    command.program = "/bin/grep";
    command.arguments = {"-E", "^Sig(Blk|Ign)", "/proc/self/status"};
    auto const completed = run(world, command);
    ::signal(SIGPIPE, handler);
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
    EXPECT_EQ(completed.value().output, "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

TEST(Launch, FailsCleanlyWithoutDescriptors) {
    TestWorld world;
    Command command;
    command.program = "/bin/true";
    ASSERT_TRUE(run(world, command).has_value()); // all that is made lazily is there
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
    int failures = 0;
    for (rlim_t spare = 0; spare < 12; ++spare) {
        int const lowest = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
        ::close(lowest);
        rlimit const tight{static_cast<rlim_t>(lowest) + spare, before.rlim_max};
        ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &tight), 0);
        auto const completed = run(world, command);
        ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
        if (!completed.has_value()) {
            ++failures;
            EXPECT_EQ(completed.error().kind(), ErrorKind::tool) << completed.error().text();
        }
        EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a child is left, spare " << spare;
    }
    EXPECT_GT(failures, 5);
    EXPECT_TRUE(run(world, command).value().exit.ok());
}

} // namespace
} // namespace clairgate::io
