#include <clairgate/local/supervisor.hpp>

#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <local/real_engine.hpp>

namespace clairgate::local {
namespace {

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
    std::ofstream(layout.database / "postmaster.pid") << "999999\n";
    auto engine = scene.start();
    scene.leave(*engine);
}

} // namespace
} // namespace clairgate::local
