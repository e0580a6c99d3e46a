#include <clairgate/base/text.hpp>
#include <clairgate/registry/delete.hpp>

#include <gtest/gtest.h>

#include <registry/evidence_setting.hpp>

namespace clairgate::registry {
namespace {

using test::Answer;
using test::EvidenceSetting;
using test::FakeRegistry;
using test::Received;
using test::TestWorld;

Result<Deletion> remove(EvidenceSetting& setting, image::Digest const& digest) {
    Fetcher fetcher(setting.world.world, setting.options, Rights::remove);
    return setting.world.run(delete_manifest(
        setting.world.world, fetcher, setting.registry.repository(), digest, setting.deadline()));
}

TEST(DeleteManifest, LeavesItGoneAndTakesAnAbsentOneForGone) {
    EvidenceSetting setting;
    auto const digest = setting.put_bundle("a");
    EXPECT_TRUE(remove(setting, digest).value().is_gone);
    EXPECT_FALSE(setting.registry.content("/v2/team/app/manifests/" + digest.text()));
    EXPECT_TRUE(remove(setting, digest).value().is_gone);
    EXPECT_EQ(setting.registry.count("DELETE", "/v2/team/app/manifests/" + digest.text()), 2U);
}

TEST(DeleteManifest, TakesARefusalForAnOutcome) {
    for (int const status : {400, 403, 405, 409, 412, 501}) {
        EvidenceSetting setting;
        auto const digest = setting.put_bundle("a");
        setting.referrers.delete_status = status;
        auto const deletion = remove(setting, digest).value();
        EXPECT_FALSE(deletion.is_gone) << status;
        EXPECT_NE(deletion.reason.find(cat(status)), std::string::npos) << deletion.reason;
    }
}

TEST(DeleteManifest, TakesTroubleForAnError) {
    EvidenceSetting setting;
    auto const digest = setting.put_bundle("a");
    setting.referrers.delete_status = 302;
    auto const deletion = remove(setting, digest);
    ASSERT_FALSE(deletion.has_value());
    EXPECT_EQ(deletion.error().http_status(), 302);
}

TEST(DeleteManifest, AsksForTheRightToDelete) {
    TestWorld world;
    FakeRegistry registry(world.context, FakeRegistry::Login::bearer);
    registry.password = "";
    Options const options;
    Fetcher fetcher(world.world, options, Rights::remove);
    auto const deletion =
        world.run(delete_manifest(world.world,
                                  fetcher,
                                  registry.repository(),
                                  image::Digest::of("a"),
                                  Deadline::after(world.clock, std::chrono::seconds(10))));
    EXPECT_TRUE(deletion.value().is_gone);
    EXPECT_EQ(registry.count("GET",
                             "/token?service=fake&scope=repository%3ateam%2fapp%3apull%2cpush%2c"
                             "delete"),
              1U);
}

} // namespace
} // namespace clairgate::registry
