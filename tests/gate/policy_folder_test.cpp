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

TEST(LoadPolicy, IsBuiltInOnlyWhereNobodyNamedAFolder) {
    test::TempDir const folder;
    auto const none = folder.path() / "none";
    auto const loaded = load_policy(none, false);
    ASSERT_TRUE(loaded.has_value());
    EXPECT_EQ(loaded->source, "built-in");
    auto const named = load_policy(none, true);
    ASSERT_FALSE(named.has_value());
    EXPECT_EQ(named.error().kind(), ErrorKind::policy);
}

TEST(LoadPolicy, ReadsGlobalToml) {
    test::TempDir const folder;
    put(folder.path() / "global.toml", "schema = 1\n[severity]\nlow = \"block\"\n");
    auto const loaded = load_policy(folder.path(), true);
    ASSERT_TRUE(loaded.has_value());
    EXPECT_EQ(loaded->severity.at(finding::Severity::low).value, policy::Action::block);
    ASSERT_EQ(loaded->files.size(), 1U);
    EXPECT_EQ(loaded->files[0].path, "global.toml");
}

TEST(LoadPolicy, RefusesFilesThatWouldBeBelievedToBeInForce) {
    test::TempDir const folder;
    put(folder.path() / "global.toml", "schema = 1\n");
    put(folder.path() / "environment" / "prod.toml", "schema = 1\n");
    put(folder.path() / "extra.toml", "schema = 1\n");
    auto const loaded = load_policy(folder.path(), true);
    ASSERT_FALSE(loaded.has_value());
    EXPECT_EQ(loaded.error().also().size(), 1U);
}

TEST(LoadPolicy, RefusesLinksFilesInPlaceOfFoldersAndEmptyFolders) {
    test::TempDir const folder;
    put(folder.path() / "outside.txt", "schema = 1\n");
    fs::create_directories(folder.path() / "linked");
    fs::create_symlink(folder.path() / "outside.txt", folder.path() / "linked" / "global.toml");
    EXPECT_FALSE(load_policy(folder.path() / "linked", true).has_value());
    EXPECT_FALSE(load_policy(folder.path() / "outside.txt", true).has_value());
    fs::create_directories(folder.path() / "empty");
    EXPECT_FALSE(load_policy(folder.path() / "empty", false).has_value());
}

} // namespace
} // namespace clairgate::gate
