#include <clairgate/base/text.hpp>
#include <clairgate/sign/key_text.hpp>

#include <gtest/gtest.h>

#include <map>
#include <sign/openssl_peer.hpp>
#include <sign/sample_keys.hpp>

namespace clairgate::sign {
namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

// A world with a person who answers, or none.
struct Reader {
    explicit Reader(Variables variables, std::optional<std::string> answer = std::nullopt)
        : world(std::move(variables)), context{world.world, {}} {
        context.ask_password = [this, answer](std::string_view prompt) {
            prompts.emplace_back(prompt);
            return answer ? std::optional(Secret(*answer)) : std::nullopt;
        };
    }
    Result<PrivateKey> read(std::string_view pem) {
        return private_key_of_text(context, Secret(std::string(pem)), "the key");
    }
    Result<PublicKey> read_public(std::string_view pem) {
        return public_key_of_text(context, Secret(std::string(pem)), "the key");
    }
    test::TestWorld world;
    SignerContext context;
    std::vector<std::string> prompts;
};

TEST(KeyText, TakesThePasswordFromTheEnvironmentFirst) {
    Reader reader({{"COSIGN_PASSWORD", std::string(sample::cosign_password)}}, "typed");
    auto const key = reader.read(sample::cosign_private);
    ASSERT_TRUE(key.has_value()) << key.error().text();
    EXPECT_EQ(key->public_key().pem(), sample::cosign_public);
    EXPECT_TRUE(reader.prompts.empty());
}

TEST(KeyText, TakesAnEmptyVariableForTheEmptyPassword) {
    Reader reader({{"COSIGN_PASSWORD", ""}}, "typed");
    EXPECT_TRUE(reader.read(sample::older_private).has_value());
    EXPECT_TRUE(reader.prompts.empty());
}

TEST(KeyText, AsksAPerson) {
    Reader reader({}, "");
    EXPECT_TRUE(reader.read(sample::older_private).has_value());
    ASSERT_EQ(reader.prompts.size(), 1U);
    EXPECT_NE(reader.prompts[0].find("the key"), std::string::npos);
}

TEST(KeyText, NamesTheVariableWhenThereIsNoPassword) {
    Reader reader({});
    auto const key = reader.read(sample::older_private);
    ASSERT_FALSE(key.has_value());
    EXPECT_EQ(key.error().kind(), ErrorKind::config);
    EXPECT_NE(key.error().remedy().find("COSIGN_PASSWORD"), std::string::npos);
    EXPECT_NE(key.error().text().find("the key"), std::string::npos);
    reader.context.ask_password = nullptr;
    EXPECT_EQ(reader.read(sample::older_private).error().kind(), ErrorKind::config);
}

TEST(KeyText, AsksForNoPasswordThatIsNotNeeded) {
    OpenSslPeer peer;
    Reader reader({}, "typed");
    EXPECT_TRUE(reader.read(peer.p256().reveal()).has_value());
    EXPECT_TRUE(reader.read_public(sample::cosign_public).has_value());
    EXPECT_TRUE(reader.prompts.empty());
}

TEST(KeyText, KnowsThePublicKeyOfEveryKind) {
    OpenSslPeer peer;
    auto const key = peer.p256();
    auto const half = peer.public_key(key);
    auto const certificate = peer.run({"req", "-x509", "-new", "-key", "key", "-subj", "/CN=x"});
    Reader reader(Variables{{"COSIGN_PASSWORD", ""}});
    EXPECT_EQ(reader.read_public(key.reveal()).value().pem(), half);
    EXPECT_EQ(reader.read_public(half).value().pem(), half);
    EXPECT_EQ(reader.read_public(certificate).value().pem(), half);
    EXPECT_EQ(reader.read_public(sample::older_private).value().pem(), sample::rfc6979_pem);
    EXPECT_EQ(reader.read_public("text").error().kind(), ErrorKind::config);
}

TEST(KeyText, NeverShowsThePasswordOrTheKey) {
    Reader reader(Variables{{"COSIGN_PASSWORD", "hunter2hunter2"}});
    auto const error = reader.read(sample::older_private).error();
    auto const said = cat(error.text(), error.remedy());
    EXPECT_EQ(said.find("hunter2"), std::string::npos);
    EXPECT_EQ(said.find("eyJrZGYi"), std::string::npos);
    EXPECT_TRUE(reader.world.events.empty());
}

TEST(KeyText, MakesASigner) {
    OpenSslPeer peer;
    test::TestWorld world;
    auto const pem = peer.p256();
    auto const signer = signer_of(PrivateKey::from_pem(pem).value());
    auto const deadline = Deadline::after(world.clock, std::chrono::seconds(10));
    auto const signature = world.run(signer->sign("message", deadline)).value();
    EXPECT_EQ(signer->public_key().pem(), peer.public_key(pem));
    EXPECT_TRUE(peer.verifies(signer->public_key().pem(), "message", signature));
}

} // namespace
} // namespace clairgate::sign
