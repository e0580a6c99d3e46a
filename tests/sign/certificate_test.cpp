#include <clairgate/base/text.hpp>
#include <clairgate/sign/certificate.hpp>

#include <gtest/gtest.h>

#include <sign/openssl_peer.hpp>

namespace clairgate::sign {
namespace {

constexpr char const* issuer_extension = "1.3.6.1.4.1.57264.1.8=ASN1:UTF8String:";

// A self-signed certificate, DER, with these extensions.
std::string certificate(std::vector<std::string> const& extensions) {
    OpenSslPeer peer;
    peer.write("key.pem", peer.p256().reveal());
    std::vector<std::string> arguments{"req",
                                       "-x509",
                                       "-key",
                                       peer.path("key.pem").string(),
                                       "-subj",
                                       "/CN=test",
                                       "-outform",
                                       "DER",
                                       "-out",
                                       peer.path("certificate.der").string()};
    for (auto const& extension : extensions) {
        arguments.emplace_back("-addext");
        arguments.push_back(extension);
    }
    (void)peer.run(arguments);
    return peer.read("certificate.der");
}

std::string of(std::string const& name, std::string const& issuer) {
    return certificate({cat("subjectAltName=email:", name), cat(issuer_extension, issuer)});
}

TEST(IdentityInCertificate, IsNameAndIssuerWhateverTheKey) {
    auto const one = identity_in_certificate(of("a@example.org", "https://issuer.example"));
    ASSERT_TRUE(one.has_value()) << one.error().text();
    EXPECT_EQ(*one, identity_in_certificate(of("a@example.org", "https://issuer.example")).value());
    EXPECT_NE(*one, identity_in_certificate(of("b@example.org", "https://issuer.example")).value());
    EXPECT_NE(*one, identity_in_certificate(of("a@example.org", "https://other.example")).value());
}

TEST(IdentityInCertificate, NeedsBothParts) {
    for (auto const& der : {certificate({"subjectAltName=email:a@example.org"}),
                            certificate({cat(issuer_extension, "https://issuer.example")}),
                            std::string("no certificate"),
                            std::string(),
                            of("a@example.org", "https://issuer.example") + "x"}) {
        auto const identity = identity_in_certificate(der);
        ASSERT_FALSE(identity.has_value());
        EXPECT_EQ(identity.error().kind(), ErrorKind::protocol);
    }
}

} // namespace
} // namespace clairgate::sign
