#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/base/secret.hpp>
#include <clairgate/io/http_message.hpp>
#include <clairgate/io/world.hpp>
#include <clairgate/sign/key.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The transit engine of Vault and OpenBao over HTTP: one key's public half and its signatures.
namespace clairgate::sign {

/// Where one key is and who we are there. The token goes to this origin and nowhere else.
struct TransitPlace {
    io::Url url;       ///< of the service; its path ends without a slash
    std::string mount; ///< "transit"
    std::string key;
    std::optional<std::string> name_space;
    Secret token;
};

/// The place that "hashivault://KEY" or "openbao://KEY" means. VAULT_ADDR, VAULT_TOKEN and
/// VAULT_NAMESPACE belong together, as BAO_ADDR, BAO_TOKEN and BAO_NAMESPACE do: a token never goes
/// to the address of the other set. openbao:// takes the second set when BAO_ADDR is set, else the
/// first. Without a token variable ~/.vault-token is read, which both command lines write. The
/// mount is TRANSIT_SECRET_ENGINE_PATH. Kind usage for a bad key name, else config; http is refused
/// except to loopback.
Result<TransitPlace> transit_place(io::Environment const& environment, std::string_view reference);

/// One version of a key: what it is verified with, and the number that pins signatures to it.
struct TransitKey {
    PublicKey public_key;
    std::uint64_t version = 0;
};

/// Requests to one place. Redirects are not followed, and no error repeats the token.
class Transit {
  public:
    Transit(io::World& world, TransitPlace place) : world_(world), place_(std::move(place)) {}

    /// The newest version of the key. Kind config when it is no signing key that we verify.
    io::Task<Result<TransitKey>> newest_key(Deadline deadline);
    /// The signature of `message` by that version: ECDSA in DER, RSA PKCS#1 v1.5, both of SHA-256,
    /// which alone leaves us; Ed25519 of the message, which goes there as a whole.
    io::Task<Result<std::string>> sign(TransitKey key, std::string message, Deadline deadline);

  private:
    io::Task<Result<std::string>> send(io::Request request, Deadline deadline) const;
    io::Task<Result<io::Response>> send_once(io::Request request, Deadline deadline) const;
    io::Url url_of(std::string_view what) const;
    Error refused(std::string_view method, io::Response answer) const;
    Error cleaned(Error error) const;

    io::World& world_;
    TransitPlace place_;
};

} // namespace clairgate::sign
