#include <clairgate/gate/earlier_evidence.hpp>

#include <gtest/gtest.h>

#include <gate/evidence_scene.hpp>

namespace clairgate::gate {
namespace {

using std::chrono::minutes;
using test::EvidenceScene;
using test::KeyPair;
using test::scan_time;

// The finding that all reports have which do not pass.
finding::Finding known() {
    return test::report_that({.verdict = "warn"}).scan.findings.front();
}

TrustChoice trusting(std::string key_file) {
    TrustChoice trust;
    trust.key = std::move(key_file);
    return trust;
}

Result<EarlierScan> baseline(EvidenceScene& scene, TrustChoice trust) {
    auto& world = scene.setting.world;
    return world.run(signed_baseline(
        world.world, {}, scene.image(), std::move(trust), scene.setting.deadline()));
}

Result<std::vector<policy::Baseline>> earlier(EvidenceScene& scene, KeyPair const& key) {
    auto& world = scene.setting.world;
    OwnEvidence own{key.public_key(), nullptr};
    return world.run(
        earlier_evidence(world.world, {}, scene.image(), std::move(own), scene.setting.deadline()));
}

TEST(SignedBaseline, IsTheNewestReportThatTheKeyProves) {
    EvidenceScene scene;
    auto const at = scan_time() - minutes(60);
    ASSERT_TRUE(scene.attach(scene.report({.verdict = "warn", .finished = at}), scene.key));
    auto const older = baseline(scene, trusting(scene.key.public_file()));
    ASSERT_TRUE(older.has_value()) << older.error().text();
    EXPECT_TRUE(older->known.holds(known()));
    EXPECT_EQ(older->known.dates(known()).first_seen, at);
    EXPECT_EQ(older->name, scene.image().text());
    EXPECT_EQ(older->scan->findings.size(), older->known.size());
    ASSERT_TRUE(scene.attach(scene.report({.verdict = "pass"}), scene.key));
    EXPECT_EQ(baseline(scene, trusting(scene.key.public_file())).value().known.size(), 0U);
}

TEST(SignedBaseline, IsNotSilentlyMissing) {
    EvidenceScene scene;
    auto const unsaid = baseline(scene, {});
    ASSERT_FALSE(unsaid.has_value());
    EXPECT_EQ(unsaid.error().kind(), ErrorKind::usage);
    auto const nothing = baseline(scene, trusting(scene.key.public_file()));
    ASSERT_FALSE(nothing.has_value());
    EXPECT_EQ(nothing.error().kind(), ErrorKind::policy);
    EXPECT_NE(nothing.error().text().find("--against"), std::string::npos);
    ASSERT_TRUE(scene.attach(scene.report({.verdict = "warn"}), scene.key));
    auto const foreign = baseline(scene, trusting(KeyPair().public_file()));
    ASSERT_FALSE(foreign.has_value());
    EXPECT_EQ(foreign.error().kind(), ErrorKind::policy);
    EXPECT_EQ(baseline(scene, trusting("/nowhere/cosign.pub")).error().kind(), ErrorKind::config);
}

TEST(EarlierEvidence, IsAllThatTheKeyProves) {
    EvidenceScene scene;
    EXPECT_TRUE(earlier(scene, scene.key).value().empty()); // which is no error
    auto const at = scan_time() - minutes(60);
    ASSERT_TRUE(scene.attach(
        scene.report(
            {.verdict = "warn", .finished = at, .context = {{"environment", "production"}}}),
        scene.key));
    ASSERT_TRUE(scene.attach(scene.report({.verdict = "pass"}), scene.key, Storage::bundle));
    auto const all = earlier(scene, scene.key).value();
    ASSERT_EQ(all.size(), 3U); // one in both forms
    std::size_t holding = 0;
    for (auto const& one : all) {
        if (!one.holds(known()))
            continue;
        ++holding;
        EXPECT_EQ(one.dates(known()).first_seen, at);
    }
    EXPECT_EQ(holding, 2U);
    EXPECT_TRUE(earlier(scene, KeyPair()).value().empty());
}

TEST(EarlierEvidence, IsNothingUndecidedAndNothingToCome) {
    EvidenceScene scene;
    auto const now = scene.setting.world.world.clock.now();
    auto const future =
        scene.report({.verdict = "warn", .finished = now + std::chrono::seconds(1)});
    ASSERT_TRUE(scene.attach(future, scene.key));
    EXPECT_TRUE(earlier(scene, scene.key).value().empty());
    ASSERT_TRUE(scene.attach(scene.report({.verdict = "undecided"}), scene.key));
    EXPECT_TRUE(earlier(scene, scene.key).value().empty());
    ASSERT_TRUE(scene.attach(scene.report({.verdict = "warn", .finished = now}), scene.key));
    EXPECT_EQ(earlier(scene, scene.key).value().size(), 2U);
}

TEST(EarlierEvidence, TellsARegistryThatDoesNotAnswer) {
    EvidenceScene scene;
    scene.setting.referrers.before = [](test::Received const&) {
        return std::optional(test::Answer::json(403, "{}"));
    };
    EXPECT_EQ(earlier(scene, scene.key).error().kind(), ErrorKind::denied);
    EXPECT_EQ(baseline(scene, trusting(scene.key.public_file())).error().kind(), ErrorKind::denied);
}

} // namespace
} // namespace clairgate::gate
