#include "waiting.hpp"
#include <clairgate/wait/image_source.hpp>

#include <gtest/gtest.h>

namespace clairgate::wait {
namespace {

using namespace std::chrono_literals;
using test::Answer;
using test::Waiting;

TEST(PinnedImage, IsSightedWithoutAQuestionWhenTheCallerFetchesItAnyway) {
    Waiting waiting;
    waiting.options.asks_for_pinned = false;
    auto const digest = "sha256:" + std::string(64, 'a');
    waiting.options.images = {waiting.repository() + ":1@" + digest};
    auto const sighting = waiting.sight();
    ASSERT_TRUE(sighting.has_value()) << sighting.error().text();
    EXPECT_EQ(sighting->reference.text(), waiting.repository() + "@" + digest);
    EXPECT_EQ(sighting->how, "image");
    EXPECT_TRUE(waiting.server.received().empty());
}

TEST(PinnedImage, IsAskedForOtherwise) {
    Waiting waiting;
    auto const digest = waiting.push("manifest");
    waiting.options.images = {waiting.repository() + "@" + digest};
    EXPECT_TRUE(waiting.sight().has_value());
    waiting.served.clear();
    auto const sighting = waiting.sight();
    ASSERT_FALSE(sighting.has_value());
    EXPECT_EQ(sighting.error().kind(), ErrorKind::not_found) << "it is not waited for";
    EXPECT_NE(sighting.error().message().find(digest), std::string::npos);
}

TEST(PinnedImage, SurvivesAPassingFault) {
    Waiting waiting;
    auto const digest = waiting.push("manifest");
    waiting.options.images = {waiting.repository() + "@" + digest};
    int faults = 2;
    waiting.fault = [&](auto const&) {
        return faults-- > 0 ? std::optional(Answer::text(503, "later")) : std::nullopt;
    };
    waiting.options.timeout = 10s;
    EXPECT_TRUE(waiting.sight().has_value());
}

TEST(TaggedImage, IsTakenAsSoonAsTheRegistryServesIt) {
    Waiting waiting;
    waiting.options.images = {waiting.repository() + ":1"};
    std::string digest;
    waiting.later(80ms, [&] { digest = waiting.push("manifest", "1"); });
    auto const sighting = waiting.sight();
    ASSERT_TRUE(sighting.has_value()) << sighting.error().text();
    EXPECT_EQ(sighting->reference.text(), waiting.repository() + "@" + digest);
    EXPECT_EQ(sighting->how, "registry tag " + waiting.repository() + ":1");
    EXPECT_GT(waiting.server.received().size(), 1U);
    ASSERT_FALSE(waiting.told.empty());
    EXPECT_NE(waiting.told.front().find("does not serve"), std::string::npos);
}

TEST(TaggedImage, IsWaitedForThroughARegistryInTrouble) {
    Waiting waiting;
    waiting.options.images = {waiting.repository() + ":1"};
    auto const digest = waiting.push("manifest", "1");
    std::size_t asked = 0;
    Answer::Fault const faults[] = {Answer::Fault::reset_before_headers,
                                    Answer::Fault::garbage,
                                    Answer::Fault::reset_before_headers};
    waiting.fault = [&](auto const&) -> std::optional<Answer> {
        if (asked == std::size(faults))
            return std::nullopt;
        auto answer = Answer::text(200, "x");
        answer.fault = faults[asked++];
        return answer;
    };
    auto const sighting = waiting.sight();
    ASSERT_TRUE(sighting.has_value()) << sighting.error().text();
    EXPECT_EQ(sighting->reference.digest()->text(), digest);
}

TEST(TaggedImage, EndsAtOnceWhenTheRegistryRefusesUs) {
    Waiting waiting;
    waiting.options.images = {waiting.repository() + ":1"};
    waiting.options.timeout = 60s;
    waiting.fault = [](auto const&) { return std::optional(Answer::text(403, "no")); };
    auto const sighting = waiting.sight();
    ASSERT_FALSE(sighting.has_value());
    EXPECT_EQ(sighting.error().kind(), ErrorKind::denied);
    EXPECT_NE(sighting.error().remedy(), "");
}

TEST(TaggedImage, EndsWithNoDigestAtTheTimeoutAndSaysWhatWasSeen) {
    Waiting waiting;
    waiting.options.images = {waiting.repository() + ":1"};
    waiting.options.timeout = 150ms;
    auto const sighting = waiting.sight();
    ASSERT_FALSE(sighting.has_value());
    EXPECT_EQ(sighting.error().kind(), ErrorKind::no_digest);
    EXPECT_NE(sighting.error().message().find("does not serve"), std::string::npos)
        << sighting.error().message();
}

TEST(TaggedImage, EndsInTimeWhenTheRegistryStalls) {
    Waiting waiting;
    waiting.options.images = {waiting.repository() + ":1"};
    waiting.options.timeout = 200ms;
    waiting.fault = [](auto const&) {
        Answer answer;
        answer.fault = Answer::Fault::stall;
        return std::optional(answer);
    };
    auto const before = waiting.world.clock.steady();
    EXPECT_EQ(waiting.sight().error().kind(), ErrorKind::no_digest);
    EXPECT_LT(waiting.world.clock.steady() - before, 5s);
}

} // namespace
} // namespace clairgate::wait
