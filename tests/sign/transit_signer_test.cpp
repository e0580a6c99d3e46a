#include <clairgate/base/text.hpp>
#include <clairgate/sign/signer.hpp>

#include <gtest/gtest.h>

#include <sign/fake_transit.hpp>

namespace clairgate::sign {
namespace {

Result<std::unique_ptr<Signer>> make(FakeTransit& fake, std::string reference) {
    return fake.world.run(
        make_signer({fake.world.world, {}}, std::move(reference), fake.deadline()));
}

TEST(TransitSigner, SignsWithEachTypeOfKey) {
    FakeTransit fake;
    std::vector<std::pair<std::string, Secret>> const keys{{"ecdsa-p256", fake.peer.p256()},
                                                           {"ecdsa-p384", fake.peer.p384()},
                                                           {"rsa-2048", fake.peer.rsa()},
                                                           {"ed25519", fake.peer.ed25519()}};
    for (auto const& [type, key] : keys) {
        fake.add(type, type, key);
        auto const signer = make(fake, "hashivault://" + type);
        ASSERT_TRUE(signer.has_value()) << type << signer.error().text();
        auto const bundle = fake.world.run(sign_statement(**signer, "{}", fake.deadline()));
        ASSERT_TRUE(bundle.has_value()) << type << bundle.error().text();
        auto const half = fake.peer.public_key(key);
        EXPECT_EQ((*signer)->public_key().pem(), half);
        EXPECT_TRUE(verify_bundle(*bundle, PublicKey::from_pem(half).value()).has_value()) << type;
    }
}

TEST(TransitSigner, KnowsThePublicKey) {
    FakeTransit fake;
    auto const key = fake.peer.p256();
    fake.add("key", "ecdsa-p256", key);
    auto const found =
        fake.world.run(public_key_of({fake.world.world, {}}, "openbao://key", fake.deadline()));
    ASSERT_TRUE(found.has_value()) << found.error().text();
    EXPECT_EQ(found->pem(), fake.peer.public_key(key));
}

// The evidence names one key: a rotation in between must not exchange it.
TEST(TransitSigner, StaysWithTheVersionItStartedWith) {
    FakeTransit fake;
    auto const first = fake.peer.p256();
    fake.add("key", "ecdsa-p256", first);
    auto const signer = make(fake, "hashivault://key").value();
    fake.add("key", "ecdsa-p256", fake.peer.p256());
    EXPECT_TRUE(fake.world.run(sign_statement(*signer, "{}", fake.deadline())).has_value());
    EXPECT_EQ(signer->public_key().pem(), fake.peer.public_key(first));
    auto const later = make(fake, "hashivault://key").value();
    EXPECT_FALSE(later->public_key() == signer->public_key());
    EXPECT_TRUE(fake.world.run(sign_statement(*later, "{}", fake.deadline())).has_value());
}

TEST(TransitSigner, TellsWhatIsMissingBeforeItAsksAnybody) {
    FakeTransit fake;
    EXPECT_EQ(make(fake, "hashivault://a/b").error().kind(), ErrorKind::usage);
    fake.world.environment = io::Environment({});
    auto const error = make(fake, "hashivault://key").error();
    EXPECT_EQ(error.kind(), ErrorKind::config);
    EXPECT_NE(error.text().find("VAULT_ADDR"), std::string::npos);
    EXPECT_TRUE(fake.received().empty());
}

} // namespace
} // namespace clairgate::sign
