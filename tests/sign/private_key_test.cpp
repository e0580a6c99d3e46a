#include <clairgate/base/text.hpp>
#include <clairgate/sign/key.hpp>
#include <clairgate/sign/pem.hpp>

#include <gtest/gtest.h>
#include <openssl/err.h>

#include <sign/openssl_peer.hpp>
#include <sign/sample_keys.hpp>

namespace clairgate::sign {
namespace {

void expect_refused(Result<PrivateKey> const& key, std::string const& why) {
    ASSERT_FALSE(key.has_value()) << why;
    EXPECT_EQ(key.error().kind(), ErrorKind::config) << why;
    EXPECT_EQ(ERR_peek_error(), 0U) << why;
}

std::string der_of(Secret const& pem) {
    return std::string(read_pem(pem.reveal()).value().bytes.reveal());
}

TEST(PrivateKey, SignsWhatOpensslVerifies) {
    OpenSslPeer peer;
    for (auto const& pem : {peer.p256(), peer.p384(), peer.rsa("3072")}) {
        auto const key = PrivateKey::from_pem(pem).value();
        auto const signature = key.sign("message").value();
        EXPECT_TRUE(peer.verifies(peer.public_key(pem), "message", signature));
        EXPECT_FALSE(peer.verifies(peer.public_key(pem), "massage", signature));
        EXPECT_TRUE(key.public_key().verify("message", signature).has_value());
    }
    auto const pem = peer.ed25519();
    auto const key = PrivateKey::from_pem(pem).value();
    auto const signature = key.sign("message").value();
    EXPECT_EQ(signature.size(), 64U);
    EXPECT_TRUE(peer.verifies_whole(peer.public_key(pem), "message", signature));
    EXPECT_TRUE(key.sign("").has_value());
}

TEST(PrivateKey, ReadsTheOlderFormsToo) {
    OpenSslPeer peer;
    auto const curve = peer.p256();
    peer.write("key", curve.reveal());
    auto const sec1 = peer.run({"ec", "-in", "key"});
    EXPECT_EQ(pem_label(sec1), "EC PRIVATE KEY");
    EXPECT_EQ(PrivateKey::from_pem(Secret(sec1)).value().public_key(),
              PrivateKey::from_pem(curve).value().public_key());
    auto const rsa = peer.rsa();
    peer.write("key", rsa.reveal());
    auto const pkcs1 = peer.run({"rsa", "-traditional", "-in", "key"});
    EXPECT_EQ(pem_label(pkcs1), "RSA PRIVATE KEY");
    EXPECT_EQ(PrivateKey::from_pem(Secret(pkcs1)).value().public_key(),
              PrivateKey::from_pem(rsa).value().public_key());
    // A label that lies about its content.
    auto const bytes = der_of(Secret(sec1));
    expect_refused(PrivateKey::from_pem(Secret(write_pem("RSA PRIVATE KEY", bytes))), "EC as RSA");
    expect_refused(PrivateKey::from_pem(Secret(write_pem("PRIVATE KEY", bytes))), "SEC1 as PKCS#8");
    expect_refused(PrivateKey::from_pem(Secret(write_pem("EC PRIVATE KEY", der_of(curve)))),
                   "PKCS#8 as SEC1");
}

TEST(PrivateKey, IsWrittenAsCosignWritesIt) {
    OpenSslPeer peer;
    for (auto const& pem : {peer.p256(), peer.p384(), peer.rsa(), peer.ed25519()}) {
        auto const key = PrivateKey::from_pem(pem).value();
        auto const der = key.der();
        EXPECT_EQ(PrivateKey::from_der(der).value().public_key(), key.public_key());
        peer.write("der", der.reveal());
        EXPECT_EQ(peer.run({"pkey", "-inform", "DER", "-in", "der", "-pubout"}),
                  key.public_key().pem());
    }
    EXPECT_EQ(PrivateKey::generate().value().der().reveal().size(), 138U);
}

TEST(PrivateKey, IsAnotherOneEachTime) {
    auto const a = PrivateKey::generate().value();
    auto const b = PrivateKey::generate().value();
    EXPECT_EQ(a.public_key().type(), KeyType::ecdsa_p256);
    EXPECT_FALSE(a.public_key() == b.public_key());
    EXPECT_TRUE(a.public_key().verify("x", a.sign("x").value()).has_value());
    EXPECT_FALSE(b.public_key().verify("x", a.sign("x").value()).has_value());
}

TEST(PrivateKey, IsOfAKindThatIsUsed) {
    OpenSslPeer peer;
    for (auto const& arguments : std::vector<std::vector<std::string>>{
             {"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"},
             {"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"},
             {"-algorithm",
              "EC",
              "-pkeyopt",
              "ec_paramgen_curve:P-256",
              "-pkeyopt",
              "ec_param_enc:explicit"},
             {"-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"},
             {"-algorithm", "RSA-PSS"},
             {"-algorithm", "X25519"}})
        expect_refused(PrivateKey::from_pem(peer.private_key(arguments)), arguments[1]);
    expect_refused(PrivateKey::from_pem(Secret(std::string(sample::rfc6979_pem))), "a public key");
}

// Nothing may ask on the terminal: these refusals have to come at once.
TEST(PrivateKey, NeverAsksForAPassword) {
    OpenSslPeer peer;
    peer.write("key", peer.p256().reveal());
    auto const pkcs8 =
        Secret(peer.run({"pkcs8", "-topk8", "-in", "key", "-passout", "pass:secret"}));
    auto const refused = PrivateKey::from_pem(pkcs8);
    expect_refused(refused, "PKCS#8");
    EXPECT_NE(refused.error().remedy().find("cosign import-key-pair"), std::string::npos);
    expect_refused(PrivateKey::from_der(Secret(der_of(pkcs8))), "PKCS#8 as DER");
    expect_refused(PrivateKey::from_pem(Secret(write_pem("PRIVATE KEY", der_of(pkcs8)))),
                   "PKCS#8 under another label");
    auto const old = Secret(peer.run({"ec", "-in", "key", "-aes128", "-passout", "pass:secret"}));
    expect_refused(PrivateKey::from_pem(old), "the old way");
    expect_refused(PrivateKey::from_pem(Secret(std::string(sample::cosign_private))), "cosign's");
}

TEST(PrivateKey, IsTheWholeFile) {
    OpenSslPeer peer;
    auto const pem = peer.p256();
    auto const der = der_of(pem);
    expect_refused(PrivateKey::from_der(Secret(der + '\0')), "a byte behind");
    expect_refused(PrivateKey::from_der(Secret("")), "nothing");
    for (std::size_t size = 1; size < der.size(); ++size)
        expect_refused(PrivateKey::from_der(Secret(der.substr(0, size))), cat(size, " bytes"));
    expect_refused(PrivateKey::from_pem(Secret(cat(pem.reveal(), pem.reveal()))), "two keys");
    expect_refused(PrivateKey::from_pem(Secret(cat(pem.reveal(), "text"))), "text behind");
    auto const parameters = peer.run({"ecparam", "-name", "prime256v1", "-genkey"});
    auto const refused = PrivateKey::from_pem(Secret(parameters));
    expect_refused(refused, "EC PARAMETERS in front");
    EXPECT_NE(refused.error().remedy().find("-noout"), std::string::npos);
}

TEST(PrivateKey, HasHalvesThatBelongTogether) {
    OpenSslPeer peer;
    auto const one = der_of(peer.p256());
    auto const other = der_of(peer.p256());
    constexpr std::size_t point_size = 65;
    auto const mixed =
        one.substr(0, one.size() - point_size) + other.substr(other.size() - point_size);
    ASSERT_EQ(mixed.size(), 138U);
    expect_refused(PrivateKey::from_der(Secret(mixed)), "one key's scalar, another key's point");
    auto zero = one;
    zero.replace(36, 32, 32, '\0'); // the scalar
    expect_refused(PrivateKey::from_der(Secret(zero)), "the scalar 0");
}

TEST(PrivateKey, IsNotInErrors) {
    OpenSslPeer peer;
    auto const pem = peer.private_key({"-algorithm", "X25519"});
    auto const text = PrivateKey::from_pem(pem).error().text();
    auto const body = std::string(pem.reveal()).substr(40, 16);
    EXPECT_EQ(text.find(body), std::string::npos);
}

} // namespace
} // namespace clairgate::sign
