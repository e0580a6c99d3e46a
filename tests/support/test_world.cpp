#include <support/test_world.hpp>

namespace clairgate::test {

Clock machine_clock() {
    return {
        [] { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); },
        [] { return std::chrono::steady_clock::now(); }};
}

TestWorld::TestWorld()
    : TestWorld(std::map<std::string, std::string, std::less<>>(), io::HttpOptions()) {}

TestWorld::TestWorld(std::map<std::string, std::string, std::less<>> environment_variables,
                     io::HttpOptions options)
    : clock(machine_clock()),
      log(LogLevel::debug, [this](LogEvent const& event) { events.push_back(event); }),
      environment(std::move(environment_variables)),
      http(std::make_unique<io::Http>(context.get_executor(), clock, log, std::move(options))),
      world{context.get_executor(),
            clock,
            log,
            environment,
            *http,
            [this] { return std::uniform_real_distribution<double>(0, 1)(random_); },
            [this](std::size_t count) {
                std::string bytes(count, '\0');
                for (auto& byte : bytes)
                    byte = static_cast<char>(random_() & 0xFF);
                return bytes;
            }} {}

TestWorld::~TestWorld() = default;

bool TestWorld::is_idle_after_polling() {
    context.restart();
    while (context.poll() != 0) {
    }
    return context.stopped();
}

} // namespace clairgate::test
