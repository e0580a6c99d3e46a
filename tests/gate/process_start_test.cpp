#include <clairgate/gate/process_start.hpp>
#include <clairgate/gate/runtime.hpp>

#include <gtest/gtest.h>

#include <array>
#include <csignal>

#include <sys/resource.h>

namespace clairgate::gate {
namespace {

TEST(ProcessStart, ReadsArgumentsEnvironmentAndItself) {
    std::array<char, 10> name{"clairgate"};
    std::array<char, 8> word{"version"};
    std::array<char*, 3> argv{name.data(), word.data(), nullptr};
    ProcessStart const process(2, argv.data());
    EXPECT_EQ(process.arguments(), std::vector<std::string>{"version"});
    EXPECT_TRUE(process.environment().value("PATH").has_value());
    EXPECT_EQ(process.self().filename(), "gate_test");
}

TEST(ProcessStart, KnowsWhenTheKernelMadeTheProcess) {
    std::array<char*, 1> argv{nullptr};
    ProcessStart const process(0, argv.data());
    auto const now = real_clock().now();
    EXPECT_LE(process.started(), now);
    EXPECT_GT(process.started(), now - std::chrono::minutes(10)); // this test's own process
}

TEST(ProcessStart, LeavesNoCoreAndNoSigpipe) {
    std::array<char*, 1> argv{nullptr};
    ProcessStart const process(0, argv.data());
    rlimit limit{};
    ASSERT_EQ(::getrlimit(RLIMIT_CORE, &limit), 0);
    EXPECT_EQ(limit.rlim_cur, 0U);
    struct sigaction action{};
    ASSERT_EQ(::sigaction(SIGPIPE, nullptr, &action), 0);
    EXPECT_EQ(action.sa_handler, SIG_IGN);
}

} // namespace
} // namespace clairgate::gate
