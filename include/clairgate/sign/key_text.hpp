#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/base/secret.hpp>
#include <clairgate/sign/signer.hpp>

#include <memory>
#include <string_view>

/// Keys that are a text in memory, wherever it came from. `name` is how messages call it.
namespace clairgate::sign {

/// The private key in a PEM text. For an encrypted one the password is COSIGN_PASSWORD (it may be
/// set and empty), else what a person types. Kind config.
Result<PrivateKey>
private_key_of_text(SignerContext const& context, Secret const& pem, std::string_view name);

/// The public key of a PEM text: of a public key, a certificate or a private key. Kind config.
Result<PublicKey>
public_key_of_text(SignerContext const& context, Secret const& pem, std::string_view name);

/// A signer that has its key in memory.
std::unique_ptr<Signer> signer_of(PrivateKey key);

} // namespace clairgate::sign
