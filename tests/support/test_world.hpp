#pragma once

#include <clairgate/io/http.hpp>
#include <clairgate/io/race.hpp>
#include <clairgate/io/world.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace clairgate::test {

/// A World of one test: its own event loop, the real clock, a log that is kept, an environment that
/// is given, and a real HTTP client.
class TestWorld {
  public:
    TestWorld();
    explicit TestWorld(std::map<std::string, std::string, std::less<>> environment_variables,
                       io::HttpOptions options = {});
    ~TestWorld();
    TestWorld(TestWorld const&) = delete;
    TestWorld& operator=(TestWorld const&) = delete;

    /// Runs the task to its end. An exception that escapes it becomes an error.
    template <class T>
    Result<T> run(io::Task<Result<T>> task) {
        std::optional<Result<T>> result;
        bool ended = false;
        auto finished = [&ended](std::exception_ptr thrown) {
            CLAIRGATE_ASSERT(!thrown);
            ended = true;
        };
        boost::asio::co_spawn(context, store(std::move(task), result), finished);
        context.restart();
        while (!ended && context.run_one() != 0) {
        }
        CLAIRGATE_ASSERT(ended); // else the task waits for something that never comes
        return std::move(*result);
    }

    /// Runs what is left over; true when nothing stays pending, so no operation leaked.
    bool is_idle_after_polling();

    boost::asio::io_context context{1};
    Clock clock;
    std::vector<LogEvent> events;
    Log log;
    io::Environment environment;
    std::unique_ptr<io::Http> http;

  private:
    std::mt19937_64 random_{20261124};

    template <class T>
    static io::Task<void> store(io::Task<Result<T>> task, std::optional<Result<T>>& result) {
        auto outcome = co_await io::without_exceptions(std::move(task));
        result.emplace(std::move(outcome));
    }

  public:
    io::World world;
};

/// The clocks of the machine.
Clock machine_clock();

} // namespace clairgate::test
