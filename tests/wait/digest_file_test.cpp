#include "waiting.hpp"
#include <clairgate/wait/digest_file.hpp>

#include <gtest/gtest.h>

namespace clairgate::wait {
namespace {

using namespace std::chrono_literals;
using test::Answer;
using test::Waiting;
using test::write;

// A run that waits for `name` beside --image of the loopback repository.
struct FileWaiting : Waiting {
    explicit FileWaiting(std::string const& name = "digest", std::string const& tag = "") {
        options.images = {repository() + tag};
        options.digest_files = {(folder() / name).string()};
    }
    std::string sighted() {
        auto const sighting = sight();
        return sighting.has_value() ? sighting->reference.text()
                                    : cat("error ", to_string(sighting.error().kind()));
    }
};

TEST(DigestFile, IsSightedWhenItAppears) {
    FileWaiting waiting;
    auto const digest = waiting.push("manifest");
    waiting.later(50ms, [&] { write(waiting.folder() / "digest", digest); });
    auto const sighting = waiting.sight();
    ASSERT_TRUE(sighting.has_value()) << sighting.error().text();
    EXPECT_EQ(sighting->reference.text(), waiting.repository() + "@" + digest);
    EXPECT_EQ(sighting->how, "digest file " + (waiting.folder() / "digest").string());
}

TEST(DigestFile, IsSightedByEventLongBeforeTheNextPoll) {
    FileWaiting waiting;
    waiting.options.poll_interval = 20s;
    waiting.options.timeout = 30s;
    auto const digest = waiting.push("manifest");
    waiting.later(50ms, [&] {
        write(waiting.folder() / "part", digest);
        std::filesystem::rename(waiting.folder() / "part", waiting.folder() / "digest");
    });
    auto const before = waiting.world.clock.steady();
    EXPECT_EQ(waiting.sighted(), waiting.repository() + "@" + digest);
    EXPECT_LT(waiting.world.clock.steady() - before, 10s);
}

TEST(DigestFile, MayAppearWithItsFolder) {
    FileWaiting waiting("out/digest");
    auto const digest = waiting.push("manifest");
    waiting.later(50ms, [&] {
        std::filesystem::create_directory(waiting.folder() / "out");
        write(waiting.folder() / "out" / "digest", digest);
    });
    EXPECT_EQ(waiting.sighted(), waiting.repository() + "@" + digest);
}

TEST(DigestFile, MayBeWrittenBeforeThePush) {
    FileWaiting waiting;
    write(waiting.folder() / "digest", image::Digest::of("manifest").text());
    waiting.later(250ms, [&] { waiting.push("manifest"); });
    EXPECT_EQ(waiting.sighted(), waiting.repository() + "@" + image::Digest::of("manifest").text());
    EXPECT_GT(waiting.server.received().size(), 1U);
}

TEST(DigestFile, NeverGivesWhatTheRegistryDoesNotServe) {
    FileWaiting waiting;
    waiting.options.timeout = 400ms;
    write(waiting.folder() / "digest", image::Digest::of("manifest").text());
    auto const sighting = waiting.sight();
    ASSERT_FALSE(sighting.has_value());
    EXPECT_EQ(sighting.error().kind(), ErrorKind::no_digest);
    EXPECT_NE(sighting.error().message().find("does not serve"), std::string::npos)
        << sighting.error().message();
}

TEST(DigestFile, WithAnImageIdEndsTheWaitWhenTheTagProvesIt) {
    FileWaiting waiting("digest", ":1");
    auto const pushed = waiting.push_image("1");
    write(waiting.folder() / "digest", pushed.config);
    waiting.options.timeout = 60s;
    auto const sighting = waiting.sight();
    ASSERT_FALSE(sighting.has_value());
    EXPECT_EQ(sighting.error().kind(), ErrorKind::protocol);
    EXPECT_NE(sighting.error().message().find(pushed.manifest), std::string::npos);
    EXPECT_NE(sighting.error().remedy().find("--metadata-file"), std::string::npos);
}

TEST(DigestFile, WithAnImageIdIsSuspectedWhenNothingProvesIt) {
    FileWaiting waiting;
    auto const pushed = waiting.push_image("1");
    write(waiting.folder() / "digest", pushed.config);
    waiting.options.timeout = 700ms;
    auto const sighting = waiting.sight();
    ASSERT_FALSE(sighting.has_value());
    EXPECT_EQ(sighting.error().kind(), ErrorKind::no_digest);
    EXPECT_NE(sighting.error().message().find("image ID"), std::string::npos);
    EXPECT_NE(waiting.told.back().find("image ID"), std::string::npos);
}

TEST(DigestFile, IsReadAgainWhenTheBuildMendsIt) {
    FileWaiting waiting;
    auto const digest = waiting.push("manifest");
    write(waiting.folder() / "digest", "sha256:abc");
    waiting.later(250ms, [&] { write(waiting.folder() / "digest", digest + "\n"); });
    EXPECT_EQ(waiting.sighted(), waiting.repository() + "@" + digest);
    ASSERT_FALSE(waiting.told.empty());
    EXPECT_NE(waiting.told.front().find("characters in place of 64"), std::string::npos)
        << waiting.told.front();
}

TEST(DigestFile, LeavesAnExistingTagAlone) {
    FileWaiting waiting("digest", ":1");
    waiting.push("an earlier build", "1");
    waiting.options.timeout = 300ms;
    EXPECT_EQ(waiting.sighted(), "error no_digest");
    EXPECT_TRUE(waiting.server.received().empty());
}

TEST(DigestFile, OfAnotherRepositoryIsNoSighting) {
    FileWaiting waiting;
    waiting.options.timeout = 400ms;
    write(waiting.folder() / "digest", waiting.server.host() + "/other@" + waiting.push("m"));
    auto const sighting = waiting.sight();
    ASSERT_FALSE(sighting.has_value());
    EXPECT_EQ(sighting.error().kind(), ErrorKind::no_digest);
    EXPECT_NE(sighting.error().message().find("not about"), std::string::npos);
}

TEST(DigestFile, WithABareDigestNeedsARepository) {
    FileWaiting waiting;
    waiting.options.images.clear();
    write(waiting.folder() / "digest", waiting.push("m"));
    auto const sighting = waiting.sight();
    ASSERT_FALSE(sighting.has_value());
    EXPECT_EQ(sighting.error().kind(), ErrorKind::usage);
    EXPECT_NE(sighting.error().remedy().find("--image"), std::string::npos);
}

TEST(DigestFile, MayNameTheRepositoryItself) {
    FileWaiting waiting;
    waiting.options.images.clear();
    auto const name = waiting.repository() + "@" + waiting.push("m");
    write(waiting.folder() / "digest", name + "\n");
    EXPECT_EQ(waiting.sighted(), name);
}

TEST(DigestFile, OlderThanTheRunIsNotBelieved) {
    FileWaiting waiting;
    write(waiting.folder() / "digest", waiting.push("m"));
    waiting.options.timeout = 300ms;
    waiting.options.started = waiting.world.clock.now() + 1h;
    auto const sighting = waiting.sight();
    ASSERT_FALSE(sighting.has_value());
    EXPECT_NE(sighting.error().message().find("--accept-existing"), std::string::npos);
}

TEST(DigestFile, OfOnePatternMustAgree) {
    FileWaiting waiting("*.digest");
    auto const digest = waiting.push("m");
    write(waiting.folder() / "a.digest", digest);
    write(waiting.folder() / "b.digest", waiting.repository() + "@" + digest);
    EXPECT_EQ(waiting.sighted(), waiting.repository() + "@" + digest);
    write(waiting.folder() / "c.digest", waiting.push("another"));
    EXPECT_EQ(waiting.sighted(), "error integrity");
}

TEST(DigestFile, EndsTheWaitWhenTheRegistryRefusesUs) {
    FileWaiting waiting;
    waiting.options.timeout = 60s;
    write(waiting.folder() / "digest", waiting.push("m"));
    waiting.fault = [](auto const&) { return std::optional(Answer::text(403, "no")); };
    EXPECT_EQ(waiting.sighted(), "error denied");
}

TEST(DigestFile, AsksTheRegistryNoOftenerThanItsPace) {
    FileWaiting waiting;
    waiting.options.timeout = 900ms;
    waiting.options.poll_interval = 100ms;
    write(waiting.folder() / "digest", "sha256:" + std::string(64, 'a'));
    for (int i = 1; i < 80; ++i) // a busy folder: an event every 10 ms
        waiting.later(i * 10ms, [&] { write(waiting.folder() / "noise", "x"); });
    EXPECT_EQ(waiting.sighted(), "error no_digest");
    EXPECT_LE(waiting.server.received().size(), 8U);
    EXPECT_GE(waiting.server.received().size(), 2U);
}

TEST(DigestFile, SaysNothingThatAReaderOfItCouldNotKnow) {
    FileWaiting waiting;
    waiting.options.timeout = 300ms;
    std::filesystem::create_symlink("/etc/passwd", waiting.folder() / "digest");
    auto const sighting = waiting.sight();
    ASSERT_FALSE(sighting.has_value());
    EXPECT_EQ(sighting.error().text().find("root:"), std::string::npos);
}

} // namespace
} // namespace clairgate::wait
