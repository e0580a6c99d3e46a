#include <clairgate/base/text.hpp>
#include <clairgate/io/files.hpp>
#include <clairgate/io/process.hpp>
#include <clairgate/io/race.hpp>

#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <support/temp_dir.hpp>
#include <support/test_world.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace clairgate::io {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::TempDir;
using test::TestWorld;

Command shell(std::string script) {
    Command command;
    command.program = "/bin/sh";
    command.arguments = {"-c", std::move(script)};
    return command;
}

Result<Completed> run(TestWorld& world, Command command, Duration time = seconds(20)) {
    return world.run(
        run_process(std::move(command), world.clock, Deadline::after(world.clock, time)));
}

bool has_children() {
    return ::waitpid(-1, nullptr, WNOHANG) == 0;
}

bool is_alive(int pid) {
    auto const status = read_file(cat("/proc/", pid, "/stat"), 4096);
    return status.has_value() && status->find(") Z ") == std::string::npos;
}

TEST(RunProcess, ReturnsBothOutputsAndTheStatus) {
    TestWorld world;
    auto const completed = run(world, shell("echo out; echo err >&2; exit 3")).value();
    EXPECT_EQ(completed.output, "out\n");
    EXPECT_EQ(completed.error_output, "err\n");
    EXPECT_EQ(completed.exit.status, 3);
    EXPECT_FALSE(completed.exit.ok());
    EXPECT_EQ(completed.exit.text(), "exit status 3");
    EXPECT_TRUE(run(world, shell("true")).value().exit.ok());
    EXPECT_TRUE(world.is_idle_after_polling());
}

TEST(RunProcess, TellsASignalFromAStatus) {
    TestWorld world;
    auto const killed = run(world, shell("kill -9 $$")).value().exit;
    EXPECT_EQ(killed.signal, 9);
    EXPECT_EQ(killed.status, std::nullopt);
    EXPECT_EQ(killed.text(), "killed by signal 9");
    EXPECT_EQ(run(world, shell("exit 9")).value().exit.status, 9);
}

TEST(RunProcess, GivesTheArgumentsUnchanged) {
    TestWorld world;
    Command command;
    command.program = "/usr/bin/printf";
    command.arguments = {"[%s]", "$(id)", "a b", "\"", "-x", "\n", ""};
    EXPECT_EQ(run(world, command).value().output, "[$(id)][a b][\"][-x][\n][]");
}

TEST(RunProcess, GivesExactlyTheEnvironment) {
    TestWorld world;
    Command command;
    command.program = "/usr/bin/env";
    command.environment = {{"A", "1"}, {"B", "x y"}};
    EXPECT_EQ(run(world, command).value().output, "A=1\nB=x y\n");
    command.environment.clear();
    EXPECT_EQ(run(world, command).value().output, "");
}

TEST(RunProcess, LeavesNoDescriptorOfOursToTheChild) {
    TestWorld world;
    int const leak = ::open("/dev/null", O_RDONLY); // not close-on-exec
    ASSERT_GE(leak, 3);
    Command command;
    command.program = "/bin/ls";
    command.arguments = {"/proc/self/fd"};
    EXPECT_EQ(run(world, command).value().output, "0\n1\n2\n3\n"); // 3 is the folder it lists
    ::close(leak);
}

TEST(RunProcess, FeedsTheInputWithoutDeadlock) {
    TestWorld world;
    auto command = shell("cat");
    command.input = std::string(900'000, 'x');
    EXPECT_EQ(run(world, command).value().output, *command.input);
    auto ignoring = shell("exit 0"); // never reads: no SIGPIPE for us
    ignoring.input = std::string(5'000'000, 'x');
    EXPECT_TRUE(run(world, ignoring).value().exit.ok());
    EXPECT_EQ(run(world, shell("cat")).value().output, ""); // /dev/null
}

TEST(RunProcess, CapsEachOutput) {
    TestWorld world;
    auto command = shell("head -c 100 /dev/zero");
    command.output_bytes_max = 100;
    EXPECT_EQ(run(world, command).value().output.size(), 100U);
    command.output_bytes_max = 99;
    EXPECT_EQ(run(world, command).error().kind(), ErrorKind::limit);
    auto endless = shell("while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxx >&2; done");
    auto const error = run(world, endless).error();
    EXPECT_EQ(error.kind(), ErrorKind::limit);
    EXPECT_EQ(error.text(), "sh: more than 1048576 bytes of output");
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1); // reaped
}

TEST(RunProcess, NamesAProgramThatCannotRun) {
    TestWorld world;
    TempDir const dir;
    Command command;
    command.program = dir.path() / "none";
    auto const missing = run(world, command).error();
    EXPECT_EQ(missing.kind(), ErrorKind::tool);
    EXPECT_EQ(missing.text(),
              cat("cannot run ", command.program.native(), ": No such file or directory"));
    command.program = dir.path();
    EXPECT_EQ(run(world, command).error().kind(), ErrorKind::tool);
    std::ofstream(dir.path() / "bad") << "\x7F"
                                         "ELF nonsense";
    ::chmod((dir.path() / "bad").c_str(), 0755);
    command.program = dir.path() / "bad";
    EXPECT_EQ(run(world, command).error().text(),
              cat("cannot run ", command.program.native(), ": Exec format error"));
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1); // no zombie
    command.program = "sh";
    EXPECT_EQ(run(world, command).error().kind(), ErrorKind::usage);
    command = shell(std::string("echo\0x", 6));
    EXPECT_EQ(run(world, command).error().kind(), ErrorKind::usage);
}

TEST(RunProcess, DoesNotFlushOurBuffersInAFailedChild) {
    testing::internal::CaptureStdout();
    std::fputs("once ", stdout); // still in the buffer when the child fails to exec
    TestWorld world;
    Command command;
    command.program = "/none";
    EXPECT_FALSE(run(world, command).has_value());
    EXPECT_EQ(testing::internal::GetCapturedStdout(), "once ");
}

TEST(RunProcess, EndsAToolThatIsLate) {
    TestWorld world;
    auto const start = world.clock.steady();
    auto const error = run(world, shell("echo $$; exec sleep 100"), milliseconds(100)).error();
    EXPECT_EQ(error.kind(), ErrorKind::timeout);
    EXPECT_EQ(error.text(), "sh: did not end before its deadline");
    EXPECT_LT(world.clock.steady() - start, seconds(1)); // SIGTERM was enough
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
    EXPECT_EQ(run(world, shell("true"), milliseconds(0)).error().kind(), ErrorKind::timeout);
}

TEST(RunProcess, KillsAToolThatIgnoresTheRequest) {
    TestWorld world;
    TempDir const dir;
    auto const file = dir.path() / "pid";
    auto const start = world.clock.steady();
    auto command =
        shell(cat("trap '' TERM; echo $$ > ", file.native(), "; while :; do sleep 0.05; done"));
    command.environment = {{"PATH", "/usr/bin:/bin"}};
    EXPECT_EQ(run(world, command, milliseconds(200)).error().kind(), ErrorKind::timeout);
    EXPECT_GE(world.clock.steady() - start, milliseconds(1100));
    auto const pid = parse_unsigned(trim(read_file(file, 99).value()));
    ASSERT_TRUE(pid.has_value());
    EXPECT_FALSE(is_alive(static_cast<int>(*pid)));
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
}

TEST(RunProcess, EndsTheToolWhenCancelled) {
    TestWorld world;
    auto const start = world.clock.steady();
    auto const outer = Deadline::after(world.clock, milliseconds(100));
    auto const inner = Deadline::after(world.clock, seconds(60));
    auto const error = world
                           .run(before(world.clock,
                                       outer,
                                       "the tool",
                                       run_process(shell("exec sleep 100"), world.clock, inner)))
                           .error();
    EXPECT_EQ(error.kind(), ErrorKind::timeout);
    EXPECT_LT(world.clock.steady() - start, seconds(1));
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
    EXPECT_TRUE(world.is_idle_after_polling());
}

TEST(RunProcess, IsNotHeldByAGrandchildThatKeepsThePipe) {
    TestWorld world;
    auto const start = world.clock.steady();
    auto const completed = run(world, shell("sleep 5 & echo done")).value();
    EXPECT_EQ(completed.output, "done\n");
    EXPECT_LT(world.clock.steady() - start, seconds(3));
}

TEST(RunProcess, AppendsToALogFileOfItsOwner) {
    TestWorld world;
    TempDir const dir;
    auto command = shell("echo out; echo err >&2");
    command.log_file = dir.path() / "log";
    EXPECT_EQ(run(world, command).value().output, "");
    EXPECT_TRUE(run(world, command).has_value());
    EXPECT_EQ(read_file(*command.log_file, 999).value(), "out\nerr\nout\nerr\n");
    struct stat status{};
    ASSERT_EQ(::stat(command.log_file->c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U);
    std::filesystem::create_symlink("log", dir.path() / "link");
    command.log_file = dir.path() / "link";
    EXPECT_EQ(run(world, command).error().kind(), ErrorKind::file);
}

TEST(RunProcess, StartsInTheFolderAndInAGroupOfItsOwn) {
    TestWorld world;
    TempDir const dir;
    auto command = shell("pwd; cut -d' ' -f1,5 /proc/self/stat; echo $$");
    command.environment = {{"PATH", "/usr/bin:/bin"}};
    command.folder = dir.path();
    auto const output = run(world, command).value().output;
    auto const lines = split(output, '\n');
    ASSERT_GE(lines.size(), 3U);
    EXPECT_EQ(lines[0], dir.path().native());
    EXPECT_TRUE(lines[1].ends_with(cat(" ", lines[2]))) << output; // the group is the shell's
    command.folder = dir.path() / "none";
    EXPECT_EQ(
        run(world, command).error().text(),
        cat("cannot run /bin/sh in ", command.folder->native(), ": No such file or directory"));
}

// Root becomes nobody and loses root's groups; anybody else is told that it may not.
TEST(RunProcess, BecomesTheUserOrFails) {
    TestWorld world;
    auto command = shell("id -u; id -g; id -G; grep -E '^(CapEff|NoNewPrivs)' /proc/self/status");
    command.environment = {{"PATH", "/usr/bin:/bin"}};
    command.run_as = RunAs{65534, 65534};
    auto const completed = run(world, command);
    if (::geteuid() == 0)
        EXPECT_TRUE(
            completed.value().output.starts_with("65534\n65534\n65534\nCapEff:\t0000000000000000"))
            << completed.value().output;
    else
        EXPECT_EQ(completed.error().text(),
                  "cannot run /bin/sh as uid 65534: Operation not permitted");
}

Command server(TempDir const& dir, std::string script) {
    auto command = shell(std::move(script));
    command.environment = {{"PATH", "/usr/bin:/bin"}};
    command.log_file = dir.path() / "log";
    return command;
}

TEST(Child, IsStoppedPolitelyFirst) {
    TestWorld world;
    TempDir const dir;
    auto child =
        Child::start(world.world.executor,
                     server(dir, "trap 'exit 7' TERM; echo up; while :; do sleep 0.02; done"))
            .value();
    auto is_up = [&]() -> Task<Result<void>> {
        while (read_file(dir.path() / "log", 99).value() != "up\n")
            CO_TRY_VOID(co_await sleep_for(milliseconds(5)));
        co_return ok();
    };
    ASSERT_TRUE(world.run(is_up()).has_value());
    EXPECT_FALSE(child.has_ended());
    EXPECT_EQ(world.run(child.stop(SIGTERM, seconds(10))).value().status, 7);
    EXPECT_TRUE(child.has_ended());
    EXPECT_EQ(world.run(child.stop(SIGTERM, seconds(10))).value().status, 7); // again: no effect
    EXPECT_EQ(world.run(child.wait()).value().status, 7);
    EXPECT_TRUE(world.is_idle_after_polling());
}

TEST(Child, IsKilledAfterTheGrace) {
    TestWorld world;
    TempDir const dir;
    auto child = Child::start(world.world.executor,
                              server(dir, "trap '' INT; echo up; while :; do sleep 0.02; done"))
                     .value();
    auto const outcome = [&]() -> Task<Result<Exit>> {
        while (read_file(dir.path() / "log", 99).value() != "up\n")
            CO_TRY_VOID(co_await sleep_for(milliseconds(5)));
        co_return co_await child.stop(SIGINT, milliseconds(50));
    };
    EXPECT_EQ(world.run(outcome()).value().signal, SIGKILL);
}

TEST(Child, ReportsItsOwnEnd) {
    TestWorld world;
    TempDir const dir;
    auto child = Child::start(world.world.executor, server(dir, "exit 4")).value();
    EXPECT_EQ(world.run(child.wait()).value().status, 4);
    EXPECT_TRUE(child.has_ended());
}

TEST(Child, HasEndedDoesNotTakeTheStatusAway) {
    TestWorld world;
    TempDir const dir;
    auto child = Child::start(world.world.executor, server(dir, "exit 4")).value();
    auto outcome = [&]() -> Task<Result<Exit>> {
        while (!child.has_ended())
            CO_TRY_VOID(co_await sleep_for(milliseconds(5)));
        co_return co_await child.wait();
    };
    EXPECT_EQ(world.run(outcome()).value().status, 4);
}

TEST(Child, AWaitThatIsCancelledLeavesItRunning) {
    TestWorld world;
    TempDir const dir;
    auto child = Child::start(world.world.executor, server(dir, "exec sleep 100")).value();
    auto const soon = Deadline::after(world.clock, milliseconds(20));
    EXPECT_EQ(world.run(before(world.clock, soon, "it", child.wait())).error().kind(),
              ErrorKind::timeout);
    EXPECT_FALSE(child.has_ended());
    EXPECT_EQ(world.run(child.stop(SIGTERM, seconds(5))).value().signal, SIGTERM);
}

TEST(Child, IsKilledAndReapedByItsDestructor) {
    TestWorld world;
    TempDir const dir;
    int pid = 0;
    {
        auto const child =
            Child::start(world.world.executor, server(dir, "exec sleep 100")).value();
        pid = child.pid();
        EXPECT_TRUE(is_alive(pid));
        EXPECT_TRUE(has_children());
    }
    EXPECT_FALSE(is_alive(pid));
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
}

TEST(Child, NeedsALogFile) {
    TestWorld world;
    EXPECT_EQ(Child::start(world.world.executor, shell("true")).error().kind(), ErrorKind::usage);
}

// A process between us and the child dies without a word; the child must not survive it.
TEST(Child, DiesWithItsParent) {
    TempDir const dir;
    auto const file = dir.path() / "pid";
    int const parent = ::fork();
    ASSERT_GE(parent, 0);
    if (parent == 0) {
        TestWorld world;
        auto child = Child::start(world.world.executor, server(dir, "exec sleep 100"));
        if (child.has_value())
            static_cast<void>(write_atomically(file, cat(child->pid())));
        ::kill(::getpid(), SIGKILL);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(parent, &status, 0), parent);
    ASSERT_TRUE(WIFSIGNALED(status));
    auto const pid = parse_unsigned(read_file(file, 99).value());
    ASSERT_TRUE(pid.has_value());
    TestWorld world;
    auto gone = [&]() -> Task<Result<bool>> {
        for (int i = 0; i < 200 && is_alive(static_cast<int>(*pid)); ++i)
            CO_TRY_VOID(co_await sleep_for(milliseconds(10)));
        co_return !is_alive(static_cast<int>(*pid));
    };
    EXPECT_TRUE(world.run(gone()).value());
}

TEST(FindProgram, TakesTheFirstInAnAbsoluteFolder) {
    TempDir const dir;
    for (auto const* folder : {"a", "b", "c"})
        std::filesystem::create_directory(dir.path() / folder);
    for (auto const* name : {"b/tool", "c/tool", "a/tool"})
        std::ofstream(dir.path() / name) << "#!/bin/sh\n";
    std::filesystem::permissions(dir.path() / "b/tool", std::filesystem::perms(0755));
    std::filesystem::permissions(dir.path() / "c/tool", std::filesystem::perms(0755));
    auto const folders = path_folders(cat("relative::.:",
                                          (dir.path() / "a").native(),
                                          ":", // not executable
                                          (dir.path() / "b").native(),
                                          ":",
                                          (dir.path() / "c").native()));
    EXPECT_EQ(folders.size(), 6U);
    EXPECT_EQ(find_program("tool", folders), dir.path() / "b/tool");
    for (auto const* name : {"", ".", "..", "b/tool", "../b/tool", "/bin/sh", "none"})
        EXPECT_EQ(find_program(name, folders), std::nullopt) << name;
    EXPECT_TRUE(path_folders(std::nullopt).empty());
}

} // namespace
} // namespace clairgate::io
