#include "waiting.hpp"
#include <clairgate/wait/registry_look.hpp>

#include <gtest/gtest.h>

namespace clairgate::wait {
namespace {

using test::Answer;
using test::Waiting;

image::Reference reference(std::string const& text) {
    auto parsed = image::Reference::parse(text);
    CLAIRGATE_ASSERT(parsed.has_value());
    return *std::move(parsed);
}

Result<RegistryLook> look(Waiting& waiting, std::string const& suffix) {
    auto const deadline = Deadline::after(waiting.world.clock, std::chrono::seconds(5));
    return waiting.world.run(
        look_at_registry(waiting.surroundings, reference(waiting.repository() + suffix), deadline));
}

TEST(RegistryLook, GivesTheDigestOfATag) {
    Waiting waiting;
    auto const digest = waiting.push("manifest", "1");
    EXPECT_EQ(look(waiting, ":1")->digest->text(), digest);
    EXPECT_EQ(look(waiting, "@" + digest)->digest->text(), digest);
}

TEST(RegistryLook, TellsAbsenceFromTrouble) {
    Waiting waiting;
    auto const absent = look(waiting, ":1");
    EXPECT_TRUE(absent->is_absent);
    EXPECT_FALSE(absent->digest.has_value());
    for (auto const status : {429, 500, 503}) {
        waiting.fault = [status](auto const&) {
            auto answer = Answer::text(status, "later");
            answer.headers.emplace_back("Retry-After", "2");
            return std::optional(answer);
        };
        auto const trouble = look(waiting, ":1");
        ASSERT_TRUE(trouble.has_value()) << status;
        EXPECT_FALSE(trouble->is_absent) << status;
        EXPECT_EQ(trouble->retry_after, 2) << status;
        EXPECT_NE(trouble->why, "") << status;
    }
    for (auto const fault :
         {Answer::Fault::reset_before_headers, Answer::Fault::garbage, Answer::Fault::truncate}) {
        waiting.fault = [fault](auto const&) {
            Answer answer = Answer::text(200, "some text");
            answer.fault = fault;
            return std::optional(answer);
        };
        auto const trouble = look(waiting, ":1");
        ASSERT_TRUE(trouble.has_value());
        EXPECT_FALSE(trouble->digest.has_value());
        EXPECT_FALSE(trouble->is_absent);
    }
}

TEST(RegistryLook, EndsAtOnceWhenWaitingDoesNotHelp) {
    Waiting waiting;
    auto const digest = waiting.push("manifest");
    waiting.fault = [](auto const&) { return std::optional(Answer::text(403, "no")); };
    EXPECT_EQ(look(waiting, ":1").error().kind(), ErrorKind::denied);
    waiting.fault = [](auto const&) {
        auto answer = Answer::text(200, "another");
        answer.headers.emplace_back("Docker-Content-Digest", image::Digest::of("another").text());
        return std::optional(answer);
    };
    EXPECT_EQ(look(waiting, "@" + digest).error().kind(), ErrorKind::integrity);
}

std::string named_by(Waiting& waiting, std::string const& digest) {
    auto const deadline = Deadline::after(waiting.world.clock, std::chrono::seconds(5));
    auto const found =
        waiting.world.run(manifest_of_image_id(waiting.surroundings,
                                               reference(waiting.repository() + ":1"),
                                               *image::Digest::parse(digest),
                                               deadline));
    return !found.has_value() ? "error" : *found ? (*found)->text() : "nothing";
}

TEST(ImageId, IsProvenByTheManifestOfTheTag) {
    Waiting waiting;
    auto const pushed = waiting.push_image("1");
    EXPECT_EQ(named_by(waiting, pushed.config), pushed.manifest);
    EXPECT_EQ(named_by(waiting, "sha256:" + std::string(64, 'e')), "nothing");
}

TEST(ImageId, IsOnlySuspectedWithoutATagOrAManifest) {
    Waiting waiting;
    auto const unknown = "sha256:" + std::string(64, 'e');
    EXPECT_EQ(named_by(waiting, unknown), "nothing");
    waiting.push("no manifest", "1");
    EXPECT_EQ(named_by(waiting, unknown), "nothing");
    waiting.fault = [](auto const&) { return std::optional(Answer::text(403, "no")); };
    EXPECT_EQ(named_by(waiting, unknown), "nothing");
}

} // namespace
} // namespace clairgate::wait
