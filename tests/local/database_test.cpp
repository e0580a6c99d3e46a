#include <clairgate/clair/client.hpp>
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
    auto const owner = unprivileged_user();
    ASSERT_TRUE(owner.has_value());
    auto programs = find_programs(scene.options, std::nullopt);
    auto const environment = program_environment(layout, scene.world.environment);
    ASSERT_TRUE(programs.has_value());
    auto& world = scene.world;
    Database const database(world.world, layout, *programs, environment, *owner);
    auto const before = world.run(database.dump(scene.deadline()));
    ASSERT_TRUE(before.has_value()) << before.error().text();
    auto const refused = world.run(database.restore("no archive", scene.deadline()));
    ASSERT_FALSE(refused.has_value());
    EXPECT_NE(refused.error().text().find("pg_restore"), std::string::npos);
    EXPECT_TRUE(world.run(database.restore(*before, scene.deadline())).has_value());
    scene.leave(*engine);
}

// A checksum says nothing of who made an archive, and the statements in it are its maker's.
TEST(Database, RunsNoStatementOfAnArchiveBeyondInsertingRows) {
    test::EngineScene scene;
    auto engine = scene.start();
    Layout const layout(scene.options.state_folder);
    auto const owner = unprivileged_user();
    auto const programs = find_programs(scene.options, std::nullopt);
    ASSERT_TRUE(owner.has_value() && programs.has_value());
    auto& world = scene.world;
    auto const environment = program_environment(layout, world.environment);
    Database const database(world.world, layout, *programs, environment, *owner);
    auto const honest = world.run(database.dump(scene.deadline()));
    ASSERT_TRUE(honest.has_value()) << honest.error().text();
    constexpr std::string_view loads = "COPY public.vuln (";
    for (std::string_view const hostile :
         {"DROP TABLE vuln;--", "DELETE FROM vuln;;", "RESET ROLE;BLA();;", "CREATE ROLE x;;;;;"}) {
        ASSERT_EQ(hostile.size(), loads.size());
        auto archive = *honest;
        auto const at = archive.find(loads);
        ASSERT_NE(at, std::string::npos);
        archive.replace(at, hostile.size(), hostile);
        auto const refused = world.run(database.restore(archive, scene.deadline()));
        EXPECT_FALSE(refused.has_value()) << hostile;
    }
    EXPECT_TRUE(world.run(database.restore(*honest, scene.deadline())).has_value());
    scene.leave(*engine);
}

TEST(Database, KeepsServingWhileItIsReplacedUnderClairsConnections) {
    test::EngineScene scene;
    auto engine = scene.start();
    Layout const layout(scene.options.state_folder);
    auto const owner = unprivileged_user();
    auto const programs = find_programs(scene.options, std::nullopt);
    ASSERT_TRUE(owner.has_value() && programs.has_value());
    auto& world = scene.world;
    auto const environment = program_environment(layout, world.environment);
    Database const database(world.world, layout, *programs, environment, *owner);
    clair::Options options;
    options.url = engine->url();
    options.psk = engine->psk();
    options.psk_issuer = engine->psk_issuer();
    for (int i = 0; i < 3; ++i) {
        auto const told =
            world.run(clair::update_operations(world.world, options, scene.deadline()));
        ASSERT_TRUE(told.has_value()) << told.error().text();
        auto const archive = world.run(database.dump(scene.deadline()));
        ASSERT_TRUE(archive.has_value()) << archive.error().text();
        auto const restored = world.run(database.restore(*archive, scene.deadline()));
        ASSERT_TRUE(restored.has_value()) << restored.error().text();
    }
    scene.leave(*engine);
}

} // namespace
} // namespace clairgate::local
