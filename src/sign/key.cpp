#include "openssl.hpp"
#include <clairgate/base/bytes.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/sign/ecdsa.hpp>
#include <clairgate/sign/key.hpp>
#include <clairgate/sign/pem.hpp>

#include <openssl/core_names.h>
#include <openssl/x509.h>

#include <sodium.h>

namespace clairgate::sign {

namespace {

constexpr std::size_t key_bytes_max = 4096;
constexpr std::size_t certificate_bytes_max = 64 * std::size_t{1024};
constexpr std::size_t ed25519_key_size = 32;
constexpr int rsa_bits_min = 2048;
constexpr int rsa_bits_max = 8192;

// SubjectPublicKeyInfo up to the key itself (RFC 5480, RFC 8410): named curves and uncompressed
// points only, so nobody brings parameters of a curve of his own.
constexpr std::string_view p256_start(
    "\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"
    "\x03\x42\x00\x04",
    27);
constexpr std::string_view
    p384_start("\x30\x76\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22"
               "\x03\x62\x00\x04",
               24);
constexpr std::string_view ed25519_start("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);
// The AlgorithmIdentifier of RSA (RFC 3279); keys for PSS alone have another one.
constexpr std::string_view
    rsa_algorithm("\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00", 15);

Error refused(std::string_view reason) {
    return {ErrorKind::protocol, std::string(reason)};
}

Result<KeyType> type_of(std::string_view der) {
    if (der.starts_with(p256_start))
        return KeyType::ecdsa_p256;
    if (der.starts_with(p384_start))
        return KeyType::ecdsa_p384;
    if (der.starts_with(ed25519_start))
        return KeyType::ed25519;
    constexpr std::size_t header_size_max = 4;
    if (der.substr(0, header_size_max + rsa_algorithm.size()).find(rsa_algorithm) !=
        std::string_view::npos)
        return KeyType::rsa;
    return refused("the public key is not one of ECDSA P-256 and P-384 (named curve, uncompressed "
                   "point), Ed25519 and RSA");
}

// e = 1 would make every message its own signature (FIPS 186-5 section 5.4: e odd, over 2^16).
Result<void> check_rsa(EVP_PKEY const* key) {
    int const bits = EVP_PKEY_get_bits(key);
    if (bits < rsa_bits_min || bits > rsa_bits_max)
        return refused(cat("an RSA key of ", bits, " bits; from 2048 to 8192 are accepted"));
    BIGNUM* number = nullptr;
    if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &number) != 1)
        return refused("an RSA key without a modulus");
    NumberPointer const modulus(number);
    number = nullptr;
    if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &number) != 1)
        return refused("an RSA key without an exponent");
    NumberPointer const exponent(number);
    int const exponent_bits = BN_num_bits(exponent.get());
    bool const is_sound = BN_is_odd(modulus.get()) == 1 && BN_is_odd(exponent.get()) == 1 &&
                          exponent_bits > 16 && exponent_bits <= 64;
    return is_sound ? ok()
                    : Result<void>(refused("an RSA key with an unsound exponent or modulus"));
}

// With a key of small order (A = 0 too) one signature is good for many messages.
Result<void> check_ed25519(std::string_view der) {
    auto const point = der.substr(ed25519_start.size());
    bool const is_sound = point.size() == ed25519_key_size && sodium_init() >= 0 &&
                          crypto_core_ed25519_is_valid_point(bytes_of(point)) == 1;
    return is_sound ? ok() : Result<void>(refused("an Ed25519 key that is no point of its group"));
}

EVP_MD const* hash_of(KeyType type) {
    return type == KeyType::ed25519 ? nullptr : EVP_sha256();
}

bool is_signed(EVP_PKEY* key,
               EVP_MD const* hash,
               std::string_view message,
               std::string_view signature) {
    DigestContext const context(EVP_MD_CTX_new());
    return context && EVP_DigestVerifyInit(context.get(), nullptr, hash, nullptr, key) == 1 &&
           EVP_DigestVerify(context.get(),
                            bytes_of(signature),
                            signature.size(),
                            bytes_of(message),
                            message.size()) == 1;
}

} // namespace

std::string_view to_string(KeyType type) {
    switch (type) {
    case KeyType::ecdsa_p256:
        return "ECDSA P-256";
    case KeyType::ecdsa_p384:
        return "ECDSA P-384";
    case KeyType::ed25519:
        return "Ed25519";
    case KeyType::rsa:
        return "RSA";
    }
    return "unknown";
}

Result<PublicKey> PublicKey::from_der(std::string_view der) {
    ErrorMark const mark;
    if (der.size() > key_bytes_max)
        return refused("the public key is longer than any that is accepted");
    auto const type = TRY(type_of(der));
    auto const* at = bytes_of(der);
    std::shared_ptr<EVP_PKEY> key(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())),
                                  FreeWith<EVP_PKEY_free>());
    // Encoding it again shows BER, bytes behind the key, and numbers that are not minimal.
    if (!key || encoded<EVP_PKEY>(&i2d_PUBKEY, key.get()) != der)
        return refused(cat("not the DER of a public key (", to_string(type), ")"));
    if (type == KeyType::rsa)
        TRY_VOID(check_rsa(key.get()));
    if (type == KeyType::ed25519)
        TRY_VOID(check_ed25519(der));
    return PublicKey(std::move(key), type);
}

Result<PublicKey> PublicKey::from_certificate(std::string_view der) {
    ErrorMark const mark;
    if (der.size() > certificate_bytes_max)
        return refused("the certificate is longer than any that is accepted");
    auto const* at = bytes_of(der);
    std::unique_ptr<X509, FreeWith<X509_free>> const certificate(
        d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    if (!certificate || at != bytes_of(der) + der.size())
        return refused("not the DER of a certificate");
    return from_der(encoded<X509_PUBKEY>(&i2d_X509_PUBKEY, X509_get_X509_PUBKEY(certificate.get())))
        .with_context("the certificate's key");
}

Result<PublicKey> PublicKey::from_pem(std::string_view pem) {
    auto const block = TRY(read_pem(pem));
    if (block.label != "PUBLIC KEY" && block.label != "CERTIFICATE")
        return Error(ErrorKind::config,
                     cat("a PEM block ",
                         printable(block.label),
                         " where PUBLIC KEY or CERTIFICATE is wanted"));
    auto key = block.label == "CERTIFICATE" ? from_certificate(block.bytes.reveal())
                                            : from_der(block.bytes.reveal());
    if (!key.has_value())
        return Error(ErrorKind::config, key.error().text());
    return key;
}

std::string PublicKey::der() const {
    auto der = encoded<EVP_PKEY>(&i2d_PUBKEY, key_.get());
    CLAIRGATE_ASSERT(!der.empty()); // it was encoded once already
    return der;
}

std::string PublicKey::pem() const {
    return write_pem("PUBLIC KEY", der());
}

std::string PublicKey::hint() const {
    return to_base64(sha256(der()));
}

Result<void> PublicKey::verify(std::string_view message, std::string_view signature) const {
    ErrorMark const mark;
    bool const is_ecdsa = type_ == KeyType::ecdsa_p256 || type_ == KeyType::ecdsa_p384;
    if (is_ecdsa)
        TRY_VOID(check_ecdsa_signature(signature, type_));
    // cosign's own signer hashes with SHA-384 for P-384, its verifier by default with SHA-256.
    if (is_signed(key_.get(), hash_of(type_), message, signature) ||
        (type_ == KeyType::ecdsa_p384 && is_signed(key_.get(), EVP_sha384(), message, signature)))
        return ok();
    return Error(ErrorKind::integrity,
                 cat("the signature is not the one of this ", to_string(type_), " key"));
}

} // namespace clairgate::sign
