#include <clairgate/gate/policy_signature.hpp>

#include <gtest/gtest.h>

#include <gate/signed_report.hpp>
#include <registry/evidence_setting.hpp>

namespace clairgate::gate {
namespace {

using test::KeyPair;

// A registry with a policy under the tag "v1".
struct Scene {
    Scene() { pushed = push("[severity]\nlow = \"block\"\n").value(); }

    Deadline deadline() const { return setting.deadline(); }
    image::Reference tagged(std::string const& tag = "v1") const {
        return setting.registry.tagged(tag);
    }
    image::Reference pinned() const { return setting.registry.at(pushed->digest); }
    Result<PushedPolicy> push(std::string const& text) {
        return setting.world.run(push_policy(setting.world.world,
                                             {},
                                             {{"global.toml", "schema = 1\n" + text}},
                                             tagged(),
                                             deadline()));
    }
    Result<void> sign(KeyPair const& with, Storage storage = Storage::both) {
        SigningChoice choice;
        choice.key = with.private_file();
        auto& world = setting.world.world;
        auto notary = setting.world.run(Notary::make(world, choice, deadline())).value();
        return setting.world.run(sign_policy(
            world, {}, setting.registry.repository(), *pushed, notary, storage, deadline()));
    }
    Result<image::Reference> look(std::string const& key_file, std::string const& tag = "v1") {
        return setting.world.run(
            signed_policy(setting.world.world, {}, tagged(tag), key_file, deadline()));
    }
    // Puts this beside the policy as if somebody had attached it.
    void attach(std::string bundle, std::string_view type = attest::predicate_type::signature) {
        registry::EvidenceSubject subject{setting.registry.repository(),
                                          pushed->digest,
                                          std::string(image::media_type::oci_manifest),
                                          pushed->size_bytes};
        registry::NewEvidence evidence{
            std::string(type), std::move(bundle), "", "2026-11-24T12:00:00Z", {}};
        registry::EvidenceChange change{{std::move(evidence)}};
        auto const done = setting.world.run(registry::attach_evidence(
            setting.world.world, {}, subject, std::move(change), setting.limits, deadline()));
        ASSERT_TRUE(done.has_value()) << done.error().text();
    }
    std::string statement(image::Digest const& about, std::string_view type) const {
        return attest::statement_json(
            {{{setting.registry.repository().text(), about}}, std::string(type), "{}"});
    }

    test::EvidenceSetting setting;
    std::optional<PushedPolicy> pushed;
    KeyPair key;
};

ErrorKind kind_of(Result<image::Reference> const& result) {
    EXPECT_FALSE(result.has_value());
    return result.error().kind();
}

TEST(SignedPolicy, IsWhatTheTagStandsFor) {
    for (auto const storage : {Storage::both, Storage::bundle, Storage::envelope}) {
        Scene scene;
        ASSERT_TRUE(scene.sign(scene.key, storage).has_value());
        auto const found = scene.look(scene.key.public_file());
        ASSERT_TRUE(found.has_value()) << found.error().text();
        EXPECT_EQ(found->text(), scene.pinned().text());
        EXPECT_EQ(scene.setting.referrers.tagged(scene.setting.attestations()), "");
    }
}

TEST(SignedPolicy, NeedsASignatureOfThatKey) {
    Scene scene;
    auto const unsigned_one = scene.look(scene.key.public_file());
    ASSERT_EQ(kind_of(unsigned_one), ErrorKind::policy);
    EXPECT_NE(unsigned_one.error().text().find(scene.pinned().text()), std::string::npos);
    ASSERT_TRUE(scene.sign(KeyPair()).has_value());
    EXPECT_EQ(kind_of(scene.look(scene.key.public_file())), ErrorKind::policy);
    ASSERT_TRUE(scene.sign(scene.key).has_value()); // beside the other one
    EXPECT_TRUE(scene.look(scene.key.public_file()).has_value());
}

TEST(SignedPolicy, IsReadOnceSoThatAMovedTagNeedsItsOwnSignature) {
    Scene scene;
    ASSERT_TRUE(scene.sign(scene.key).has_value());
    auto const first = scene.pinned();
    scene.pushed = scene.push("[severity]\nlow = \"allow\"\n").value();
    EXPECT_NE(scene.pinned().text(), first.text());
    EXPECT_EQ(kind_of(scene.look(scene.key.public_file())), ErrorKind::policy);
}

TEST(SignedPolicy, TakesNoSignatureOfSomethingElse) {
    namespace type = attest::predicate_type;
    Scene scene;
    auto const& digest = scene.pushed->digest;
    auto const bundle = [&](std::string const& statement) {
        return attest::bundle_json(scene.key.sign(statement));
    };
    // About another artifact, of another type, or none at all: each by the right key.
    scene.attach(bundle(scene.statement(image::Digest::of("other"), type::signature)));
    scene.attach(bundle(scene.statement(digest, type::vuln)));
    scene.attach(bundle("{}"));
    scene.attach("{}");
    EXPECT_EQ(kind_of(scene.look(scene.key.public_file())), ErrorKind::policy);
    // The right statement, by the right key: whoever put it there.
    scene.attach(bundle(scene.statement(digest, type::signature)));
    EXPECT_TRUE(scene.look(scene.key.public_file()).has_value());
}

TEST(SignedPolicy, TellsATagOrAKeyThatIsNotThere) {
    Scene scene;
    ASSERT_TRUE(scene.sign(scene.key).has_value());
    EXPECT_EQ(kind_of(scene.look(scene.key.public_file(), "v2")), ErrorKind::policy);
    auto const keyless = scene.look("/nowhere/cosign.pub");
    ASSERT_EQ(kind_of(keyless), ErrorKind::config);
    EXPECT_NE(keyless.error().text().find("--policy-key"), std::string::npos);
}

TEST(SignPolicy, TellsThatTheSignatureIsNotThere) {
    Scene scene;
    SigningChoice choice;
    choice.key = scene.key.private_file();
    auto& world = scene.setting.world;
    auto notary = world.run(Notary::make(world.world, choice, scene.deadline())).value();
    auto const over = Deadline::after(world.world.clock, Duration::zero());
    auto const repository = scene.setting.registry.repository();
    auto const done = world.run(
        sign_policy(world.world, {}, repository, *scene.pushed, notary, Storage::both, over));
    ASSERT_FALSE(done.has_value());
    EXPECT_EQ(done.error().kind(), ErrorKind::timeout);
}

} // namespace
} // namespace clairgate::gate
