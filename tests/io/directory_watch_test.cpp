#include <clairgate/io/directory_watch.hpp>
#include <clairgate/io/files.hpp>
#include <clairgate/io/race.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <support/temp_dir.hpp>
#include <support/test_world.hpp>

namespace clairgate::io {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::TempDir;
using test::TestWorld;

// Waits for a change while `act` happens a moment later.
Task<Result<void>> changed_by(DirectoryWatch& watch, std::function<void()> const& act) {
    using namespace boost::asio::experimental::awaitable_operators;
    auto later = [&]() -> Task<Result<void>> {
        CO_TRY_VOID(co_await sleep_for(milliseconds(10)));
        act();
        co_return co_await sleep_for(std::chrono::hours(1));
    };
    auto race = co_await (watch.changed(seconds(30)) || later());
    if (race.index() == 0)
        co_return std::get<0>(race);
    co_return std::get<1>(race);
}

// How long the wait took; it has an interval of 30 s, so a short time means an event.
Duration time_until_change(TestWorld& world, DirectoryWatch& watch, std::function<void()> act) {
    auto const start = world.clock.steady();
    EXPECT_TRUE(world.run(changed_by(watch, act)).has_value());
    return std::chrono::duration_cast<Duration>(world.clock.steady() - start);
}

TEST(DirectoryWatch, WakesForWritesRenamesAndLinkSwaps) {
    TestWorld world;
    TempDir const dir;
    DirectoryWatch watch(world.world.executor, dir.path());
    namespace fs = std::filesystem;
    std::pair<char const*, std::function<void()>> const rows[] = {
        {"a file is written", [&] { std::ofstream(dir.path() / "f") << "x"; }},
        {"a file is renamed into place",
         [&] { EXPECT_TRUE(write_atomically(dir.path() / "g", "x").has_value()); }},
        {"a link is swapped",
         [&] {
             fs::create_symlink("f", dir.path() / "new");
             fs::rename(dir.path() / "new", dir.path() / "link");
         }},
        {"a file goes away", [&] { fs::remove(dir.path() / "f"); }},
    };
    for (auto const& [sentence, act] : rows)
        EXPECT_LT(time_until_change(world, watch, act), seconds(10)) << sentence;
}

TEST(DirectoryWatch, KeepsWhatHappenedBetweenTwoWaits) {
    TestWorld world;
    TempDir const dir;
    DirectoryWatch watch(world.world.executor, dir.path());
    std::ofstream(dir.path() / "f") << "x";
    auto const start = world.clock.steady();
    EXPECT_TRUE(world.run(watch.changed(seconds(30))).has_value());
    EXPECT_LT(world.clock.steady() - start, seconds(10));
    EXPECT_TRUE(world.run(watch.changed(milliseconds(20))).has_value()); // drained: ticks only
    EXPECT_GE(world.clock.steady() - start, milliseconds(20));
}

TEST(DirectoryWatch, TicksWhileTheFolderDoesNotExistAndThenWatchesIt) {
    TestWorld world;
    TempDir const dir;
    auto const folder = dir.path() / "later";
    DirectoryWatch watch(world.world.executor, folder);
    auto const start = world.clock.steady();
    EXPECT_TRUE(world.run(watch.changed(milliseconds(20))).has_value());
    EXPECT_GE(world.clock.steady() - start, milliseconds(20));
    std::filesystem::create_directory(folder);
    EXPECT_TRUE(world.run(watch.changed(seconds(30))).has_value()); // it is there: look at it
    EXPECT_LT(time_until_change(world, watch, [&] { std::ofstream(folder / "f") << "x"; }),
              seconds(10));
}

TEST(DirectoryWatch, SurvivesTheFolderBeingReplaced) {
    TestWorld world;
    TempDir const dir;
    auto const folder = dir.path() / "f";
    std::filesystem::create_directory(folder);
    DirectoryWatch watch(world.world.executor, folder);
    EXPECT_LT(time_until_change(world, watch, [&] { std::filesystem::remove(folder); }),
              seconds(10));
    std::filesystem::create_directory(folder);
    EXPECT_TRUE(world.run(watch.changed(seconds(30))).has_value());
    EXPECT_LT(time_until_change(world, watch, [&] { std::ofstream(folder / "x") << "x"; }),
              seconds(10));
}

TEST(DirectoryWatch, IsCancelledAndLeavesNothing) {
    TestWorld world;
    TempDir const dir;
    {
        DirectoryWatch first(world.world.executor, dir.path());
        DirectoryWatch watch(std::move(first));
        auto const soon = Deadline::after(world.clock, milliseconds(10));
        EXPECT_EQ(
            world.run(before(world.clock, soon, "it", watch.changed(seconds(60)))).error().kind(),
            ErrorKind::timeout);
    }
    EXPECT_TRUE(world.is_idle_after_polling());
}

} // namespace
} // namespace clairgate::io
