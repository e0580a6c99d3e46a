#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/base/secret.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

// OpenSSL's type, so that no header of its reaches our users.
struct evp_pkey_st;

namespace clairgate::sign {

/// Keys that we sign and verify with. Everything else is refused: other curves, curves by explicit
/// parameters, compressed points, RSA below 2048 or over 8192 bits or with an exponent below 65537,
/// Ed25519 points of small order.
enum class KeyType { ecdsa_p256, ecdsa_p384, ed25519, rsa };
std::string_view to_string(KeyType type); ///< "ECDSA P-256"

/// A public key (RFC 5280 SubjectPublicKeyInfo). Valid by construction; cheap to copy.
class PublicKey {
  public:
    /// PEM "PUBLIC KEY" with nothing behind it but white space; also PEM "CERTIFICATE" (its key).
    /// Kind config.
    static Result<PublicKey> from_pem(std::string_view pem);
    /// DER SubjectPublicKeyInfo, all bytes of it. Kind protocol.
    static Result<PublicKey> from_der(std::string_view der);
    /// The key of a DER X.509 certificate. Kind protocol.
    static Result<PublicKey> from_certificate(std::string_view der);

    KeyType type() const { return type_; }
    std::string pem() const;
    std::string der() const;
    /// Standard base64 of SHA-256 of the DER: what a Sigstore bundle names the key by.
    std::string hint() const;

    /// Whether `signature` is this key's over `message`, as cosign reads it by default: ECDSA with
    /// SHA-256 in DER (P-384 also with SHA-384), RSA PKCS#1 v1.5 with SHA-256, Ed25519. ECDSA
    /// signatures must be strict DER with 1 ≤ r, s < n and nothing behind. Kind integrity.
    Result<void> verify(std::string_view message, std::string_view signature) const;

    friend bool operator==(PublicKey const& a, PublicKey const& b) { return a.der() == b.der(); }

  private:
    friend class PrivateKey;
    PublicKey(std::shared_ptr<evp_pkey_st> key, KeyType type) : key_(std::move(key)), type_(type) {}
    std::shared_ptr<evp_pkey_st> key_;
    KeyType type_;
};

/// A private key in memory. Never printed; cheap to copy.
class PrivateKey {
  public:
    /// PEM PKCS#8 ("PRIVATE KEY"), SEC 1 ("EC PRIVATE KEY"), PKCS#1 ("RSA PRIVATE KEY"). What needs
    /// a password is not read here: see encrypted_key.hpp. Kind config.
    static Result<PrivateKey> from_pem(Secret const& pem);
    /// DER PKCS#8. Kind config.
    static Result<PrivateKey> from_der(Secret const& der);
    /// A fresh P-256 key of the system's generator. Kind config.
    static Result<PrivateKey> generate();

    PublicKey public_key() const;
    /// DER PKCS#8.
    Secret der() const;
    /// Over `message` itself: hashes as `PublicKey::verify` reads by default (SHA-256 for ECDSA and
    /// RSA). Kind config where OpenSSL refuses.
    Result<std::string> sign(std::string_view message) const;

  private:
    PrivateKey(std::shared_ptr<evp_pkey_st> key, KeyType type)
        : key_(std::move(key)), type_(type) {}
    std::shared_ptr<evp_pkey_st> key_;
    KeyType type_;
};

} // namespace clairgate::sign
