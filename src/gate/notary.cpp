#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/gate/notary.hpp>
#include <clairgate/io/files.hpp>

namespace clairgate::gate {

io::Task<Result<Notary>> Notary::make(io::World& world, SigningChoice choice, Deadline deadline) {
    Notary notary(world);
    CLAIRGATE_ASSERT(choice.key.has_value());
    auto const& key = *choice.key;
    if (!choice.is_keyless()) {
        sign::SignerContext context{world, ask_password};
        auto signer = co_await sign::make_signer(context, key, deadline);
        if (!signer.has_value())
            co_return signer.error().with_context("--sign");
        notary.signer_ = *std::move(signer);
        co_return notary;
    }
    auto const file = choice.signing_config_file.value_or("");
    auto const bytes = io::read_file(file, limits::config_file_bytes);
    if (!bytes.has_value())
        co_return Error(ErrorKind::config, bytes.error().text()).with_context("--signing-config");
    auto services = sign::parse_signing_config(*bytes, world.clock.now(), choice.wants_old_log);
    if (!services.has_value())
        co_return services.error().with_context(cat("--signing-config ", file));
    // The token is looked for now and asked for again when it is used: it is short-lived.
    CO_TRY_VOID(co_await sign::find_identity_token(world, choice.token_file, deadline));
    notary.services_ = *std::move(services);
    notary.token_file_ = std::move(choice.token_file);
    co_return notary;
}

io::Task<Result<attest::Bundle>> Notary::sign(std::string statement, Deadline deadline) {
    if (signer_)
        co_return co_await sign::sign_statement(*signer_, std::move(statement), deadline);
    CLAIRGATE_ASSERT(services_.has_value());
    auto const& services = *services_;
    CO_TRY(auto identity, co_await sign::find_identity_token(*world_, token_file_, deadline));
    co_return co_await sign::sign_keyless(
        *world_, services, std::move(identity), std::move(statement), deadline);
}

std::optional<sign::PublicKey> Notary::key() const {
    if (!signer_)
        return std::nullopt;
    return signer_->public_key();
}

} // namespace clairgate::gate
