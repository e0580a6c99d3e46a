#include <clairgate/gate/policy_folder.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <support/temp_dir.hpp>

namespace clairgate::gate {
namespace {

namespace fs = std::filesystem;

void put(fs::path const& path, std::string_view text) {
    fs::create_directories(path.parent_path());
    std::ofstream(path) << text;
}

TEST(ReadPolicyFolder, IsEmptyOnlyWhereNobodyNamedAFolder) {
    test::TempDir const folder;
    auto const none = folder.path() / "none";
    EXPECT_TRUE(read_policy_folder(none, false).value().empty());
    auto const named = read_policy_folder(none, true);
    ASSERT_FALSE(named.has_value());
    EXPECT_EQ(named.error().kind(), ErrorKind::policy);
}

TEST(ReadPolicyFolder, TakesEveryTomlFileSoThatNoneIsOverlooked) {
    test::TempDir const folder;
    put(folder.path() / "global.toml", "g");
    put(folder.path() / "environment" / "prod.toml", "e");
    put(folder.path() / "application" / "team" / "deep.toml", "d");
    put(folder.path() / "README.md", "not policy");
    auto const files = read_policy_folder(folder.path(), true).value();
    std::vector<std::string> paths;
    for (auto const& file : files)
        paths.push_back(file.path + "=" + file.bytes);
    EXPECT_EQ(paths,
              (std::vector<std::string>{
                  "application/team/deep.toml=d", "environment/prod.toml=e", "global.toml=g"}));
}

TEST(ReadPolicyFolder, RefusesLinksFilesInPlaceOfFoldersAndEmptyFolders) {
    test::TempDir const folder;
    put(folder.path() / "outside.txt", "schema = 1\n");
    fs::create_directories(folder.path() / "linked");
    fs::create_symlink(folder.path() / "outside.txt", folder.path() / "linked" / "global.toml");
    EXPECT_FALSE(read_policy_folder(folder.path() / "linked", true).has_value());
    EXPECT_FALSE(read_policy_folder(folder.path() / "outside.txt", true).has_value());
    fs::create_directories(folder.path() / "empty");
    EXPECT_FALSE(read_policy_folder(folder.path() / "empty", false).has_value());
    put(folder.path() / "real" / "global.toml", "schema = 1\n");
    fs::create_directory_symlink(folder.path() / "empty", folder.path() / "real" / "environment");
    EXPECT_FALSE(read_policy_folder(folder.path() / "real", true).has_value());
}

TEST(ReadPolicyFolder, BoundsAFile) {
    test::TempDir const folder;
    put(folder.path() / "global.toml", std::string((1U << 20U) + 1, '#'));
    EXPECT_FALSE(read_policy_folder(folder.path(), true).has_value());
}

} // namespace
} // namespace clairgate::gate
