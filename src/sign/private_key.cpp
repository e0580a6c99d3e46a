#include "openssl.hpp"
#include <clairgate/base/text.hpp>
#include <clairgate/sign/encrypted_key.hpp>
#include <clairgate/sign/key.hpp>
#include <clairgate/sign/pem.hpp>

#include <openssl/decoder.h>
#include <openssl/ec.h>
#include <openssl/x509.h>

namespace clairgate::sign {

namespace {

constexpr std::string_view probe = "clairgate";

Error refused(std::string_view reason) {
    return {ErrorKind::config, cat("the private key cannot be used: ", reason)};
}

// OpenSSL would otherwise ask on the terminal.
int no_password(char* buffer, int size, int is_writing, void* unused) {
    if (size > 0)
        buffer[0] = '\0';
    static_cast<void>(is_writing);
    static_cast<void>(unused);
    return -1;
}

// The value of DER that a text starts with.
struct Value {
    int tag = -1; // of the universal class, else -1
    std::string_view content;
    std::string_view rest;
};
Value first_value(std::string_view der) {
    auto const* at = bytes_of(der);
    long length = 0;
    Value value;
    int tag_class = 0;
    int const form =
        ASN1_get_object(&at, &length, &value.tag, &tag_class, static_cast<long>(der.size()));
    bool const is_definite = form == 0 || form == V_ASN1_CONSTRUCTED;
    if (!is_definite || tag_class != V_ASN1_UNIVERSAL)
        return {};
    auto const header = static_cast<std::size_t>(at - bytes_of(der));
    value.content = der.substr(header, static_cast<std::size_t>(length));
    value.rest = der.substr(header + value.content.size());
    return value;
}

// The form of one PEM label, in OpenSSL's words (OSSL_DECODER(3)).
struct Form {
    std::string_view label;
    char const* structure;
    char const* type; // or any
    int second_tag;   // what follows the version number
};
constexpr Form forms[] = {{"PRIVATE KEY", "PrivateKeyInfo", nullptr, V_ASN1_SEQUENCE},
                          {"EC PRIVATE KEY", "type-specific", "EC", V_ASN1_OCTET_STRING},
                          {"RSA PRIVATE KEY", "type-specific", "RSA", V_ASN1_INTEGER}};

// One SEQUENCE of a version and what this form goes on with, and nothing behind it. OpenSSL takes
// any form where one is wanted, those that need a password too.
bool has_form(std::string_view der, Form const& form) {
    auto const whole = first_value(der);
    if (whole.tag != V_ASN1_SEQUENCE || !whole.rest.empty())
        return false;
    auto const version = first_value(whole.content);
    return version.tag == V_ASN1_INTEGER && first_value(version.rest).tag == form.second_tag;
}

Result<KeyPointer> decode(std::string_view der, Form const& form) {
    if (!has_form(der, form))
        return refused(cat("it is not the DER of a ", form.label, " and nothing else"));
    EVP_PKEY* decoded = nullptr;
    std::unique_ptr<OSSL_DECODER_CTX, FreeWith<OSSL_DECODER_CTX_free>> const context(
        OSSL_DECODER_CTX_new_for_pkey(
            &decoded, "DER", form.structure, form.type, EVP_PKEY_KEYPAIR, nullptr, nullptr));
    auto const* at = bytes_of(der);
    auto left = der.size();
    bool const is_decoded =
        context &&
        OSSL_DECODER_CTX_set_pem_password_cb(context.get(), &no_password, nullptr) == 1 &&
        OSSL_DECODER_from_data(context.get(), &at, &left) == 1;
    KeyPointer key(decoded);
    if (!is_decoded || !key || left != 0)
        return refused(cat("it is not the DER of a ", form.label, " and nothing else"));
    return key;
}

Result<std::string> signature_of(EVP_PKEY* key, KeyType type, std::string_view message) {
    ErrorMark const mark;
    DigestContext const context(EVP_MD_CTX_new());
    auto const* hash = type == KeyType::ed25519 ? nullptr : EVP_sha256();
    std::size_t size = 0;
    bool is_done =
        context && EVP_DigestSignInit(context.get(), nullptr, hash, nullptr, key) == 1 &&
        EVP_DigestSign(context.get(), nullptr, &size, bytes_of(message), message.size()) == 1;
    std::string signature(size, '\0');
    is_done = is_done && EVP_DigestSign(context.get(),
                                        reinterpret_cast<unsigned char*>(signature.data()),
                                        &size,
                                        bytes_of(message),
                                        message.size()) == 1;
    if (!is_done)
        return refused("OpenSSL does not sign with it");
    signature.resize(size); // of ECDSA it was the longest possible one
    return signature;
}

// The halves of a key are separate numbers in its file and may belong to different keys.
Result<KeyType> check_pair(EVP_PKEY* key) {
    auto const half = PublicKey::from_der(encoded<EVP_PKEY>(&i2d_PUBKEY, key));
    if (!half.has_value())
        return refused(half.error().message());
    auto const signature = TRY(signature_of(key, half->type(), probe));
    if (!half->verify(probe, signature).has_value())
        return refused("its private and public half do not belong together");
    return half->type();
}

} // namespace

Result<PrivateKey> PrivateKey::from_pem(Secret const& pem) {
    if (is_encrypted_key(pem.reveal()))
        return refused("it is encrypted");
    auto const label = pem_label(pem.reveal());
    if (label == "ENCRYPTED PRIVATE KEY")
        return Error(ErrorKind::config, "the private key is encrypted as PKCS#8")
            .with_remedy("cosign import-key-pair --key FILE turns it into one that is read here");
    if (label == "EC PARAMETERS")
        return Error(ErrorKind::config, "the private key's file starts with EC PARAMETERS")
            .with_remedy("remove that block (openssl ecparam -noout does not write it)");
    ErrorMark const mark;
    auto const block = TRY(read_pem(pem.reveal()));
    for (auto const& form : forms) {
        if (block.label != form.label)
            continue;
        std::shared_ptr<EVP_PKEY> key = TRY(decode(block.bytes.reveal(), form));
        auto const type = TRY(check_pair(key.get()));
        return PrivateKey(std::move(key), type);
    }
    return refused(cat("a PEM block ", printable(block.label), " is no private key"));
}

Result<PrivateKey> PrivateKey::from_der(Secret const& der) {
    ErrorMark const mark;
    std::shared_ptr<EVP_PKEY> key = TRY(decode(der.reveal(), forms[0]));
    auto const type = TRY(check_pair(key.get()));
    return PrivateKey(std::move(key), type);
}

Result<PrivateKey> PrivateKey::generate() {
    ErrorMark const mark;
    std::shared_ptr<EVP_PKEY> key(EVP_EC_gen("P-256"), FreeWith<EVP_PKEY_free>());
    if (!key)
        return Error(ErrorKind::config, "OpenSSL does not generate a P-256 key");
    return PrivateKey(std::move(key), KeyType::ecdsa_p256);
}

PublicKey PrivateKey::public_key() const {
    // Decoded anew: whoever keeps it must not keep the private half in memory.
    auto half = PublicKey::from_der(encoded<EVP_PKEY>(&i2d_PUBKEY, key_.get()));
    CLAIRGATE_ASSERT(half.has_value());
    return *std::move(half);
}

Secret PrivateKey::der() const {
    std::unique_ptr<PKCS8_PRIV_KEY_INFO, FreeWith<PKCS8_PRIV_KEY_INFO_free>> const info(
        EVP_PKEY2PKCS8(key_.get()));
    CLAIRGATE_ASSERT(info != nullptr);
    Secret der(encoded<PKCS8_PRIV_KEY_INFO>(&i2d_PKCS8_PRIV_KEY_INFO, info.get()));
    CLAIRGATE_ASSERT(!der.empty());
    return der;
}

Result<std::string> PrivateKey::sign(std::string_view message) const {
    return signature_of(key_.get(), type_, message);
}

} // namespace clairgate::sign
