// The engine's supervisor is another process of the same executable: of this one, in its tests.
#include <clairgate/gate/runtime.hpp>
#include <clairgate/local/engine.hpp>

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>

#include <unistd.h>

namespace {

using namespace clairgate;

io::Task<gate::Outcome> supervised(io::World& world, local::Options options) {
    auto const ended = co_await local::supervise(world, std::move(options));
    co_return ended.has_value() ? gate::Outcome::done() : gate::Outcome::failed(ended.error());
}

int supervise(int argc, char** argv) {
    local::Options options;
    for (int i = 2; i + 1 < argc; i += 2) {
        std::string_view const flag = argv[i];
        if (flag == "--state-dir")
            options.state_folder = argv[i + 1];
        if (flag == "--clair-bin")
            options.clair_folders.emplace_back(argv[i + 1]);
    }
    gate::Streams streams;
    streams.out = [](std::string_view) {};
    streams.error = [](std::string_view text) {
        [[maybe_unused]] auto const wrote = ::write(STDERR_FILENO, text.data(), text.size());
    };
    std::map<std::string, std::string, std::less<>> const variables{{"PATH", "/usr/bin:/bin"}};
    io::Environment const environment(variables);
    gate::Runtime runtime(streams, environment, {}, {});
    return static_cast<int>(runtime.run(supervised(runtime.world(), options)).status(false));
}

} // namespace

int main(int argc, char** argv) {
    if (argc > 1 && std::string_view(argv[1]) == "engine-supervisor")
        return supervise(argc, argv);
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
