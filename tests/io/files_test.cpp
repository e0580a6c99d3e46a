#include <clairgate/base/text.hpp>
#include <clairgate/io/files.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <support/temp_dir.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace clairgate::io {
namespace {

namespace fs = std::filesystem;
using test::TempDir;

void put(fs::path const& path, std::string_view bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

std::size_t entries(fs::path const& folder) {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

unsigned mode_of(fs::path const& path) {
    struct stat status{};
    EXPECT_EQ(::stat(path.c_str(), &status), 0);
    return status.st_mode & 07777;
}

TEST(ReadFile, ReturnsTheBytesUpToTheCap) {
    TempDir const dir;
    std::string const bytes("a\0b\n", 4);
    put(dir.path() / "f", bytes);
    EXPECT_EQ(read_file(dir.path() / "f", 4).value(), bytes);
    EXPECT_EQ(read_file(dir.path() / "f", 3).error().kind(), ErrorKind::limit);
    put(dir.path() / "empty", "");
    EXPECT_EQ(read_file(dir.path() / "empty", 0).value(), "");
    std::string const large(300'000, 'x');
    put(dir.path() / "large", large);
    EXPECT_EQ(read_file(dir.path() / "large", 300'000).value(), large);
}

TEST(ReadFile, ReadsFilesWhoseSizeIsSaidToBeZero) {
    EXPECT_FALSE(read_file("/proc/self/status", 1 << 20).value().empty());
}

TEST(ReadFile, RefusesWhatIsNoRegularFileWithoutBlocking) {
    TempDir const dir;
    auto const fifo = dir.path() / "fifo";
    ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
    for (auto const& path : {fifo, fs::path("/dev/zero"), dir.path(), fs::path("/dev/null")}) {
        auto const error = read_file(path, 100).error();
        EXPECT_EQ(error.kind(), ErrorKind::file) << path;
        EXPECT_EQ(error.text(), cat(path.native(), " is not a regular file"));
    }
}

TEST(ReadFile, TellsAMissingFileApart) {
    TempDir const dir;
    put(dir.path() / "f", "x");
    EXPECT_EQ(read_file(dir.path() / "none", 9).error().kind(), ErrorKind::not_found);
    EXPECT_EQ(read_file(dir.path() / "none" / "none", 9).error().kind(), ErrorKind::not_found);
    EXPECT_EQ(read_file(dir.path() / "f" / "x", 9).error().kind(), ErrorKind::not_found);
    EXPECT_EQ(read_file(dir.path() / std::string(300, 'n'), 9).error().kind(), ErrorKind::file);
    EXPECT_EQ(read_file(std::string("a\0b", 3), 9).error().kind(), ErrorKind::file);
}

TEST(ReadFile, FollowsLinksOnlyWhenTold) {
    TempDir const dir;
    put(dir.path() / "f", "x");
    fs::create_symlink("f", dir.path() / "link");
    fs::create_symlink("loop", dir.path() / "loop");
    EXPECT_EQ(read_file(dir.path() / "link", 9).value(), "x");
    EXPECT_EQ(read_file(dir.path() / "link", 9, Links::refuse).error().text(),
              cat((dir.path() / "link").native(), " is a symbolic link"));
    EXPECT_EQ(read_file(dir.path() / "loop", 9).error().kind(), ErrorKind::file);
}

TEST(ReadStamped, TellsVersionsApart) {
    TempDir const dir;
    auto const path = dir.path() / "f";
    ASSERT_TRUE(write_atomically(path, "one").has_value());
    auto const first = read_stamped(path, 9).value();
    EXPECT_EQ(read_stamped(path, 9).value().stamp, first.stamp);
    EXPECT_EQ(first.stamp.size_bytes, 3U);
    EXPECT_GT(first.stamp.modified_ns, 0);
    ASSERT_TRUE(write_atomically(path, "two").has_value());
    EXPECT_NE(read_stamped(path, 9).value().stamp, first.stamp);
}

TEST(ReadSecret, DropsOneTrailingNewline) {
    TempDir const dir;
    auto const path = dir.path() / "s";
    std::pair<char const*, char const*> const rows[] = {
        {"key\n", "key"}, {"key", "key"}, {"key\r\n", "key"}, {"key\n\n", "key\n"}, {" k ", " k "}};
    for (auto const& [bytes, expected] : rows) {
        put(path, bytes);
        EXPECT_EQ(read_secret(path).value().reveal(), expected);
    }
    for (auto const* bytes : {"", "\n"}) {
        put(path, bytes);
        EXPECT_EQ(read_secret(path).error().kind(), ErrorKind::file);
    }
    put(path, std::string(65 * 1024, 'x'));
    EXPECT_EQ(read_secret(path).error().kind(), ErrorKind::limit);
}

TEST(WriteAtomically, ReplacesTheWholeFile) {
    TempDir const dir;
    auto const path = dir.path() / "f";
    ASSERT_TRUE(write_atomically(path, "a long first version").has_value());
    ASSERT_TRUE(write_atomically(path, "short").has_value());
    EXPECT_EQ(read_file(path, 99).value(), "short");
    EXPECT_EQ(entries(dir.path()), 1U);
}

TEST(WriteAtomically, RespectsTheUmaskAndTheMode) {
    TempDir const dir;
    auto const before = ::umask(027);
    EXPECT_TRUE(write_atomically(dir.path() / "f", "x").has_value());
    EXPECT_TRUE(write_atomically(dir.path() / "secret", "x", 0600).has_value());
    ::umask(before);
    EXPECT_EQ(mode_of(dir.path() / "f"), 0640U);
    EXPECT_EQ(mode_of(dir.path() / "secret"), 0600U);
}

TEST(WriteAtomically, RefusesTargetsThatAreNoRegularFile) {
    TempDir const dir;
    put(dir.path() / "victim", "untouched");
    fs::create_symlink("victim", dir.path() / "link");
    fs::create_symlink("nowhere", dir.path() / "dangling");
    fs::create_directory(dir.path() / "folder");
    ASSERT_EQ(::mkfifo((dir.path() / "fifo").c_str(), 0600), 0);
    for (auto const* name : {"link", "dangling", "folder", "fifo"}) {
        auto const written = write_atomically(dir.path() / name, "evil");
        ASSERT_FALSE(written.has_value()) << name;
        EXPECT_EQ(written.error().kind(), ErrorKind::file) << name;
    }
    EXPECT_EQ(write_atomically("/dev/null", "x").error().kind(), ErrorKind::file);
    EXPECT_EQ(read_file(dir.path() / "victim", 99).value(), "untouched");
    EXPECT_FALSE(fs::exists(dir.path() / "nowhere"));
    EXPECT_EQ(entries(dir.path()), 5U); // nothing temporary is left
}

TEST(WriteAtomically, LeavesNothingWhenItFails) {
    TempDir const dir;
    EXPECT_FALSE(write_atomically(dir.path() / std::string(300, 'n'), "x").has_value());
    EXPECT_FALSE(write_atomically(dir.path() / "none" / "f", "x").has_value());
    EXPECT_FALSE(write_atomically("", "x").has_value());
    EXPECT_FALSE(write_atomically(dir.path() / "", "x").has_value());
    EXPECT_EQ(entries(dir.path()), 0U);
    // A full disk: the error comes back, the old content stays.
    EXPECT_EQ(write_atomically("/dev/full", "x").error().kind(), ErrorKind::file);
}

TEST(WriteAtomically, TakesPiecesInOrderAndNothingOfThemWhenOneFails) {
    test::TempDir const folder;
    auto const file = folder.path() / "pieces";
    ASSERT_TRUE(write_atomically(file, [](Pieces const& take) {
                    for (int i = 0; i < 1000; ++i)
                        take(i % 2 == 0 ? "ab" : "c");
                }).has_value());
    auto const bytes = read_file(file, 10'000);
    ASSERT_TRUE(bytes.has_value());
    EXPECT_EQ(bytes->size(), 1500U);
    EXPECT_EQ(bytes->substr(0, 6), "abcabc");
    int calls = 0;
    auto const full = write_atomically("/dev/shm/../full/x", [&](Pieces const&) { ++calls; });
    EXPECT_FALSE(full.has_value());
    EXPECT_EQ(calls, 0); // nothing is made for a file that cannot be
}

TEST(WriteAtomically, DoesNotGoThroughAPlantedTemporaryName) {
    TempDir const dir;
    put(dir.path() / "victim", "untouched");
    fs::create_symlink("victim", dir.path() / cat(".clairgate-", ::getpid(), "-0.tmp"));
    EXPECT_TRUE(write_atomically(dir.path() / "f", "x").has_value());
    EXPECT_EQ(read_file(dir.path() / "victim", 99).value(), "untouched");
}

TEST(ListFiles, SortsAndSkipsWhatIsNoFile) {
    TempDir const dir;
    for (auto const* name : {"b.toml", "a.toml", "c.txt", ".toml"})
        put(dir.path() / name, "");
    fs::create_directory(dir.path() / "d.toml");
    auto const files = list_files(dir.path(), ".toml", 9).value();
    ASSERT_EQ(files.size(), 2U);
    EXPECT_EQ(files[0].filename(), "a.toml");
    EXPECT_EQ(files[1].filename(), "b.toml");
    EXPECT_EQ(list_files(dir.path(), ".toml", 1).error().kind(), ErrorKind::limit);
    EXPECT_EQ(list_files(dir.path() / "none", ".toml", 9).error().kind(), ErrorKind::not_found);
}

TEST(MakeFolders, MakesParentsWithTheMode) {
    TempDir const dir;
    auto const before = ::umask(0);
    EXPECT_TRUE(make_folders(dir.path() / "a" / "b", 0700).has_value());
    ::umask(before);
    EXPECT_EQ(mode_of(dir.path() / "a"), 0700U);
    EXPECT_EQ(mode_of(dir.path() / "a" / "b"), 0700U);
    EXPECT_TRUE(make_folders(dir.path() / "a" / "b", 0755).has_value());
    EXPECT_EQ(mode_of(dir.path() / "a" / "b"), 0700U); // one that exists is left alone
    put(dir.path() / "f", "");
    EXPECT_EQ(make_folders(dir.path() / "f" / "x").error().kind(), ErrorKind::file);
    EXPECT_EQ(make_folders("").error().kind(), ErrorKind::file);
}

} // namespace
} // namespace clairgate::io
