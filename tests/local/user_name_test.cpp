#include <clairgate/io/process.hpp>
#include <clairgate/local/nameless_user.hpp>

#include <gtest/gtest.h>

#include <local/real_engine.hpp>

#include <unistd.h>

namespace clairgate::local {
namespace {

constexpr std::uint32_t nameless = 54321;

// The real initdb, with and without our library; without it initdb ends with "could not look up".
TEST(UserName, LetsInitdbRunWithoutAPasswdEntry) {
    ASSERT_FALSE(has_passwd_entry(nameless));
    test::EngineScene scene;
    Layout const layout(scene.options.state_folder);
    std::optional<io::RunAs> owner;
    if (::geteuid() == 0)
        owner = io::RunAs{nameless, nameless};
    ASSERT_TRUE(prepare_folders(layout, owner).has_value());
    auto const programs = find_programs(scene.options, std::nullopt);
    auto environment = initdb_environment(layout, nameless, {{"LC_ALL", "C"}});
    ASSERT_TRUE(programs.has_value() && environment.has_value());
    ASSERT_TRUE(environment->contains("LD_PRELOAD"));
    io::Command command;
    command.program = programs->postgres_folder / "initdb";
    command.arguments = {"-D", layout.database.string(), "-U", "clair", "--no-sync"};
    command.environment = *environment;
    command.folder = layout.work;
    command.run_as = owner;
    auto const ended =
        scene.world.run(io::run_process(command, scene.world.clock, scene.deadline()));
    ASSERT_TRUE(ended.has_value()) << ended.error().text();
    EXPECT_TRUE(ended->exit.ok()) << ended->error_output;
}

} // namespace
} // namespace clairgate::local
