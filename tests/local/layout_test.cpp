#include <clairgate/local/layout.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <support/temp_dir.hpp>
#include <support/test_world.hpp>

#include <sys/stat.h>
#include <unistd.h>

namespace clairgate::local {
namespace {

namespace fs = std::filesystem;

void put_program(fs::path const& path) {
    fs::create_directories(path.parent_path());
    std::ofstream(path) << "x";
    fs::permissions(path, fs::perms::owner_all);
}

mode_t mode_of(fs::path const& path) {
    struct stat facts{};
    EXPECT_EQ(::stat(path.c_str(), &facts), 0) << path;
    return facts.st_mode & 07777;
}

TEST(FindPrograms, NamesWhatIsMissingAndWhatProvidesIt) {
    test::TempDir const folder;
    Options options;
    options.clair_folders = {folder.path()};
    auto const none = find_programs(options, std::nullopt);
    ASSERT_FALSE(none.has_value());
    EXPECT_EQ(none.error().kind(), ErrorKind::config);
    EXPECT_NE(none.error().remedy().find("--clair-bin"), std::string::npos);
    put_program(folder.path() / "clair");
    auto const half = find_programs(options, std::nullopt);
    ASSERT_FALSE(half.has_value());
    EXPECT_NE(half.error().text().find("clairctl"), std::string::npos);
}

TEST(FindPrograms, TakesOneWholeInstallationOfPostgres) {
    test::TempDir const folder;
    put_program(folder.path() / "clair");
    put_program(folder.path() / "clairctl");
    auto const half = folder.path() / "half";
    auto const whole = folder.path() / "whole";
    put_program(half / "initdb");
    for (auto const* tool : {"initdb", "postgres", "createdb", "psql", "pg_dump", "pg_restore"})
        put_program(whole / tool);
    Options options;
    options.clair_folders = {folder.path()};
    options.postgres_folders = {half, whole};
    auto const found = find_programs(options, std::nullopt);
    ASSERT_TRUE(found.has_value()) << found.error().text();
    EXPECT_EQ(found->postgres_folder, whole);
}

TEST(PrepareFolders, KeepsTheEngineToItsOwner) {
    test::TempDir const folder;
    Layout const layout(folder.path() / "state");
    ASSERT_TRUE(prepare_folders(layout, std::nullopt).has_value());
    EXPECT_EQ(mode_of(layout.engine), 0700U);
    EXPECT_EQ(mode_of(layout.run), 0700U);
    fs::permissions(layout.run, fs::perms::all);
    ASSERT_TRUE(prepare_folders(layout, std::nullopt).has_value());
    EXPECT_EQ(mode_of(layout.run), 0700U); // mended
}

TEST(PrepareFolders, SaysWhenThePathIsTooLongForASocket) {
    auto const result =
        prepare_folders(Layout(fs::path("/tmp") / std::string(100, 'x')), std::nullopt);
    ASSERT_FALSE(result.has_value());
    EXPECT_NE(result.error().remedy().find("--state-dir"), std::string::npos);
}

TEST(ProgramEnvironment, IsNeutralAndHoldsNothingOfOurs) {
    test::TempDir const folder;
    Layout const layout(folder.path() / "state");
    ASSERT_TRUE(prepare_folders(layout, std::nullopt).has_value());
    test::TestWorld const world({{"CLAIRGATE_SECRET", "x"},
                                 {"LD_PRELOAD", "/x.so"},
                                 {"PATH", "/x"},
                                 {"HTTPS_PROXY", "http://proxy.test:3128"}});
    auto const environment = program_environment(layout, world.environment);
    EXPECT_EQ(environment.at("LC_ALL"), "C");
    EXPECT_EQ(environment.at("TZ"), "UTC");
    EXPECT_EQ(environment.at("PATH"), "/usr/local/bin:/usr/bin:/bin");
    EXPECT_EQ(environment.at("HTTPS_PROXY"), "http://proxy.test:3128"); // where the feeds are
    EXPECT_FALSE(environment.contains("LD_PRELOAD"));
    EXPECT_FALSE(environment.contains("CLAIRGATE_SECRET"));
}

TEST(CheckAccess, NamesTheProgramThatCannotBeRun) {
    test::TempDir const folder;
    put_program(folder.path() / "clair");
    Programs programs{folder.path() / "clair", folder.path() / "clairctl", folder.path()};
    auto const missing = check_access(programs);
    ASSERT_FALSE(missing.has_value());
    EXPECT_EQ(missing.error().kind(), ErrorKind::config);
    EXPECT_NE(missing.error().text().find((folder.path() / "postgres").string()),
              std::string::npos);
    put_program(folder.path() / "postgres");
    EXPECT_TRUE(check_access(programs).has_value());
}

TEST(UnprivilegedUser, IsNeverRoot) {
    auto const user = unprivileged_user();
    ASSERT_TRUE(user.has_value()) << user.error().text();
    EXPECT_EQ(user->has_value(), ::geteuid() == 0);
    if (*user) {
        EXPECT_NE((*user)->uid, 0U);
    }
}

} // namespace
} // namespace clairgate::local
