#include <clairgate/base/text.hpp>
#include <clairgate/sign/encrypted_key.hpp>
#include <clairgate/sign/key_text.hpp>
#include <clairgate/sign/pem.hpp>

#include <utility>

namespace clairgate::sign {

namespace {

constexpr std::string_view password_variable = "COSIGN_PASSWORD";

Result<Secret> password_of(SignerContext const& context, std::string_view name) {
    // Not `value()`, which takes an empty one for unset: keys may have the empty password.
    auto const& variables = context.world.environment.all();
    if (auto const found = variables.find(password_variable); found != variables.end())
        return Secret(found->second);
    if (context.ask_password) {
        auto asked = context.ask_password(cat("Password of ", name, ": "));
        if (asked)
            return *std::move(asked);
    }
    return Error(ErrorKind::config, "the private key is encrypted and there is no password")
        .with_remedy(cat("set ", password_variable, " (to nothing for the empty password)"));
}

class MemorySigner final : public Signer {
  public:
    explicit MemorySigner(PrivateKey key) : key_(std::move(key)), public_key_(key_.public_key()) {}
    PublicKey const& public_key() const override { return public_key_; }
    io::Task<Result<std::string>> sign(std::string message, Deadline deadline) override {
        static_cast<void>(deadline);
        co_return key_.sign(message);
    }

  private:
    PrivateKey key_;
    PublicKey public_key_;
};

Result<PrivateKey>
private_key_in(SignerContext const& context, Secret const& pem, std::string_view name) {
    if (!is_encrypted_key(pem.reveal()))
        return PrivateKey::from_pem(pem);
    auto const password = TRY(password_of(context, name));
    return decrypt_key(pem, password);
}

} // namespace

Result<PrivateKey>
private_key_of_text(SignerContext const& context, Secret const& pem, std::string_view name) {
    return private_key_in(context, pem, name).with_context(std::string(name));
}

Result<PublicKey>
public_key_of_text(SignerContext const& context, Secret const& pem, std::string_view name) {
    if (pem_label(pem.reveal()).ends_with("PRIVATE KEY"))
        return TRY(private_key_of_text(context, pem, name)).public_key();
    return PublicKey::from_pem(pem.reveal()).with_context(std::string(name));
}

std::unique_ptr<Signer> signer_of(PrivateKey key) {
    return std::make_unique<MemorySigner>(std::move(key));
}

} // namespace clairgate::sign
