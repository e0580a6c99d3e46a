#include "../../src/sign/timestamp.hpp"
#include <clairgate/base/limits.hpp>
#include <clairgate/sign/key.hpp>
#include <clairgate/sign/keyless.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sign/sigstore_peers.hpp>
#include <support/loopback_server.hpp>
#include <support/test_world.hpp>

namespace clairgate::sign {
namespace {

using nlohmann::json;
using test::Answer;
using test::LoopbackServer;
using test::OpensslAuthority;
using test::Received;
using test::TestWorld;

std::string const statement = R"({"_type":"https://in-toto.io/Statement/v1"})";

// All of Sigstore at one address; `before` may answer in its place.
struct Sigstore {
    Sigstore() : server(world.context, [this](Received const& r) { return answer(r); }) {}

    Answer answer(Received const& received) {
        if (before) {
            if (auto const instead = before(received))
                return *instead;
        }
        if (received.target == "/api/v2/signingCert")
            return test::fulcio_answer(authority.certify(test::requested_key(received)));
        if (received.target == "/api/v2/log/entries")
            return Answer::json(201, test::log_entry(received.body));
        if (received.target == "/api/v1/log/entries")
            return Answer::json(201, test::old_log_entry(received.body));
        return Answer::text(200, authority.stamp(received.body));
    }
    SigstoreService timestamps() const { return {server.url() + "/timestamp", 1, "operator"}; }
    SigstoreService log(unsigned version) const { return {server.url(), version, "operator"}; }
    SigningServices services() const {
        return {{server.url(), 1, "operator"}, {log(2)}, {timestamps()}};
    }

    Result<attest::Bundle> sign(SigningServices const& services, std::string payload = statement) {
        IdentityToken identity{Secret(test::jwt(R"({"sub":"repo:a/b"})")), "SIGSTORE_ID_TOKEN"};
        return world.run(sign_keyless(world.world,
                                      services,
                                      std::move(identity),
                                      std::move(payload),
                                      Deadline::after(world.clock, std::chrono::seconds(10))));
    }
    std::vector<std::string> targets() const {
        std::vector<std::string> out;
        for (auto const& one : server.received())
            out.push_back(one.target);
        return out;
    }

    OpensslAuthority authority;
    std::function<std::optional<Answer>(Received const&)> before;
    TestWorld world;
    LoopbackServer server;
};

using Targets = std::vector<std::string>;

TEST(SignKeyless, MakesABundleThatHoldsTogether) {
    Sigstore sigstore;
    auto const bundle = sigstore.sign(sigstore.services());
    ASSERT_TRUE(bundle.has_value()) << bundle.error().text();
    auto const& envelope = bundle->envelope;
    EXPECT_EQ(envelope.payload, statement);
    EXPECT_EQ(envelope.payload_type, attest::payload_type);
    ASSERT_TRUE(bundle->certificate.has_value());
    EXPECT_FALSE(bundle->key_hint.has_value());
    auto const key = PublicKey::from_certificate(bundle->certificate.value_or("")).value();
    auto const pae = attest::pae(envelope.payload_type, envelope.payload);
    EXPECT_TRUE(key.verify(pae, envelope.signature).has_value());
    ASSERT_EQ(bundle->timestamps.size(), 1U);
    EXPECT_TRUE(sigstore.authority.verifies(bundle->timestamps[0], envelope.signature));
    ASSERT_EQ(bundle->log_entries.size(), 1U);
    EXPECT_EQ(json::parse(bundle->log_entries[0]).at("kindVersion").at("kind"), "hashedrekord");
    auto const read = attest::parse_bundle(attest::bundle_json(*bundle));
    ASSERT_TRUE(read.has_value()) << read.error().text();
    EXPECT_EQ(read->envelope, envelope);
    EXPECT_EQ(read->timestamps, bundle->timestamps);
}

// What is public for ever comes last.
TEST(SignKeyless, AsksFulcioThenTheAuthorityThenTheLog) {
    Sigstore sigstore;
    ASSERT_TRUE(sigstore.sign(sigstore.services()).has_value());
    EXPECT_EQ(sigstore.targets(),
              (Targets{"/api/v2/signingCert", "/timestamp", "/api/v2/log/entries"}));
}

TEST(SignKeyless, SignsWithAnotherKeyEachTime) {
    Sigstore sigstore;
    auto const first = sigstore.sign(sigstore.services());
    auto const second = sigstore.sign(sigstore.services());
    ASSERT_TRUE(first.has_value() && second.has_value());
    EXPECT_NE(PublicKey::from_certificate(first->certificate.value_or("")).value(),
              PublicKey::from_certificate(second->certificate.value_or("")).value());
}

TEST(SignKeyless, AsksAsManyServicesAsItIsGiven) {
    Sigstore sigstore;
    auto services = sigstore.services();
    services.logs.push_back(sigstore.log(1));
    services.timestamps.push_back(sigstore.timestamps());
    auto const bundle = sigstore.sign(services);
    ASSERT_TRUE(bundle.has_value()) << bundle.error().text();
    EXPECT_EQ(bundle->timestamps.size(), 2U);
    ASSERT_EQ(bundle->log_entries.size(), 2U);
    EXPECT_EQ(json::parse(bundle->log_entries[1]).at("kindVersion").at("kind"), "dsse");
}

TEST(SignKeyless, StopsAtACertificateOfAnotherKey) {
    Sigstore sigstore;
    auto const other = PrivateKey::generate().value().public_key().pem();
    sigstore.before = [&](Received const& r) -> std::optional<Answer> {
        if (r.target == "/api/v2/signingCert")
            return test::fulcio_answer(sigstore.authority.certify(other));
        return std::nullopt;
    };
    auto const bundle = sigstore.sign(sigstore.services());
    ASSERT_FALSE(bundle.has_value());
    EXPECT_EQ(bundle.error().kind(), ErrorKind::integrity);
    EXPECT_EQ(sigstore.targets(), Targets{"/api/v2/signingCert"});
}

TEST(SignKeyless, LogsNothingWithoutItsTimestamp) {
    Sigstore sigstore;
    auto const of_other =
        sigstore.authority.stamp(timestamp_request("another signature", nonce_of("1")).value());
    sigstore.before = [&](Received const& r) -> std::optional<Answer> {
        if (r.target == "/timestamp")
            return Answer::text(200, of_other);
        return std::nullopt;
    };
    auto const bundle = sigstore.sign(sigstore.services());
    ASSERT_FALSE(bundle.has_value());
    EXPECT_EQ(bundle.error().kind(), ErrorKind::integrity);
    EXPECT_EQ(sigstore.targets(), (Targets{"/api/v2/signingCert", "/timestamp"}));
}

// The identity stays out of public logs when the signature cannot get into one.
TEST(SignKeyless, AsksNobodyWhenTheOldLogWouldRefuseTheSize) {
    Sigstore sigstore;
    auto services = sigstore.services();
    std::string const large(limits::mib, 'x');
    EXPECT_TRUE(sigstore.sign(services, large).has_value());
    auto const asked = sigstore.targets().size();
    services.logs.push_back(sigstore.log(1));
    auto const bundle = sigstore.sign(services, large);
    ASSERT_FALSE(bundle.has_value());
    EXPECT_EQ(bundle.error().kind(), ErrorKind::limit);
    EXPECT_EQ(sigstore.targets().size(), asked);
}

TEST(SignKeyless, EndsWithItsDeadline) {
    Sigstore sigstore;
    sigstore.before = [](Received const&) -> std::optional<Answer> {
        Answer answer;
        answer.fault = Answer::Fault::stall;
        return answer;
    };
    IdentityToken identity{Secret(test::jwt(R"({"sub":"repo:a/b"})")), "SIGSTORE_ID_TOKEN"};
    auto const bundle = sigstore.world.run(
        sign_keyless(sigstore.world.world,
                     sigstore.services(),
                     identity,
                     statement,
                     Deadline::after(sigstore.world.clock, std::chrono::milliseconds(200))));
    ASSERT_FALSE(bundle.has_value());
    EXPECT_EQ(bundle.error().kind(), ErrorKind::timeout);
    EXPECT_EQ(bundle.error().text().find(identity.token.reveal()), std::string::npos);
}

} // namespace
} // namespace clairgate::sign
