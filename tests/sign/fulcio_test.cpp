#include "../../src/sign/fulcio.hpp"
#include <clairgate/base/bytes.hpp>
#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sign/sigstore_peers.hpp>
#include <support/loopback_server.hpp>
#include <support/test_world.hpp>

namespace clairgate::sign {
namespace {

using nlohmann::json;
using test::Answer;
using test::fulcio_answer;
using test::jwt;
using test::LoopbackServer;
using test::OpensslAuthority;
using test::Received;
using test::requested_key;
using test::TestWorld;

IdentityToken identity() {
    return {Secret(jwt(R"({"sub":"repo:a/b","email":"a@b.c","email_verified":"true"})")),
            "SIGSTORE_ID_TOKEN"};
}

struct Asking {
    explicit Asking(LoopbackServer::Handler handler) : server(world.context, std::move(handler)) {}
    Result<Certificate> ask() { return ask(server.url()); }
    Result<Certificate> ask(std::string url) {
        return world.run(
            request_certificate(world.world,
                                {std::move(url), 1, "operator"},
                                key,
                                identity(),
                                Deadline::after(world.clock, std::chrono::milliseconds(1500))));
    }
    PrivateKey key = PrivateKey::generate().value();
    TestWorld world;
    LoopbackServer server;
};

TEST(RequestCertificate, ProvesThePossessionOfTheKeyAndGetsItsLeaf) {
    OpensslAuthority authority;
    Asking asking(
        [&](Received const& r) { return fulcio_answer(authority.certify(requested_key(r))); });
    auto const certificate = asking.ask();
    ASSERT_TRUE(certificate.has_value()) << certificate.error().text();
    EXPECT_EQ(PublicKey::from_certificate(certificate->der).value(), asking.key.public_key());
    ASSERT_EQ(asking.server.received().size(), 1U);
    auto const& received = asking.server.received().front();
    EXPECT_EQ(received.method, "POST");
    EXPECT_EQ(received.target, "/api/v2/signingCert");
    EXPECT_EQ(received.headers.at("content-type"), "application/json");
    auto const body = json::parse(received.body);
    auto const& request = body.at("publicKeyRequest");
    EXPECT_EQ(body.at("credentials").at("oidcIdentityToken"), identity().token.reveal());
    EXPECT_EQ(request.at("publicKey").at("algorithm"), "ECDSA");
    EXPECT_EQ(request.at("publicKey").at("content"), asking.key.public_key().pem());
    auto const proof = from_base64(request.at("proofOfPossession").get<std::string>()).value();
    EXPECT_TRUE(asking.key.public_key().verify("a@b.c", proof).has_value());
    EXPECT_EQ(received.body.find("PRIVATE"), std::string::npos);
}

TEST(RequestCertificate, RefusesACertificateOfAnotherKey) {
    OpensslAuthority authority;
    auto const other = PrivateKey::generate().value().public_key().pem();
    Asking asking([&](Received const&) { return fulcio_answer(authority.certify(other)); });
    auto const certificate = asking.ask();
    ASSERT_FALSE(certificate.has_value());
    EXPECT_EQ(certificate.error().kind(), ErrorKind::integrity);
    EXPECT_EQ(asking.server.received().size(), 1U);
}

TEST(RequestCertificate, TriesAgainWhatPasses) {
    OpensslAuthority authority;
    int tries = 0;
    Asking asking([&](Received const& r) {
        return ++tries < 3 ? Answer::text(tries == 1 ? 500 : 429, "")
                           : fulcio_answer(authority.certify(requested_key(r)));
    });
    EXPECT_TRUE(asking.ask().has_value());
}

TEST(RequestCertificate, SaysWhyFulcioRefuses) {
    for (auto const& [status, kind] :
         {std::pair(400, ErrorKind::protocol), std::pair(401, ErrorKind::denied)}) {
        Asking asking([s = status](Received const&) {
            return Answer::json(s, R"({"code":16,"message":"token expired"})");
        });
        auto const certificate = asking.ask();
        ASSERT_FALSE(certificate.has_value());
        EXPECT_EQ(certificate.error().kind(), kind);
        EXPECT_NE(certificate.error().text().find("token expired"), std::string::npos);
        EXPECT_NE(certificate.error().remedy().find("SIGSTORE_ID_TOKEN"), std::string::npos);
        EXPECT_EQ(asking.server.received().size(), 1U);
    }
}

TEST(RequestCertificate, FollowsNoRedirect) {
    TestWorld other_world;
    LoopbackServer other(other_world.context,
                         [](Received const&) { return Answer::text(200, ""); });
    Asking asking([&](Received const&) {
        auto answer = Answer::text(307, "");
        answer.headers = {{"Location", other.url() + "/api/v2/signingCert"}};
        return answer;
    });
    EXPECT_FALSE(asking.ask().has_value());
    EXPECT_EQ(other.connections(), 0U);
}

TEST(RequestCertificate, RefusesAnAnswerThatIsTooLong) {
    Asking asking(
        [](Received const&) { return Answer::json(200, std::string(128 * limits::kib + 1, ' ')); });
    auto const certificate = asking.ask();
    ASSERT_FALSE(certificate.has_value());
    EXPECT_EQ(certificate.error().kind(), ErrorKind::limit);
}

TEST(RequestCertificate, SendsTheTokenOverHttpsAlone) {
    Asking asking([](Received const&) { return Answer::text(200, ""); });
    auto const certificate = asking.ask("http://fulcio.example");
    ASSERT_FALSE(certificate.has_value());
    EXPECT_EQ(certificate.error().kind(), ErrorKind::config);
}

TEST(CertificateOfAnswer, TakesACertificateWithTheSctBesideIt) {
    OpensslAuthority authority;
    auto const key = PrivateKey::generate().value().public_key();
    json const answer = {
        {"signedCertificateDetachedSct",
         {{"chain", {{"certificates", json::array({authority.certify(key.pem())})}}},
          {"signedCertificateTimestamp", "e30="}}}};
    EXPECT_TRUE(certificate_of_answer(answer.dump(), key).has_value());
}

TEST(CertificateOfAnswer, RefusesWhatHoldsNoCertificate) {
    auto const key = PrivateKey::generate().value().public_key();
    auto const chain = [](std::string const& certificates) {
        return cat(
            R"({"signedCertificateEmbeddedSct":{"chain":{"certificates":)", certificates, "}}}");
    };
    for (auto const& text :
         {std::string("{}"),
          std::string("<html>"),
          std::string(R"({"signedCertificateEmbeddedSct":{}})"),
          std::string(R"({"signedCertificateEmbeddedSct":"x"})"),
          chain("[]"),
          chain("{}"),
          chain("[1]"),
          chain(R"(["x"])"),
          chain(R"(["-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])"),
          chain(cat("[", json(key.pem()).dump(), "]"))}) {
        auto const certificate = certificate_of_answer(text, key);
        ASSERT_FALSE(certificate.has_value()) << text;
        EXPECT_EQ(certificate.error().kind(), ErrorKind::protocol) << text;
    }
}

} // namespace
} // namespace clairgate::sign
