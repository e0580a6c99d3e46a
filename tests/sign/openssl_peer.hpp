#pragma once

#include <clairgate/base/secret.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <support/temp_dir.hpp>
#include <support/test_world.hpp>
#include <vector>

namespace clairgate::sign {

/// The openssl command line: another's eyes on what we sign and on what we accept. Works in a
/// folder of its own; names of files are relative to it.
class OpenSslPeer {
  public:
    /// Standard output of a run that ends with status 0; the test fails otherwise.
    std::string run(std::vector<std::string> arguments);
    /// Whether a run ends with status 0.
    bool succeeds(std::vector<std::string> arguments);

    std::filesystem::path path(std::string_view name) const { return folder_.path() / name; }
    void write(std::string_view name, std::string_view bytes) const;
    std::string read(std::string_view name) const;

    /// A fresh private key, PEM PKCS#8, by `openssl genpkey`.
    Secret private_key(std::vector<std::string> arguments);
    Secret p256() {
        return private_key({"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"});
    }
    Secret p384() {
        return private_key({"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"});
    }
    Secret ed25519() { return private_key({"-algorithm", "ED25519"}); }
    Secret rsa(std::string const& bits = "2048") {
        return private_key({"-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:" + bits});
    }
    /// The public half of a PEM private key, `form` PEM or DER.
    std::string public_key(Secret const& key, std::string const& form = "PEM");
    /// What `openssl dgst` or, for Ed25519, `openssl pkeyutl` signs.
    std::string
    sign(Secret const& key, std::string_view message, std::string const& hash = "sha256");
    std::string sign_whole(Secret const& key, std::string_view message);
    bool
    verifies(std::string_view public_pem, std::string_view message, std::string_view signature);
    bool verifies_whole(std::string_view public_pem,
                        std::string_view message,
                        std::string_view signature);

  private:
    test::TempDir folder_;
    test::TestWorld world_;
};

} // namespace clairgate::sign
