#include <clairgate/base/bytes.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/sign/key.hpp>
#include <clairgate/sign/pem.hpp>

#include <gtest/gtest.h>
#include <openssl/err.h>

#include <sign/openssl_peer.hpp>
#include <sign/sample_keys.hpp>

namespace clairgate::sign {
namespace {

std::string from_hex(std::string_view hex) {
    std::string bytes;
    for (std::size_t i = 0; i < hex.size(); i += 2)
        bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
    return bytes;
}

// A DER value of any length.
std::string value(std::string_view tag, std::string_view content) {
    auto const size = content.size();
    std::string length(1, static_cast<char>(size));
    if (size >= 128)
        length = cat("\x82", static_cast<char>(size >> 8U), static_cast<char>(size & 0xFFU));
    return cat(tag, length, content);
}
std::string signature_of(std::string_view r_hex, std::string_view s_hex) {
    auto const integer = [](std::string_view hex) {
        auto bytes = from_hex(hex);
        return value("\x02", (bytes[0] & '\x80') != 0 ? std::string(1, '\0') + bytes : bytes);
    };
    return value("\x30", integer(r_hex) + integer(s_hex));
}

void expect_refused(Result<PublicKey> const& key, std::string const& why) {
    ASSERT_FALSE(key.has_value()) << why;
    EXPECT_EQ(key.error().kind(), ErrorKind::protocol) << why;
    EXPECT_EQ(ERR_peek_error(), 0U) << why;
}
void expect_not_signed(PublicKey const& key,
                       std::string_view message,
                       std::string_view signature,
                       std::string const& why) {
    auto const verified = key.verify(message, signature);
    ASSERT_FALSE(verified.has_value()) << why;
    EXPECT_EQ(verified.error().kind(), ErrorKind::integrity) << why;
    EXPECT_EQ(ERR_peek_error(), 0U) << why;
}

PublicKey sample_key() {
    return PublicKey::from_pem(sample::rfc6979_pem).value();
}
std::string const r = "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716";
std::string const s = "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8";

TEST(PublicKey, HasTheHintThatCosignGivesIt) {
    auto const der =
        from_base64("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE72VrrBLxhRi3LF9z6c9X/wjGh3KpOj3dGXndUNsLRt"
                    "wRZhb05D7lId5Lx8IGBm9+GkfVazkcGxCXM6YKZhKBQg==")
            .value();
    EXPECT_EQ(PublicKey::from_der(der).value().hint(),
              "6cPqj1tAKys8xo54Mym8/2YiZIeSFvWjRmD32Y8VMNU=");
}

TEST(PublicKey, VerifiesTheExampleOfRfc6979) {
    auto const key = sample_key();
    EXPECT_EQ(key.type(), KeyType::ecdsa_p256);
    EXPECT_TRUE(key.verify("sample", signature_of(r, s)).has_value());
    expect_not_signed(key, "sampl", signature_of(r, s), "another message");
    expect_not_signed(key, "sample", signature_of(s, r), "r and s exchanged");
    expect_not_signed(key, "sample", from_hex(r + s), "r and s without DER");
    expect_not_signed(key, "sample", signature_of(r, s) + '\0', "a byte behind");
    expect_not_signed(key, "sample", "", "nothing");
}

TEST(PublicKey, AcceptsTheOtherSignOfSAsCosignDoes) {
    // n - s
    auto const other = "0834E36AD29A83BF2BC9385E491D6099C8FDF9D1ED67AA7EA5F51F93782857A9";
    EXPECT_TRUE(sample_key().verify("sample", signature_of(r, other)).has_value());
}

TEST(PublicKey, VerifiesP384WithEitherHash) {
    auto const point =
        "04EC3A4E415B4E19A4568618029F427FA5DA9A8BC4AE92E02E06AAE5286B300C64DEF8F0EA9055866064A25451"
        "5480BC138015D9B72D7D57244EA8EF9AC0C621896708A59367F9DFB9F54CA84B3F1C9DB1288B231C3AE0D4FE73"
        "44FD2533264720";
    auto const key =
        PublicKey::from_der(from_hex(cat("3076301006072a8648ce3d020106052b81040022036200", point)))
            .value();
    EXPECT_EQ(key.type(), KeyType::ecdsa_p384);
    auto const with_sha256 = signature_of(
        "21B13D1E013C7FA1392D03C5F99AF8B30C570C6F98D4EA8E354B63A21D3DAA33BDE1E888E63355D92FA2B3C36D"
        "8"
        "FB2CD",
        "F3AA443FB107745BF4BD77CB3891674632068A10CA67E3D45DB2266FA7D1FEEBEFDC63ECCD1AC42EC0CB8668A4"
        "FA0AB0");
    auto const with_sha384 = signature_of(
        "94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C81A648152E44ACF96E36DD1E80"
        "F"
        "ABE46",
        "99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94FA329C145786E679E7B82C71A38"
        "628AC8");
    EXPECT_TRUE(key.verify("sample", with_sha256).has_value());
    EXPECT_TRUE(key.verify("sample", with_sha384).has_value());
    expect_not_signed(key, "test", with_sha384, "another message");
}

TEST(PublicKey, VerifiesTheExampleOfRfc8032) {
    auto const key =
        PublicKey::from_der(from_hex("302a300506032b65700321003d4017c3e843895a92b70aa74d1b7ebc9c982"
                                     "ccf2ec4968cc0cd55f12af4660c"))
            .value();
    EXPECT_EQ(key.type(), KeyType::ed25519);
    auto signature = from_hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085a"
                              "c1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    EXPECT_TRUE(key.verify("\x72", signature).has_value());
    expect_not_signed(key, "\x73", signature, "another message");
    expect_not_signed(key, "\x72", signature + '\0', "a byte behind");
    expect_not_signed(key, "\x72", signature.substr(0, 63), "a byte less");
    // S + L is the same number modulo the order (RFC 8032 section 5.1.7: S < L).
    expect_not_signed(
        key,
        "\x72",
        signature.substr(0, 32) +
            from_hex("f52db7415978abc61b2c2eb6aeebfca0387b2eaeb4302aeeb00d291612bb0c10"),
        "S over the order");
}

TEST(PublicKey, VerifiesWhatOpensslSigns) {
    OpenSslPeer peer;
    for (auto const& key : {peer.p256(), peer.p384(), peer.rsa()}) {
        auto const half = PublicKey::from_pem(peer.public_key(key)).value();
        auto const signature = peer.sign(key, "message");
        EXPECT_TRUE(half.verify("message", signature).has_value()) << to_string(half.type());
        expect_not_signed(half, "massage", signature, "another message");
        expect_not_signed(sample_key(), "message", signature, "another key");
    }
    auto const key = peer.ed25519();
    auto const half = PublicKey::from_pem(peer.public_key(key)).value();
    EXPECT_TRUE(half.verify("message", peer.sign_whole(key, "message")).has_value());
}

TEST(PublicKey, TakesNoOtherHashOrPadding) {
    OpenSslPeer peer;
    auto const key = peer.rsa();
    auto const half = PublicKey::from_pem(peer.public_key(key)).value();
    expect_not_signed(half, "message", peer.sign(key, "message", "sha1"), "SHA-1");
    expect_not_signed(half, "message", peer.sign(key, "message", "sha512"), "SHA-512");
    auto const pss =
        peer.run({"dgst", "-sha256", "-sigopt", "rsa_padding_mode:pss", "-sign", "key", "message"});
    expect_not_signed(half, "message", pss, "PSS");
    auto const curve = peer.p256();
    auto const point = PublicKey::from_pem(peer.public_key(curve)).value();
    expect_not_signed(point, "message", peer.sign(curve, "message", "sha384"), "SHA-384 on P-256");
}

TEST(PublicKey, ComesBackFromItsOwnForms) {
    OpenSslPeer peer;
    for (auto const& key : {peer.p256(), peer.p384(), peer.rsa(), peer.ed25519()}) {
        auto const pem = peer.public_key(key);
        auto const half = PublicKey::from_pem(pem).value();
        EXPECT_EQ(half.pem(), pem);
        EXPECT_EQ(half.der(), peer.public_key(key, "DER"));
        EXPECT_EQ(PublicKey::from_der(half.der()).value(), half);
        EXPECT_FALSE(half == sample_key());
    }
}

TEST(PublicKey, IsTakenFromACertificate) {
    OpenSslPeer peer;
    auto const key = peer.p256();
    auto const half = PublicKey::from_pem(peer.public_key(key)).value();
    auto const pem = peer.run({"req", "-x509", "-new", "-key", "key", "-subj", "/CN=x"});
    EXPECT_EQ(PublicKey::from_pem(pem).value(), half);
    auto const der = std::string(read_pem(pem).value().bytes.reveal());
    EXPECT_EQ(PublicKey::from_certificate(der).value(), half);
    expect_refused(PublicKey::from_certificate(der + '\0'), "a byte behind");
    expect_refused(PublicKey::from_certificate(der.substr(0, der.size() - 1)), "a byte less");
    expect_refused(PublicKey::from_certificate(half.der()), "a key alone");
    expect_refused(PublicKey::from_certificate(""), "nothing");
    peer.private_key({"-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024", "-out", "weak"});
    auto const weak = peer.run({"req", "-x509", "-new", "-key", "weak", "-subj", "/CN=x"});
    EXPECT_EQ(PublicKey::from_pem(weak).error().kind(), ErrorKind::config);
}

TEST(PublicKey, IsOfAKindThatIsUsed) {
    OpenSslPeer peer;
    auto const half = [&](std::vector<std::string> arguments) {
        return PublicKey::from_der(peer.public_key(peer.private_key(std::move(arguments)), "DER"));
    };
    auto const curve = [&](std::string const& name) {
        return half({"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:" + name});
    };
    for (auto const* name : {"P-521", "P-224", "secp256k1", "brainpoolP256r1"})
        expect_refused(curve(name), name);
    expect_refused(half({"-algorithm",
                         "EC",
                         "-pkeyopt",
                         "ec_paramgen_curve:P-256",
                         "-pkeyopt",
                         "ec_param_enc:explicit"}),
                   "explicit parameters");
    for (auto const* name : {"X25519", "ED448"})
        expect_refused(half({"-algorithm", name}), name);
    expect_refused(half({"-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"}), "RSA 1024");
    expect_refused(half({"-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2047"}), "RSA 2047");
    expect_refused(half({"-algorithm", "RSA-PSS"}), "RSA for PSS alone");
    expect_refused(half({"-algorithm", "RSA", "-pkeyopt", "rsa_keygen_pubexp:3"}),
                   "RSA with e = 3");
}

// With e = 1 the padded hash itself is the signature.
TEST(PublicKey, IsNotRsaWithAnExponentThatProvesNothing) {
    auto const key = [](std::string_view modulus, std::string_view exponent) {
        auto const numbers = value("\x30", value("\x02", modulus) + value("\x02", exponent));
        return PublicKey::from_der(value("\x30",
                                         from_hex("300d06092a864886f70d0101010500") +
                                             value("\x03", std::string(1, '\0') + numbers)));
    };
    auto const modulus = std::string(1, '\0') + std::string(256, '\xC5');
    EXPECT_TRUE(key(modulus, {"\1\0\1", 3}).has_value());
    expect_refused(key(modulus, "\1"), "e = 1");
    expect_refused(key(modulus, {"\1\0\0", 3}), "e even");
    expect_refused(key(modulus, {"\1\0\0\0\0\0\0\0\1", 9}), "e of 65 bits");
    expect_refused(key(std::string(1, '\0') + std::string(256, '\xC4'), {"\1\0\1", 3}), "n even");
    expect_refused(key(std::string(1, '\0') + std::string(1025, '\xC5'), {"\1\0\1", 3}),
                   "n of 8200 bits");
}

// The points whose order divides 8, in all their encodings (y, y + p, either sign).
TEST(PublicKey, IsNoEd25519PointOfSmallOrder) {
    auto const head = from_hex("302a300506032b6570032100");
    auto const zeros = std::string(31, '0') + std::string(31, '0');
    auto const fs = std::string(60, 'f');
    for (auto const& hex :
         {"00" + zeros,
          "01" + zeros,
          "00" + zeros.substr(2) + "80",
          "01" + zeros.substr(2) + "80",
          std::string("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
          std::string("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"),
          std::string("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
          std::string("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"),
          "ec" + fs + "7f",
          "ec" + fs + "ff",
          "ed" + fs + "7f",
          "ed" + fs + "ff",
          "ee" + fs + "7f",
          "ee" + fs + "ff",
          "02" + zeros})
        expect_refused(PublicKey::from_der(head + from_hex(hex)), hex);
}

TEST(PublicKey, HasOneEncoding) {
    auto const der = sample_key().der();
    expect_refused(PublicKey::from_der(der + '\0'), "a byte behind");
    expect_refused(PublicKey::from_der(""), "nothing");
    auto long_form = der;
    long_form.insert(1, 1, '\x81');
    expect_refused(PublicKey::from_der(long_form), "a length in long form");
    auto off_curve = der;
    off_curve.back() ^= 1;
    expect_refused(PublicKey::from_der(off_curve), "no point of the curve");
    auto const compressed =
        from_hex("3039301306072a8648ce3d020106082a8648ce3d03010703220003"
                 "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29F"
                 "B6");
    expect_refused(PublicKey::from_der(compressed), "a compressed point");
    for (std::size_t size = 0; size < der.size(); ++size)
        expect_refused(PublicKey::from_der(der.substr(0, size)), cat(size, " bytes"));
    OpenSslPeer peer;
    auto const rsa = peer.public_key(peer.rsa(), "DER");
    expect_refused(PublicKey::from_der(rsa + '\0'), "a byte behind RSA");
    auto inside = rsa;
    inside[3] = static_cast<char>(inside[3] + 1);
    expect_refused(PublicKey::from_der(inside + '\0'), "a byte inside RSA");
}

TEST(PublicKey, IsAPublicBlockOfPem) {
    auto const der = sample_key().der();
    for (auto const& text : {std::string("text"),
                             write_pem("PRIVATE KEY", der),
                             write_pem("RSA PUBLIC KEY", der),
                             write_pem("CERTIFICATE", der),
                             write_pem("PUBLIC KEY", der + '\0'),
                             cat(sample::rfc6979_pem, sample::rfc6979_pem)}) {
        auto const key = PublicKey::from_pem(text);
        ASSERT_FALSE(key.has_value()) << text;
        EXPECT_EQ(key.error().kind(), ErrorKind::config) << text;
    }
}

} // namespace
} // namespace clairgate::sign
