#include <clairgate/local/nameless_user.hpp>

#include <gtest/gtest.h>

#include <support/temp_dir.hpp>

namespace clairgate::local {
namespace {

TEST(InitdbEnvironment, IsAsItWasForAUserWithAName) {
    test::TempDir const folder;
    Layout const layout(folder.path());
    ASSERT_TRUE(has_passwd_entry(0));
    auto const same = initdb_environment(layout, 0, {{"LC_ALL", "C"}});
    ASSERT_TRUE(same.has_value());
    EXPECT_EQ(same->size(), 1U);
}

TEST(InitdbEnvironment, PutsALibraryOfOursFirstWithoutAName) {
    test::TempDir const folder;
    Layout const layout(folder.path());
    ASSERT_TRUE(prepare_folders(layout, std::nullopt).has_value());
    ASSERT_FALSE(has_passwd_entry(54321));
    auto const more = initdb_environment(layout, 54321, {{"LC_ALL", "C"}});
    ASSERT_TRUE(more.has_value()) << more.error().text();
    auto const library = std::filesystem::path(more->at("LD_PRELOAD"));
    EXPECT_EQ(library.parent_path(), layout.work);
    EXPECT_GT(std::filesystem::file_size(library), 1000U);
    EXPECT_EQ(more->at("LC_ALL"), "C");
}

} // namespace
} // namespace clairgate::local
