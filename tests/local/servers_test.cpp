#include <clairgate/local/servers.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <local/real_engine.hpp>

namespace clairgate::local {
namespace {

TEST(FreePort, CanBeListenedOn) {
    auto const port = free_port();
    ASSERT_TRUE(port.has_value());
    EXPECT_GE(*port, 1024U);
}

TEST(LastLines, AreTheEndOfTheLog) {
    test::TempDir const folder;
    auto const file = folder.path() / "log";
    std::ofstream(file) << std::string(1000, 'a') << "the end\n";
    EXPECT_EQ(last_lines(file, 7), "the end");
    EXPECT_EQ(last_lines(folder.path() / "none", 7), "");
}

TEST(Servers, TellWhyAServerDidNotStart) {
    test::EngineScene scene;
    Layout const layout(scene.options.state_folder);
    auto const owner = unprivileged_user();
    ASSERT_TRUE(owner.has_value());
    ASSERT_TRUE(prepare_folders(layout, *owner).has_value());
    auto programs = find_programs(scene.options, std::nullopt);
    auto const environment = program_environment(layout, scene.world.environment);
    ASSERT_TRUE(programs.has_value());
    programs->clair = "/bin/false"; // a Clair that ends at once
    Servers servers(scene.world.world, layout, *programs, *owner, environment);
    auto const silent = [](std::string_view, std::string_view) {};
    auto& world = scene.world;
    auto const postgres = world.run(servers.start_postgres(silent, scene.deadline()));
    ASSERT_TRUE(postgres.has_value()) << postgres.error().text();
    EXPECT_EQ(servers.casualty(), std::nullopt);
    auto const clair = world.run(servers.start_clair({}, silent, scene.deadline()));
    ASSERT_FALSE(clair.has_value());
    EXPECT_NE(clair.error().text().find("Clair did not start"), std::string::npos);
    EXPECT_TRUE(world.run(servers.stop_postgres()).has_value());
}

} // namespace
} // namespace clairgate::local
