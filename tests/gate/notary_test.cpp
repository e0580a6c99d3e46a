#include <clairgate/base/text.hpp>
#include <clairgate/gate/notary.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <gate/signed_report.hpp>
#include <sign/sample_keys.hpp>
#include <sign/sigstore_peers.hpp>
#include <support/loopback_server.hpp>
#include <support/test_world.hpp>

namespace clairgate::gate {
namespace {

using nlohmann::json;
using test::Answer;
using test::Received;
using Variables = std::map<std::string, std::string, std::less<>>;

constexpr auto signing_config_type = "application/vnd.dev.sigstore.signingconfig.v0.2+json";

class Desk {
  public:
    explicit Desk(Variables variables = {}) : world(std::move(variables)) {}

    Result<Notary> make(SigningChoice choice) {
        return world.run(Notary::make(world.world, std::move(choice), deadline()));
    }
    Result<attest::Bundle> sign(Notary& notary, std::string statement) {
        return world.run(notary.sign(std::move(statement), deadline()));
    }
    Deadline deadline() const { return Deadline::after(world.clock, std::chrono::seconds(20)); }
    std::string write(std::string const& text) const {
        auto const file = (folder_.path() / "signing_config.json").string();
        std::ofstream(file) << text;
        return file;
    }
    test::TestWorld world;

  private:
    test::TempDir folder_;
};

// All services of Sigstore at one address.
json signing_config(std::string const& url) {
    auto const service = [&url](unsigned version) {
        return json::array({{{"url", url},
                             {"majorApiVersion", version},
                             {"validFor", {{"start", "2024-01-01T00:00:00Z"}}},
                             {"operator", "one.example"}}});
    };
    return {{"mediaType", signing_config_type},
            {"caUrls", service(1)},
            {"rekorTlogUrls", service(2)},
            {"tsaUrls", service(1)},
            {"rekorTlogConfig", {{"selector", "ANY"}}},
            {"tsaConfig", {{"selector", "ANY"}}}};
}

SigningChoice keyed(std::string key) {
    SigningChoice choice;
    choice.key = std::move(key);
    return choice;
}

SigningChoice keyless(std::string file) {
    SigningChoice choice;
    choice.key = "keyless";
    choice.signing_config_file = std::move(file);
    return choice;
}

TEST(Notary, SignsWithTheKeyThatIsNamed) {
    Desk desk;
    test::KeyPair const key;
    auto notary = desk.make(keyed(key.private_file()));
    ASSERT_TRUE(notary.has_value()) << notary.error().text();
    ASSERT_TRUE(notary->key().has_value());
    EXPECT_EQ(notary->key()->pem(), key.public_key().pem());
    auto const bundle = desk.sign(*notary, "{}").value();
    EXPECT_EQ(bundle.envelope.payload, "{}");
    EXPECT_EQ(bundle.key_hint, key.public_key().hint());
    EXPECT_TRUE(sign::verify_bundle(bundle, key.public_key()).has_value());
    EXPECT_FALSE(sign::verify_bundle(bundle, test::KeyPair().public_key()).has_value());
}

TEST(Notary, KnowsAKeyThatCannotBeUsedBeforeAnythingIsSigned) {
    auto const missing = Desk().make(keyed("/nowhere/cosign.key"));
    ASSERT_FALSE(missing.has_value());
    EXPECT_EQ(missing.error().kind(), ErrorKind::config);
    EXPECT_TRUE(missing.error().text().starts_with("--sign: ")) << missing.error().text();
    EXPECT_EQ(Desk().make(keyed("vault://key")).error().kind(), ErrorKind::usage);
    Desk wrong({{"COSIGN_PASSWORD", "x"}, {"KEY", std::string(sign::sample::older_private)}});
    EXPECT_EQ(wrong.make(keyed("env://KEY")).error().kind(), ErrorKind::config);
    EXPECT_EQ(Desk().make(keyed(test::KeyPair().public_file())).error().kind(), ErrorKind::config);
}

TEST(Notary, OfAnIdentityReadsWhereAndWhoAtOnce) {
    Desk nobody;
    auto const lost = nobody.make(keyless("/nowhere/config.json"));
    ASSERT_FALSE(lost.has_value());
    EXPECT_EQ(lost.error().kind(), ErrorKind::config);
    EXPECT_NE(lost.error().text().find("--signing-config"), std::string::npos);
    auto const odd = nobody.make(keyless(nobody.write("{}")));
    ASSERT_FALSE(odd.has_value());
    EXPECT_EQ(odd.error().kind(), ErrorKind::config);
    EXPECT_NE(odd.error().text().find("signing_config.json"), std::string::npos);
    auto const file = nobody.write(signing_config("https://sigstore.example").dump());
    auto const anonymous = nobody.make(keyless(file));
    ASSERT_FALSE(anonymous.has_value());
    EXPECT_EQ(anonymous.error().kind(), ErrorKind::config);
    EXPECT_NE(anonymous.error().text().find("identity token"), std::string::npos);
    auto choice = keyless(file);
    choice.token_file = "/nowhere/token";
    EXPECT_EQ(nobody.make(choice).error().kind(), ErrorKind::config);
}

TEST(Notary, OfAnIdentitySignsWithACertificate) {
    Desk desk({{"SIGSTORE_ID_TOKEN", test::jwt(R"({"sub":"repo:a/b","aud":"sigstore"})")}});
    test::OpensslAuthority authority;
    test::LoopbackServer server(desk.world.context, [&](Received const& received) {
        if (received.target == "/api/v2/signingCert")
            return test::fulcio_answer(authority.certify(test::requested_key(received)));
        if (received.target == "/api/v2/log/entries")
            return Answer::json(201, test::log_entry(received.body));
        return Answer::text(200, authority.stamp(received.body));
    });
    auto notary = desk.make(keyless(desk.write(signing_config(server.url()).dump())));
    ASSERT_TRUE(notary.has_value()) << notary.error().text();
    EXPECT_FALSE(notary->key().has_value());
    EXPECT_TRUE(server.received().empty()); // nothing is asked for before there is a report
    auto const bundle = desk.sign(*notary, R"({"_type":"x"})");
    ASSERT_TRUE(bundle.has_value()) << bundle.error().text();
    ASSERT_TRUE(bundle->certificate.has_value());
    auto const signer = sign::PublicKey::from_certificate(*bundle->certificate).value();
    EXPECT_TRUE(sign::verify_envelope(bundle->envelope, signer).has_value());
    EXPECT_EQ(bundle->log_entries.size(), 1U);
    EXPECT_EQ(bundle->timestamps.size(), 1U);
}

} // namespace
} // namespace clairgate::gate
