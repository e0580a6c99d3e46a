#include "waiting.hpp"
#include <clairgate/wait/sighting.hpp>

#include <gtest/gtest.h>

namespace clairgate::wait {
namespace {

using namespace std::chrono_literals;
using test::Waiting;
using test::write;

std::string const some = "sha256:" + std::string(64, 'a');

TEST(Check, TellsEveryWrongFlagAtOnce) {
    struct Row {
        char const* what;
        std::vector<std::string> images;
        std::vector<std::string> files;
        std::size_t mistakes;
    };
    Row const rows[] = {
        {"an image", {"r.test/app:1"}, {}, 0},
        {"a file", {}, {"/run/digest"}, 0},
        {"both", {"r.test/app"}, {"/run/digest", "/run/*.json"}, 0},
        {"nothing", {}, {}, 1},
        {"two images", {"a/b:1", "a/c:1"}, {}, 1},
        {"a bad reference", {"https://a/b"}, {}, 1},
        {"an image ID as the image", {some}, {}, 1},
        {"a bad reference and two bad files", {"A/b"}, {"", "*/x"}, 3},
        {"too many places", {}, std::vector<std::string>(65, "f"), 1},
    };
    for (auto const& row : rows) {
        Options options;
        options.images = row.images;
        options.digest_files = row.files;
        auto const checked = check(options);
        EXPECT_EQ(checked.has_value(), row.mistakes == 0) << row.what;
        if (checked.has_value())
            continue;
        EXPECT_EQ(checked.error().also().size() + 1, row.mistakes) << row.what;
        EXPECT_EQ(checked.error().kind(), ErrorKind::usage) << row.what;
    }
}

TEST(FirstSighting, RefusesWhatCheckRefuses) {
    Waiting waiting;
    EXPECT_EQ(waiting.sight().error().kind(), ErrorKind::usage);
}

TEST(FirstSighting, IsOfWhicheverSourceComesFirst) {
    Waiting waiting;
    waiting.options.images = {waiting.repository()};
    for (auto const* name : {"never", "digest", "neither"})
        waiting.options.digest_files.push_back((waiting.folder() / name).string());
    auto const digest = waiting.push("m");
    waiting.later(50ms, [&] { write(waiting.folder() / "digest", digest); });
    auto const sighting = waiting.sight();
    ASSERT_TRUE(sighting.has_value()) << sighting.error().text();
    EXPECT_NE(sighting->how.find("digest"), std::string::npos);
}

TEST(FirstSighting, SaysOfEverySourceWhatItSawWhenTimeIsUp) {
    Waiting waiting;
    waiting.options.images = {waiting.repository()};
    waiting.options.digest_files = {(waiting.folder() / "none").string(),
                                    (waiting.folder() / "short").string()};
    waiting.options.timeout = 300ms;
    write(waiting.folder() / "short", "sha256:abc");
    auto const sighting = waiting.sight();
    ASSERT_FALSE(sighting.has_value());
    auto const message = sighting.error().message();
    EXPECT_EQ(sighting.error().kind(), ErrorKind::no_digest);
    EXPECT_NE(message.find("none: no such file yet"), std::string::npos) << message;
    EXPECT_NE(message.find("3 characters in place of 64"), std::string::npos) << message;
    EXPECT_NE(message.find("within 300ms"), std::string::npos) << message;
}

TEST(FirstSighting, IsRefusedWhenAnotherSourceNamesAnotherDigest) {
    Waiting waiting;
    waiting.options.images = {waiting.repository() + "@" + waiting.push("m")};
    waiting.options.digest_files = {(waiting.folder() / "digest").string()};
    write(waiting.folder() / "digest", waiting.push("another"));
    EXPECT_EQ(waiting.sight().error().kind(), ErrorKind::integrity);
}

TEST(FirstSighting, LeavesNothingRunning) {
    Waiting waiting;
    waiting.options.images = {waiting.repository()};
    waiting.options.digest_files = {(waiting.folder() / "a").string(),
                                    (waiting.folder() / "b").string()};
    write(waiting.folder() / "a", waiting.push("m"));
    ASSERT_TRUE(waiting.sight().has_value());
    auto const asked = waiting.server.received().size();
    write(waiting.folder() / "b", waiting.push("m"));
    waiting.world.context.restart();
    waiting.world.context.run_for(100ms);
    EXPECT_EQ(waiting.server.received().size(), asked);
}

// What `confirm` says about `sighted` when the file holds `bytes` now.
std::string confirmed(Waiting& waiting, std::string const& sighted, std::string const& bytes) {
    waiting.options.digest_files = {(waiting.folder() / "digest").string()};
    write(waiting.folder() / "digest", bytes);
    Sighting const sighting{*image::Reference::parse(sighted), "test", {}};
    auto const result = waiting.world.run(confirm(waiting.surroundings, sighting));
    return result.has_value() ? "fine" : std::string(to_string(result.error().kind()));
}

TEST(Confirm, FindsASourceThatChangedItsMind) {
    Waiting waiting;
    auto const app = waiting.repository();
    waiting.options.images = {app};
    EXPECT_EQ(confirmed(waiting, app + "@" + some, some), "fine");
    EXPECT_EQ(confirmed(waiting, app + "@" + some, app + ":1@" + some), "fine");
    EXPECT_EQ(confirmed(waiting, app + "@" + some, "half"), "fine") << "it says nothing now";
    EXPECT_EQ(confirmed(waiting, app + "@" + some, waiting.server.host() + "/b@" + some), "fine");
    auto const other = "sha256:" + std::string(64, 'b');
    EXPECT_EQ(confirmed(waiting, app + "@" + some, other), "integrity");
    EXPECT_EQ(confirmed(waiting, app + "@" + some, app + "@" + some + "\n" + app + "@" + other),
              "integrity");
    EXPECT_TRUE(waiting.server.received().empty()) << "saying so is enough";
}

TEST(Confirm, KnowsWhatWasPinned) {
    Waiting waiting;
    auto const app = waiting.repository();
    waiting.options.images = {app + "@" + some};
    auto const other = "sha256:" + std::string(64, 'b');
    EXPECT_EQ(confirmed(waiting, app + "@" + some, some), "fine");
    EXPECT_EQ(confirmed(waiting, app + "@" + other, other), "integrity");
}

TEST(Confirm, LetsATagMoveOn) {
    Waiting waiting;
    waiting.options.images = {waiting.repository() + ":1"};
    waiting.push("a later build", "1");
    Sighting const sighting{
        *image::Reference::parse(waiting.repository() + "@" + some), "test", {}};
    EXPECT_TRUE(waiting.world.run(confirm(waiting.surroundings, sighting)).has_value());
}

TEST(SourceKinds, AreATable) {
    ASSERT_EQ(source_kinds().size(), 2U);
    for (auto const& kind : source_kinds())
        EXPECT_FALSE(kind.name.empty() || kind.help.empty() || kind.make == nullptr);
}

} // namespace
} // namespace clairgate::wait
