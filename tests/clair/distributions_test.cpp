#include <gtest/gtest.h>

#include <clair/scripted_clair.hpp>

namespace clairgate::clair {
namespace {

using test::Answer;
using test_support::ScriptedClair;

Result<std::vector<std::string>> ids(ScriptedClair& scripted) {
    auto const subject = test_support::subject_of(
        scripted.registry_server->host(),
        {test_support::platform_image("a"), test_support::platform_image("b", "arm64")});
    auto const deadline = Deadline::after(scripted.world.clock, std::chrono::seconds(20));
    return scripted.world.run(
        distribution_ids(scripted.world.world, scripted.options, subject, deadline));
}

TEST(DistributionIds, AreThoseOfAllPlatforms) {
    ScriptedClair scripted;
    auto const b = test_support::digest_of("b").text();
    scripted.hook = [&](test::Received const& request, int) {
        return Answer::json(200,
                            request.target.ends_with(b)
                                ? R"({"distributions":{"1":{"did":"alpine"},"2":{"did":"debian"}}})"
                                : R"({"distributions":{"1":{"did":"debian"}}})");
    };
    EXPECT_EQ(ids(scripted).value(), (std::vector<std::string>{"alpine", "debian"}));
}

TEST(DistributionIds, AreAskedForAgainAfterAPassingFailure) {
    ScriptedClair scripted;
    scripted.hook = [](auto const&, int nth) {
        return nth == 1 ? Answer::text(503, "") : Answer::json(200, R"({"distributions":{}})");
    };
    EXPECT_TRUE(ids(scripted).value().empty());
}

TEST(DistributionIds, OfAnImageClairDoesNotKnowAreAnError) {
    ScriptedClair scripted;
    EXPECT_EQ(ids(scripted).error().kind(), ErrorKind::not_found);
}

TEST(UpdaterSetFor, KnowsTheDistributionsClairHasDataFor) {
    EXPECT_EQ(updater_set_for("debian"), "debian");
    EXPECT_EQ(updater_set_for("rhel"), "rhel-vex");
    EXPECT_EQ(updater_set_for("ol"), "oracle");
    EXPECT_EQ(updater_set_for("wolfi"), std::nullopt);
    EXPECT_EQ(updater_set_for(""), std::nullopt);
}

} // namespace
} // namespace clairgate::clair
