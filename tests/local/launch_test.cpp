#include <clairgate/local/supervisor.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <support/temp_dir.hpp>
#include <support/test_world.hpp>

#include <sys/wait.h>

namespace clairgate::local {
namespace {

TEST(LaunchSupervisor, SaysWhatCannotBeStarted) {
    test::TempDir const folder;
    test::TestWorld world;
    Options options;
    options.state_folder = folder.path();
    options.self = "/nowhere/clairgate";
    Layout const layout(options.state_folder);
    ASSERT_TRUE(prepare_folders(layout, std::nullopt).has_value());
    auto const result = launch_supervisor(options, layout, world.environment);
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().kind(), ErrorKind::tool);
}

TEST(LaunchSupervisor, GivesItsWordsAndNothingElse) {
    test::TempDir const folder;
    test::TestWorld world({{"PATH", "/bin"}, {"SECRET", "x"}});
    Options options;
    options.state_folder = folder.path();
    options.clair_folders = {"/opt/a b"};
    options.self = "/usr/bin/env"; // prints its environment, then complains about the command
    Layout const layout(options.state_folder);
    ASSERT_TRUE(prepare_folders(layout, std::nullopt).has_value());
    auto const pid = launch_supervisor(options, layout, world.environment);
    ASSERT_TRUE(pid.has_value()) << pid.error().text();
    ASSERT_EQ(::waitpid(*pid, nullptr, 0), *pid);
    std::ifstream log(layout.logs / "supervisor.log");
    std::string const text{std::istreambuf_iterator<char>(log), {}};
    EXPECT_NE(text.find("engine-supervisor"), std::string::npos) << text;
    EXPECT_EQ(text.find("SECRET"), std::string::npos);
}

} // namespace
} // namespace clairgate::local
