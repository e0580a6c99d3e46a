#include <clairgate/attest/envelope.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/sign/key_text.hpp>
#include <clairgate/sign/signer.hpp>

#include <gtest/gtest.h>

#include <set>
#include <sign/openssl_peer.hpp>
#include <sign/sample_keys.hpp>

namespace clairgate::sign {
namespace {

std::string const statement = R"({"_type":"https://in-toto.io/Statement/v1"})";

// Signs with one key and shows another, or answers what it was told to.
class LyingSigner final : public Signer {
  public:
    LyingSigner(PublicKey shown, Result<std::string> answer)
        : shown_(std::move(shown)), answer_(std::move(answer)) {}
    PublicKey const& public_key() const override { return shown_; }
    io::Task<Result<std::string>> sign(std::string, Deadline) override { co_return answer_; }

  private:
    PublicKey shown_;
    Result<std::string> answer_;
};

struct Signing {
    Deadline deadline() const { return Deadline::after(world.clock, std::chrono::seconds(20)); }
    Result<attest::Bundle> sign(Signer& signer) {
        return world.run(sign_statement(signer, statement, deadline()));
    }
    Result<std::unique_ptr<Signer>> make(std::string reference) {
        return world.run(make_signer({world.world, {}}, std::move(reference), deadline()));
    }
    Result<PublicKey> find(std::string reference) {
        return world.run(public_key_of({world.world, {}}, std::move(reference), deadline()));
    }
    test::TestWorld world;
    OpenSslPeer peer;
};

TEST(SignStatement, GivesABundleThatOpensslVerifies) {
    Signing signing;
    for (auto const& pem : {signing.peer.p256(), signing.peer.p384(), signing.peer.rsa()}) {
        auto const signer = signer_of(PrivateKey::from_pem(pem).value());
        auto const bundle = signing.sign(*signer);
        ASSERT_TRUE(bundle.has_value()) << bundle.error().text();
        EXPECT_EQ(bundle->envelope.payload, statement);
        EXPECT_EQ(bundle->envelope.payload_type, "application/vnd.in-toto+json");
        EXPECT_EQ(bundle->key_hint, signer->public_key().hint());
        EXPECT_FALSE(bundle->certificate.has_value());
        // DSSE protocol.md, "Signature Definition".
        auto const signed_bytes =
            cat("DSSEv1 28 application/vnd.in-toto+json ", statement.size(), " ", statement);
        EXPECT_TRUE(signing.peer.verifies(
            signing.peer.public_key(pem), signed_bytes, bundle->envelope.signature));
    }
    auto const signer = signer_of(PrivateKey::from_pem(signing.peer.ed25519()).value());
    EXPECT_TRUE(signing.sign(*signer).has_value());
}

TEST(SignStatement, LetsNothingOutThatDoesNotVerify) {
    Signing signing;
    auto const key = PrivateKey::from_pem(signing.peer.p256()).value();
    auto const shown = PrivateKey::generate().value().public_key();
    auto const good = key.sign(attest::pae(attest::payload_type, statement)).value();
    for (auto const& answer : {good, key.sign(statement).value(), std::string(), good + '\0'}) {
        LyingSigner signer(shown, answer);
        auto const bundle = signing.sign(signer);
        ASSERT_FALSE(bundle.has_value());
        EXPECT_EQ(bundle.error().kind(), ErrorKind::integrity);
    }
    LyingSigner honest(key.public_key(), good);
    EXPECT_TRUE(signing.sign(honest).has_value());
    LyingSigner failing(shown, Error(ErrorKind::denied, "no"));
    EXPECT_EQ(signing.sign(failing).error().kind(), ErrorKind::denied);
}

TEST(VerifyBundle, IsAboutThisPayloadAndThisKey) {
    Signing signing;
    auto const signer = signer_of(PrivateKey::generate().value());
    auto const& key = signer->public_key();
    auto const good = signing.sign(*signer).value();
    EXPECT_TRUE(verify_bundle(good, key).has_value());
    EXPECT_TRUE(verify_envelope(good.envelope, key).has_value());
    auto const expect_refused = [&](attest::Bundle const& bundle, PublicKey const& by) {
        auto const verified = verify_bundle(bundle, by);
        ASSERT_FALSE(verified.has_value());
        EXPECT_EQ(verified.error().kind(), ErrorKind::integrity);
    };
    expect_refused(good, PrivateKey::generate().value().public_key());
    auto bundle = good;
    bundle.envelope.payload += ' ';
    expect_refused(bundle, key);
    bundle = good;
    bundle.envelope.signature.clear();
    expect_refused(bundle, key);
    bundle = good;
    bundle.certificate = "DER"; // then the key's signature proves nothing about the certificate
    expect_refused(bundle, key);
}

TEST(VerifyEnvelope, TakesOneTypeOfPayload) {
    auto const key = PrivateKey::generate().value();
    for (std::string const type : {"application/vnd.in-toto.provenance+json", "text/plain", ""}) {
        attest::Envelope envelope{statement, type, ""};
        envelope.signature = key.sign(attest::pae(type, statement)).value();
        auto const verified = verify_envelope(envelope, key.public_key());
        ASSERT_FALSE(verified.has_value()) << type;
        EXPECT_EQ(verified.error().kind(), ErrorKind::integrity);
    }
    // A signature of the payload alone, or of another division into type and payload.
    attest::Envelope envelope{statement, std::string(attest::payload_type), ""};
    envelope.signature = key.sign(statement).value();
    EXPECT_FALSE(verify_envelope(envelope, key.public_key()).has_value());
    envelope.signature = key.sign(cat(attest::payload_type, statement)).value();
    EXPECT_FALSE(verify_envelope(envelope, key.public_key()).has_value());
}

TEST(SignerSchemes, AreNamedOnceWithAnExampleOfTheirOwn) {
    std::set<std::string_view> names;
    for (auto const& scheme : signer_schemes()) {
        EXPECT_TRUE(names.insert(scheme.scheme).second);
        EXPECT_FALSE(scheme.help.empty());
        bool const is_own = scheme.example.starts_with(cat(scheme.scheme, ":"));
        EXPECT_TRUE(is_own || scheme.scheme == "file") << scheme.example;
    }
    EXPECT_EQ(names, (std::set<std::string_view>{"file", "env", "hashivault", "openbao", "exec"}));
}

TEST(MakeSigner, SuggestsTheSchemeThatWasMeant) {
    Signing signing;
    for (auto const& [reference, meant] :
         std::vector<std::pair<std::string, std::string>>{{"hashivalt://key", "hashivault"},
                                                          {"openboa://key", "openbao"},
                                                          {"exce:/bin/true", "exec"},
                                                          {"Env://KEY", "env"}}) {
        auto const signer = signing.make(reference);
        ASSERT_FALSE(signer.has_value()) << reference;
        EXPECT_EQ(signer.error().kind(), ErrorKind::usage);
        EXPECT_NE(signer.error().message().find(cat("did you mean ", meant)), std::string::npos)
            << signer.error().message();
        EXPECT_EQ(signing.find(reference).error().kind(), ErrorKind::usage);
    }
}

TEST(MakeSigner, TellsWhatThereIs) {
    Signing signing;
    for (auto const* reference : {"awskms:///alias/key", "https://h.example/key", "k8s://ns/key"}) {
        auto const signer = signing.make(reference);
        ASSERT_FALSE(signer.has_value()) << reference;
        EXPECT_EQ(signer.error().kind(), ErrorKind::usage);
        EXPECT_NE(signer.error().remedy().find("exec:/"), std::string::npos);
    }
    EXPECT_EQ(signing.make("").error().kind(), ErrorKind::usage);
    EXPECT_EQ(signing.find(" ").error().kind(), ErrorKind::usage);
}

TEST(MakeSigner, TakesABarePathForAFile) {
    Signing signing;
    signing.peer.write("a:b", signing.peer.p256().reveal());
    auto const path = signing.peer.path("a:b").string();
    EXPECT_TRUE(signing.make(path).has_value()); // the slash tells it from a scheme
    EXPECT_TRUE(signing.make("file:" + path).has_value());
    EXPECT_TRUE(signing.find(path).has_value());
    EXPECT_EQ(signing.make("release.key").error().kind(), ErrorKind::config);
}

} // namespace
} // namespace clairgate::sign
