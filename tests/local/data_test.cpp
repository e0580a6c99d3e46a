#include <clairgate/local/engine.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <local/real_engine.hpp>

namespace clairgate::local {
namespace {

auto const silent = [](std::string_view, std::string_view) {};

TEST(Data, IsImportedToldExportedAndImportedElsewhere) {
    test::EngineScene here;
    auto const file = here.options.state_folder.parent_path() / "export.json";
    std::ofstream(file) << test::sample_export;
    auto& world = here.world;
    auto const imported =
        world.run(data_import(world.world, here.options, file, silent, here.deadline()));
    ASSERT_TRUE(imported.has_value()) << imported.error().text();
    EXPECT_EQ(*imported, "imported 1 records of 2026-01-01T00:00:00Z\n");
    auto const dump = here.options.state_folder.parent_path() / "data.dump";
    auto const exported =
        world.run(data_export(world.world, here.options, dump, silent, here.deadline()));
    ASSERT_TRUE(exported.has_value()) << exported.error().text();

    test::EngineScene there;
    auto const again = there.world.run(
        data_import(there.world.world, there.options, dump, silent, there.deadline()));
    ASSERT_TRUE(again.has_value()) << again.error().text();
    auto const status =
        there.world.run(data_status(there.world.world, there.options, there.deadline()));
    ASSERT_TRUE(status.has_value()) << status.error().text();
    EXPECT_NE(status->find("debian/updater"), std::string::npos) << *status;
    EXPECT_NE(status->find("the imported data is of 2026-01-01T00:00:00Z"), std::string::npos);
}

TEST(Data, ThatIsMissingIsToldWithTheWayOut) {
    test::EngineScene scene;
    auto const status =
        scene.world.run(data_status(scene.world.world, scene.options, scene.deadline()));
    ASSERT_TRUE(status.has_value()) << status.error().text();
    EXPECT_NE(status->find("clairgate data import FILE"), std::string::npos);
}

} // namespace
} // namespace clairgate::local
