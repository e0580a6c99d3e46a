#include <clairgate/local/database.hpp>
#include <clairgate/local/dump.hpp>

#include <gtest/gtest.h>

#include <local/real_engine.hpp>

namespace clairgate::local {
namespace {

TEST(Database, RefusesAnArchiveThatIsNoneAndKeepsItsData) {
    test::EngineScene scene;
    auto engine = scene.start();
    Layout const layout(scene.options.state_folder);
    auto programs = find_programs(scene.options, std::nullopt);
    auto environment = program_environment(layout);
    ASSERT_TRUE(programs.has_value() && environment.has_value());
    auto& world = scene.world;
    Database const database(world.world, layout, *programs, *environment);
    auto const before = world.run(database.dump(scene.deadline()));
    ASSERT_TRUE(before.has_value()) << before.error().text();
    auto const refused = world.run(database.restore("no archive", scene.deadline()));
    ASSERT_FALSE(refused.has_value());
    EXPECT_NE(refused.error().text().find("pg_restore"), std::string::npos);
    EXPECT_TRUE(world.run(database.restore(*before, scene.deadline())).has_value());
    scene.leave(*engine);
}

} // namespace
} // namespace clairgate::local
