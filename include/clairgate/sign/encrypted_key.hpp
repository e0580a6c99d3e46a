#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/base/secret.hpp>
#include <clairgate/sign/key.hpp>

#include <functional>
#include <string>
#include <string_view>

/// cosign's encrypted key files: PEM around JSON, scrypt and NaCl's secretbox (go-securesystemslib,
/// encrypted/encrypted.go).
namespace clairgate::sign {

/// Whether a PEM text is one: "ENCRYPTED SIGSTORE PRIVATE KEY", or "ENCRYPTED COSIGN PRIVATE KEY".
bool is_encrypted_key(std::string_view pem);

/// Decrypts. Only the parameters that cosign accepts (N 32768, 65536 or 131072, r 8, p 1). Kind
/// config; a wrong password says so and names COSIGN_PASSWORD.
Result<PrivateKey> decrypt_key(Secret const& pem, Secret const& password);

/// Encrypts as cosign does today: N 65536, r 8, p 1, a salt of 32 and a nonce of 24 random bytes
/// from `random_bytes`. The empty password is allowed, as with cosign.
Result<std::string> encrypt_key(PrivateKey const& key,
                                Secret const& password,
                                std::function<std::string(std::size_t)> const& random_bytes);

} // namespace clairgate::sign
