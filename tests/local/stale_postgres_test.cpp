#include <clairgate/local/stale_postgres.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <support/temp_dir.hpp>
#include <support/test_world.hpp>

#include <unistd.h>

namespace clairgate::local {
namespace {

std::string content_of(std::filesystem::path const& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

struct Left {
    Left() {
        std::filesystem::create_directories(layout.database);
        std::filesystem::create_directories(layout.run);
    }
    Result<void> clear() {
        auto const deadline = Deadline::after(world.clock, std::chrono::seconds(5));
        return world.run(clear_stale_postgres(layout, world.clock, deadline));
    }
    test::TempDir folder;
    Layout layout{folder.path()};
    test::TestWorld world;
};

TEST(ClearStalePostgres, DoesNothingAfterACleanStop) {
    Left left;
    EXPECT_TRUE(left.clear().has_value());
    EXPECT_TRUE(std::filesystem::is_empty(left.layout.database));
}

TEST(ClearStalePostgres, MakesThePidNameNobodyAndKeepsWhatTellsOfBackends) {
    // Our own pid stands for one that came back as another process's.
    for (auto const& pid : {std::to_string(::getpid()), std::string("999999"), std::string("x")}) {
        Left left;
        auto const file = left.layout.database / "postmaster.pid";
        std::ofstream(file) << pid << "\n/data\n1700000000\n5432\n/run\n\n  5432001  12\nready\n";
        std::ofstream(left.layout.run / ".s.PGSQL.5432.lock") << pid << "\n";
        ASSERT_TRUE(left.clear().has_value());
        EXPECT_EQ(content_of(file),
                  "2147483647\n/data\n1700000000\n5432\n/run\n\n  5432001  12\nready\n");
        EXPECT_FALSE(std::filesystem::exists(left.layout.run / ".s.PGSQL.5432.lock"));
    }
}

TEST(ClearStalePostgres, BearsAnEmptyFile) {
    Left left;
    std::ofstream(left.layout.database / "postmaster.pid").close();
    EXPECT_TRUE(left.clear().has_value());
}

} // namespace
} // namespace clairgate::local
