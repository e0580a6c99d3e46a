#include <clairgate/base/bytes.hpp>
#include <clairgate/base/json.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/sign/encrypted_key.hpp>
#include <clairgate/sign/pem.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <random>
#include <sign/openssl_peer.hpp>
#include <sign/sample_keys.hpp>

namespace clairgate::sign {
namespace {

Secret secret(std::string_view text) {
    return Secret(std::string(text));
}
Result<PrivateKey> decrypt(std::string_view pem, std::string_view password) {
    return decrypt_key(secret(pem), secret(password));
}

std::string some_bytes(std::size_t count) {
    static std::mt19937 generator(1);
    std::string bytes(count, '\0');
    for (auto& byte : bytes)
        byte = static_cast<char>(generator() & 0xFFU);
    return bytes;
}

nlohmann::json document_of(std::string_view pem) {
    return json::parse(read_pem(pem).value().bytes.reveal()).value();
}
std::string pem_of(nlohmann::json const& document) {
    return write_pem("ENCRYPTED SIGSTORE PRIVATE KEY", json::dump(document));
}

TEST(EncryptedKey, OfCosignIsDecrypted) {
    auto const key = decrypt(sample::cosign_private, sample::cosign_password);
    ASSERT_TRUE(key.has_value()) << key.error().text();
    EXPECT_EQ(key->public_key().pem(), sample::cosign_public);
}

TEST(EncryptedKey, IsDecryptedWithEachParameterOfCosign) {
    EXPECT_EQ(decrypt(sample::older_private, "").value().public_key().pem(), sample::rfc6979_pem);
    EXPECT_EQ(decrypt(sample::costly_private, sample::costly_password).value().public_key().pem(),
              sample::rfc6979_pem);
}

TEST(EncryptedKey, IsEncryptedAsAnotherProgramDoes) {
    auto const key = decrypt(sample::today_private, sample::today_password).value();
    auto const arithmetic = [](std::size_t count) {
        std::string bytes(count, '\0');
        int value = count == 32 ? 1 : 90;
        for (auto& byte : bytes) {
            byte = static_cast<char>(value & 0xFF);
            value += 7;
        }
        return bytes;
    };
    auto const pem = encrypt_key(key, secret(sample::today_password), arithmetic).value();
    EXPECT_EQ(pem_label(pem), "ENCRYPTED SIGSTORE PRIVATE KEY");
    EXPECT_EQ(document_of(pem), document_of(sample::today_private));
}

TEST(EncryptedKey, ComesBackWithItsPassword) {
    OpenSslPeer peer;
    auto const password = secret("p\xC3\xA4ss word");
    for (auto const& pem : {peer.p256(), peer.rsa()}) {
        auto const key = PrivateKey::from_pem(pem).value();
        auto const box = secret(encrypt_key(key, password, &some_bytes).value());
        EXPECT_TRUE(is_encrypted_key(box.reveal()));
        EXPECT_EQ(decrypt_key(box, password).value().public_key(), key.public_key());
        EXPECT_FALSE(decrypt_key(box, secret("")).has_value());
    }
}

TEST(EncryptedKey, MayHaveTheEmptyPassword) {
    auto const key = PrivateKey::generate().value();
    auto const box = encrypt_key(key, secret(""), &some_bytes).value();
    EXPECT_EQ(decrypt(box, "").value().public_key(), key.public_key());
}

TEST(EncryptedKey, DiffersEachTime) {
    auto const key = PrivateKey::generate().value();
    EXPECT_NE(encrypt_key(key, secret("x"), &some_bytes).value(),
              encrypt_key(key, secret("x"), &some_bytes).value());
}

TEST(EncryptedKey, IsNotOpenedByAnotherPassword) {
    for (auto const* password : {" ", "my wrong password"}) {
        auto const key = decrypt(sample::older_private, password);
        ASSERT_FALSE(key.has_value()) << password;
        EXPECT_EQ(key.error().kind(), ErrorKind::config);
        EXPECT_NE(key.error().remedy().find("COSIGN_PASSWORD"), std::string::npos);
        EXPECT_EQ((key.error().text() + key.error().remedy()).find("my wrong"), std::string::npos);
    }
}

// One change to a good document, which then has to be refused before any scrypt.
struct Change {
    char const* pointer;
    nlohmann::json value;
};

TEST(EncryptedKey, HasTheParametersOfCosign) {
    auto const good = document_of(sample::older_private);
    auto const bytes = [](std::size_t count) { return to_base64(std::string(count, 'x')); };
    for (auto const& change : std::vector<Change>{{"/kdf/params/N", 16384},
                                                  {"/kdf/params/N", 65537},
                                                  {"/kdf/params/N", 262144},
                                                  {"/kdf/params/N", 0},
                                                  {"/kdf/params/N", -32768},
                                                  {"/kdf/params/N", 32768.5},
                                                  {"/kdf/params/N", "32768"},
                                                  {"/kdf/params/N", nullptr},
                                                  {"/kdf/params/r", 16},
                                                  {"/kdf/params/p", 2},
                                                  {"/kdf/params", nullptr},
                                                  {"/kdf/name", "argon2id"},
                                                  {"/kdf/name", nullptr},
                                                  {"/kdf/salt", bytes(16)},
                                                  {"/kdf/salt", "!"},
                                                  {"/kdf", "scrypt"},
                                                  {"/cipher/name", "aes-256-gcm"},
                                                  {"/cipher/nonce", bytes(12)},
                                                  {"/cipher", nullptr},
                                                  {"/ciphertext", ""},
                                                  {"/ciphertext", bytes(16)},
                                                  {"/ciphertext", 1}}) {
        auto document = good;
        document[nlohmann::json::json_pointer(change.pointer)] = change.value;
        auto const key = decrypt(pem_of(document), "");
        ASSERT_FALSE(key.has_value()) << change.pointer << change.value;
        EXPECT_EQ(key.error().kind(), ErrorKind::config) << change.pointer << change.value;
        EXPECT_EQ(key.error().text().find("password"), std::string::npos) << key.error().text();
    }
    EXPECT_TRUE(decrypt(pem_of(good), "").has_value());
}

TEST(EncryptedKey, NoticesAnyChangeToItsBox) {
    auto const good = document_of(sample::older_private);
    for (auto const* pointer : {"/ciphertext", "/kdf/salt", "/cipher/nonce"}) {
        auto document = good;
        auto& text = document[nlohmann::json::json_pointer(pointer)];
        auto bytes = from_base64(text.get<std::string>()).value();
        bytes.back() ^= 1;
        text = to_base64(bytes);
        EXPECT_FALSE(decrypt(pem_of(document), "").has_value()) << pointer;
    }
}

TEST(EncryptedKey, IsOneJsonDocumentInOnePemBlock) {
    auto const label = "ENCRYPTED SIGSTORE PRIVATE KEY";
    auto const text = std::string(read_pem(sample::older_private).value().bytes.reveal());
    EXPECT_TRUE(decrypt(write_pem(label, text), "").has_value());
    for (auto const& pem : {write_pem(label, cat(text, "x")),
                            write_pem(label, "[]"),
                            write_pem(label, "not JSON"),
                            write_pem("PRIVATE KEY", text),
                            cat(sample::older_private, "x"),
                            std::string("text")})
        EXPECT_EQ(decrypt(pem, "").error().kind(), ErrorKind::config) << pem;
}

TEST(EncryptedKey, IsKnownByItsLabel) {
    EXPECT_TRUE(is_encrypted_key(sample::cosign_private));
    EXPECT_TRUE(is_encrypted_key(sample::older_private));
    EXPECT_FALSE(is_encrypted_key(sample::cosign_public));
    EXPECT_FALSE(is_encrypted_key("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
    EXPECT_FALSE(is_encrypted_key(""));
}

} // namespace
} // namespace clairgate::sign
