#pragma once

#include <clairgate/attest/bundle.hpp>
#include <clairgate/base/secret.hpp>
#include <clairgate/gate/evidence_choice.hpp>
#include <clairgate/io/world.hpp>
#include <clairgate/sign/keyless.hpp>
#include <clairgate/sign/signer.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace clairgate::gate {

/// Signs statements with the key or the identity that was chosen. Made before the scan starts, so
/// that a key that cannot be used is known at once.
class Notary {
  public:
    /// Reads the key (its password included), or the signing config and the identity token. Kinds
    /// usage and config, and those of a key service.
    static io::Task<Result<Notary>> make(io::World& world, SigningChoice choice, Deadline deadline);

    /// The statement, signed and proven.
    io::Task<Result<attest::Bundle>> sign(std::string statement, Deadline deadline);
    /// The key that signs; nothing when keyless: each signature has its own.
    std::optional<sign::PublicKey> key() const;

  private:
    explicit Notary(io::World& world) : world_(&world) {}
    io::World* world_;
    std::unique_ptr<sign::Signer> signer_;
    std::optional<sign::SigningServices> services_;
    std::optional<std::string> token_file_;
};

/// Asks for a key's password on the terminal of this process, without showing it; nothing where
/// there is none.
std::optional<Secret> ask_password(std::string_view prompt);

} // namespace clairgate::gate
