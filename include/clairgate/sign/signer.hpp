#pragma once

#include <clairgate/attest/bundle.hpp>
#include <clairgate/base/result.hpp>
#include <clairgate/base/secret.hpp>
#include <clairgate/io/world.hpp>
#include <clairgate/sign/key.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace clairgate::sign {

/// Something that signs with one key: a file, a key service, a program.
class Signer {
  public:
    virtual ~Signer() = default;
    /// Its public key, known once the signer is made.
    virtual PublicKey const& public_key() const = 0;
    /// The signature of `message`, in the form that `PublicKey::verify` reads. The caller verifies.
    virtual io::Task<Result<std::string>> sign(std::string message, Deadline deadline) = 0;
};

/// What signers may ask for.
struct SignerContext {
    io::World& world;
    /// Asks a person for the password of a key on the terminal; nothing when there is none.
    std::function<std::optional<Secret>(std::string_view prompt)> ask_password;
};

/// One scheme of key references. A new one is one file and one line of the table.
struct SignerScheme {
    std::string_view scheme;  ///< "hashivault"; "file" also for a bare path
    std::string_view example; ///< "hashivault://release-key"
    std::string_view help;    ///< one line
    io::Task<Result<std::unique_ptr<Signer>>> (*make)(SignerContext context,
                                                      std::string reference,
                                                      Deadline deadline);
    io::Task<Result<PublicKey>> (*public_key)(SignerContext context,
                                              std::string reference,
                                              Deadline deadline);
};
/// "file" (path or file:PATH), "env", "hashivault", "openbao", "exec".
std::span<SignerScheme const> signer_schemes();

/// The signer of a key reference: a path, `file:PATH`, `env://VAR`, `hashivault://KEY`,
/// `openbao://KEY`, `exec:/absolute/program [argument…]` (split at spaces; no shell, no quoting;
/// what the program has to answer is in exec_signer.cpp). A path with a colon before its first
/// slash is written `file:PATH`. An unknown scheme is kind usage, with a suggestion; a key that
/// cannot be used kind config.
io::Task<Result<std::unique_ptr<Signer>>>
make_signer(SignerContext context, std::string reference, Deadline deadline);

/// The public key of a reference: a PEM file with a public key or certificate, or what a signer of
/// that reference would use. A private key file that is encrypted needs its password.
io::Task<Result<PublicKey>>
public_key_of(SignerContext context, std::string reference, Deadline deadline);

/// Signs a statement and proves the result with the public key before it leaves: kind integrity
/// when the signer's signature does not verify. `statement` is the payload as it will be carried.
io::Task<Result<attest::Bundle>>
sign_statement(Signer& signer, std::string statement, Deadline deadline);

/// Whether a bundle's or an envelope's one signature is this key's over its payload. Kind
/// integrity. A bundle with a certificate is not looked at here (kind integrity: it is not signed
/// by that key).
Result<void> verify_envelope(attest::Envelope const& envelope, PublicKey const& key);
Result<void> verify_bundle(attest::Bundle const& bundle, PublicKey const& key);

} // namespace clairgate::sign
