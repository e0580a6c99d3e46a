#include <clairgate/gate/runtime.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <stdexcept>

namespace clairgate::gate {
namespace {

struct Process {
    Streams streams;
    io::Environment environment{{}};
    Process() {
        streams.out = [](std::string_view) {};
        streams.error = [](std::string_view) {};
    }
};

io::Task<Outcome> allowed() {
    co_return Outcome::judged(policy::Effect::allow);
}

io::Task<Outcome> thrown() {
    throw std::runtime_error("a bug");
    co_return Outcome::judged(policy::Effect::allow);
}

io::Task<Outcome> stopped_by(int signal) {
    std::raise(signal);
    auto const slept = co_await io::sleep_for(std::chrono::minutes(10));
    co_return slept.has_value() ? Outcome::done() : Outcome::failed(slept.error());
}

TEST(Runtime, GivesWhatTheTaskDecided) {
    Process process;
    Runtime runtime(process.streams, process.environment, {}, {});
    EXPECT_EQ(runtime.run(allowed()).status(false), ExitStatus::allowed);
    EXPECT_EQ(runtime.run(allowed()).status(false), ExitStatus::allowed); // may run several
}

TEST(Runtime, TurnsAnEscapedExceptionIntoAFailure) {
    Process process;
    Runtime runtime(process.streams, process.environment, {}, {});
    auto const outcome = runtime.run(thrown());
    EXPECT_EQ(outcome.status(false), ExitStatus::undecided);
    EXPECT_NE(outcome.error()->text().find("a bug"), std::string::npos);
}

TEST(Runtime, EndsAtASignalAtOnce) {
    Process process;
    Runtime runtime(process.streams, process.environment, {}, {});
    EXPECT_EQ(runtime.run(stopped_by(SIGTERM)).status(false), ExitStatus::interrupted_term);
    EXPECT_EQ(runtime.run(stopped_by(SIGINT)).status(false), ExitStatus::interrupted_int);
}

// Holds the loop up until the next tick of the live line is due together with the task's own timer.
io::Task<Outcome> ended_with_a_tick() {
    auto const executor = co_await boost::asio::this_coro::executor;
    boost::asio::post(executor, [] {
        auto const until = std::chrono::steady_clock::now() + std::chrono::milliseconds(250);
        while (std::chrono::steady_clock::now() < until) {
        }
    });
    auto const slept = co_await io::sleep_for(std::chrono::milliseconds(10));
    co_return slept.has_value() ? Outcome::done() : Outcome::failed(slept.error());
}

TEST(Runtime, EndsWhenATickIsDueAtTheSameMoment) {
    Process process;
    Runtime runtime(process.streams, process.environment, {}, {});
    EXPECT_EQ(runtime.run(ended_with_a_tick()).status(false), ExitStatus::allowed);
}

TEST(Runtime, BringsRandomBytesAndNumbers) {
    Process process;
    Runtime runtime(process.streams, process.environment, {}, {});
    auto& world = runtime.world();
    EXPECT_EQ(world.random_bytes(32).size(), 32U);
    EXPECT_NE(world.random_bytes(32), world.random_bytes(32));
    for (int i = 0; i < 100; ++i) {
        auto const number = world.random();
        EXPECT_TRUE(number >= 0 && number < 1);
    }
}

} // namespace
} // namespace clairgate::gate
