#include <clairgate/local/servers.hpp>
#include <clairgate/local/supervisor.hpp>

#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <local/real_engine.hpp>

#include <unistd.h>

namespace clairgate::local {
namespace {

// The process that was started to supervise this state folder; 0 when there is none.
int supervisor_of(std::filesystem::path const& state) {
    for (auto const& entry : std::filesystem::directory_iterator("/proc")) {
        std::ifstream in(entry.path() / "cmdline");
        std::string const line{std::istreambuf_iterator<char>(in), {}};
        if (line.find("engine-supervisor") != std::string::npos &&
            line.find(state.string() + '\0') != std::string::npos)
            return std::stoi(entry.path().filename().string());
    }
    return 0;
}

TEST(Supervise, IsOneForAStateFolder) {
    test::EngineScene scene;
    auto engine = scene.start();
    auto const second = scene.world.run(supervise(scene.world.world, scene.options));
    ASSERT_FALSE(second.has_value());
    EXPECT_NE(second.error().text().find("another supervisor"), std::string::npos);
    scene.leave(*engine);
}

TEST(Supervise, IsNotStoppedByWhatAKilledOneLeft) {
    test::EngineScene scene;
    Layout const layout(scene.options.state_folder);
    {
        auto engine = scene.start();
        scene.leave(*engine);
    }
    std::ofstream(layout.socket) << "not a socket";
    // The pid of a process that lives: after a container's restart it may well be somebody else's.
    std::ofstream(layout.database / "postmaster.pid") << ::getpid() << "\n";
    auto engine = scene.start();
    scene.leave(*engine);
}

TEST(Supervise, TellsWhenTheDatabaseIsOfAnotherPostgres) {
    test::EngineScene scene;
    Layout const layout(scene.options.state_folder);
    {
        auto engine = scene.start();
        scene.leave(*engine);
    }
    std::ofstream(layout.database / "PG_VERSION") << "9\n";
    auto const silent = [](std::string_view, std::string_view) {};
    auto& world = scene.world;
    auto const started =
        world.run(Engine::start(world.world, scene.options, silent, scene.deadline()));
    ASSERT_FALSE(started.has_value());
    EXPECT_NE(started.error().text().find("made by PostgreSQL 9"), std::string::npos)
        << started.error().text();
    EXPECT_NE(started.error().remedy().find("--postgres-bin"), std::string::npos);
}

// A killed supervisor takes its servers along; holders learn of it; the next start is not in the
// way of what was left.
TEST(Supervise, CanBeKilledAndStartedAgainAtOnce) {
    test::EngineScene scene;
    for (int i = 0; i < 3; ++i) {
        auto engine = scene.start();
        auto const pid = supervisor_of(scene.options.state_folder);
        ASSERT_GT(pid, 0);
        ASSERT_EQ(::kill(pid, SIGKILL), 0);
    }
    auto engine = scene.start();
    scene.leave(*engine);
}

TEST(Supervise, StopsItsServersInOrderWhenItIsTold) {
    test::EngineScene scene;
    Layout const layout(scene.options.state_folder);
    auto engine = scene.start();
    auto const pid = supervisor_of(scene.options.state_folder);
    ASSERT_GT(pid, 0);
    ASSERT_EQ(::kill(pid, SIGTERM), 0);
    scene.leave(*engine); // returns at the end of the stream
    EXPECT_FALSE(std::filesystem::exists(layout.socket));
    EXPECT_FALSE(std::filesystem::exists(layout.database / "postmaster.pid"));
    EXPECT_NE(last_lines(layout.logs / "postgres.log", 2000).find("database system is shut down"),
              std::string::npos);
    auto again = scene.start();
    scene.leave(*again);
}

// Each comes while the one before is just stopping: none may be turned away.
TEST(Supervise, IsStartedAgainForWhoComesWhileItStops) {
    test::EngineScene scene;
    for (int i = 0; i < 5; ++i)
        auto const dropped = scene.start(); // the connection closes, nobody waits for the stop
    auto engine = scene.start();
    scene.leave(*engine);
}

} // namespace
} // namespace clairgate::local
