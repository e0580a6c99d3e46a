#include "waiting.hpp"
#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/wait/file_reader.hpp>

#include <gtest/gtest.h>

#include <sys/stat.h>

namespace clairgate::wait {
namespace {

namespace fs = std::filesystem;
using test::Waiting;
using test::write;

TEST(FilePattern, IsAFileOrAPatternInAFilesName) {
    for (auto const* good : {"digest", "./digest", "/run/digest", "out/*.digest", "a/b?"})
        EXPECT_TRUE(FilePattern::parse(good).has_value()) << good;
    for (auto const* bad : {"", "out/", "/", ".", "..", "out/..", "*/digest", "a?/b/c"}) {
        auto const parsed = FilePattern::parse(bad);
        ASSERT_FALSE(parsed.has_value()) << bad;
        EXPECT_EQ(parsed.error().kind(), ErrorKind::usage) << bad;
        EXPECT_NE(parsed.error().message().find("--digest-file"), std::string::npos) << bad;
    }
    EXPECT_EQ(FilePattern::parse("digest")->folder, fs::path("."));
}

// What a reader of this pattern believes, as "name=bytes …", and its notes.
struct Reading {
    explicit Reading(Waiting& waiting, std::string const& name)
        : reader(waiting.surroundings, *FilePattern::parse((waiting.folder() / name).string())),
          waiting_(waiting) {}

    std::string settled() {
        auto const files = waiting_.world.run(reader.settled());
        std::string out;
        for (auto const& file : *files)
            out += cat(out.empty() ? "" : " ", file.path.filename().string(), "=", file.bytes);
        return out;
    }
    std::string notes() const { return join(reader.notes(), "\n"); }

    FileReader reader;

  private:
    Waiting& waiting_;
};

TEST(FileReader, BelievesAFileThatStaysAsItIs) {
    Waiting waiting;
    Reading reading(waiting, "digest");
    EXPECT_EQ(reading.settled(), "");
    EXPECT_EQ(reading.notes(), "") << "a file that is not there yet is no news";
    write(waiting.folder() / "digest", "x");
    EXPECT_EQ(reading.settled(), "digest=x");
    auto const before = waiting.world.clock.steady();
    EXPECT_EQ(reading.settled(), "digest=x");
    EXPECT_LT(waiting.world.clock.steady() - before, std::chrono::milliseconds(90))
        << "it need not settle twice";
}

TEST(FileReader, WaitsForAFileThatIsBeingWritten) {
    Waiting waiting;
    Reading reading(waiting, "digest");
    write(waiting.folder() / "digest", "sha256:a");
    waiting.later(std::chrono::milliseconds(20),
                  [&] { write(waiting.folder() / "digest", "sha256:abc"); });
    EXPECT_EQ(reading.settled(), "");
    EXPECT_NE(reading.notes().find("still being written"), std::string::npos);
    EXPECT_EQ(reading.settled(), "digest=sha256:abc");
}

TEST(FileReader, BelievesAnOlderFileOnlyWhenTold) {
    Waiting waiting;
    write(waiting.folder() / "digest", "x");
    waiting.options.started = waiting.world.clock.now() + std::chrono::hours(1);
    Reading reading(waiting, "digest");
    EXPECT_EQ(reading.settled(), "");
    EXPECT_NE(reading.notes().find("--accept-existing"), std::string::npos) << reading.notes();
    waiting.options.accepts_existing = true;
    EXPECT_EQ(reading.settled(), "digest=x");
}

TEST(FileReader, CountsTheSecondInWhichTheRunBeganAsItsOwn) {
    Waiting waiting;
    waiting.options.started = waiting.world.clock.now();
    write(waiting.folder() / "digest", "x");
    EXPECT_EQ(Reading(waiting, "digest").settled(), "digest=x");
}

TEST(FileReader, FollowsLinksInsideTheFolderOnly) {
    Waiting waiting;
    test::TempDir elsewhere;
    write(elsewhere.path() / "secret", "secret");
    fs::create_directory(waiting.folder() / "..data");
    write(waiting.folder() / "..data" / "digest", "x");
    fs::create_symlink("..data/digest", waiting.folder() / "inside");
    fs::create_symlink(elsewhere.path() / "secret", waiting.folder() / "outside");
    fs::create_symlink("inside", waiting.folder() / "chain");
    fs::create_symlink("nowhere", waiting.folder() / "dangling");
    fs::create_symlink("loop", waiting.folder() / "loop");
    EXPECT_EQ(Reading(waiting, "inside").settled(), "inside=x");
    EXPECT_EQ(Reading(waiting, "chain").settled(), "chain=x");
    EXPECT_EQ(Reading(waiting, "dangling").settled(), "");
    EXPECT_EQ(Reading(waiting, "loop").settled(), "");
    Reading outside(waiting, "outside");
    EXPECT_EQ(outside.settled(), "");
    EXPECT_NE(outside.notes().find("link"), std::string::npos) << outside.notes();
    EXPECT_EQ(outside.notes().find("secret\n"), std::string::npos);
}

TEST(FileReader, FollowsALinkThatIsTheFolderItself) {
    Waiting waiting;
    fs::create_directory(waiting.folder() / "real");
    write(waiting.folder() / "real" / "digest", "x");
    fs::create_directory_symlink("real", waiting.folder() / "link");
    EXPECT_EQ(Reading(waiting, "link/digest").settled(), "digest=x");
}

TEST(FileReader, DoesNotBelieveWhatIsNoFileOrTooLarge) {
    Waiting waiting;
    fs::create_directory(waiting.folder() / "folder");
    ASSERT_EQ(::mkfifo((waiting.folder() / "pipe").c_str(), 0600), 0);
    write(waiting.folder() / "large", std::string(limits::metadata_file_bytes + 1, 'x'));
    for (auto const* name : {"folder", "pipe", "large"}) {
        Reading reading(waiting, name);
        EXPECT_EQ(reading.settled(), "") << name;
        EXPECT_NE(reading.notes(), "") << name;
    }
}

TEST(FileReader, ReadsEveryFileOfAPatternInTheOrderOfTheirNames) {
    Waiting waiting;
    for (auto const* name : {"b.digest", "a.digest", ".c.digest", "d.digest.part"})
        write(waiting.folder() / name, "x");
    EXPECT_EQ(Reading(waiting, "*.digest").settled(), "a.digest=x b.digest=x");
}

TEST(FileReader, DoesNotPickFromAPatternThatMatchesTooMuch) {
    Waiting waiting;
    for (int i = 0; i < 40; ++i)
        write(waiting.folder() / cat(i), "x");
    Reading reading(waiting, "*");
    EXPECT_EQ(reading.settled(), "");
    EXPECT_NE(reading.notes().find("more than"), std::string::npos);
}

} // namespace
} // namespace clairgate::wait
