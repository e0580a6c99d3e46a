#include <clairgate/base/text.hpp>
#include <clairgate/gate/commands.hpp>
#include <clairgate/gate/config.hpp>
#include <clairgate/gate/notary.hpp>
#include <clairgate/io/files.hpp>
#include <clairgate/sign/encrypted_key.hpp>
#include <clairgate/sign/signer.hpp>

#include <filesystem>

namespace clairgate::gate {

namespace {

Error usage(std::string message) {
    return Error(ErrorKind::usage, std::move(message))
        .with_remedy("clairgate keys generate, or clairgate keys public KEYREF");
}

Result<void> check_absent(std::string const& file) {
    std::error_code failed;
    if (!std::filesystem::exists(std::filesystem::symlink_status(file, failed)))
        return ok();
    return Error(ErrorKind::usage, cat(file, " is there already, and nothing is overwritten"))
        .with_remedy("choose other names with --output-key-prefix, or remove it");
}

// The new key's password: COSIGN_PASSWORD, which may be empty, else what a person types twice.
Result<Secret> new_password(io::Environment const& environment) {
    auto const& variables = environment.all();
    if (auto const found = variables.find("COSIGN_PASSWORD"); found != variables.end())
        return Secret(found->second);
    auto const first = ask_password("Password for the new private key: ");
    if (!first)
        return Error(ErrorKind::config, "no password for the new key, and no terminal to ask on")
            .with_remedy("set COSIGN_PASSWORD (it may be empty)");
    auto const second = ask_password("The same again: ");
    if (!second || first->reveal() != second->reveal())
        return Error(ErrorKind::usage, "the two passwords differ");
    return *first;
}

Result<void> generate(io::World& world, std::string const& prefix, Streams const& streams) {
    auto const private_file = prefix + ".key";
    auto const public_file = prefix + ".pub";
    TRY_VOID(check_absent(private_file));
    TRY_VOID(check_absent(public_file));
    auto const password = TRY(new_password(world.environment));
    auto const key = TRY(sign::PrivateKey::generate());
    auto const pem = TRY(sign::encrypt_key(key, password, world.random_bytes));
    TRY_VOID(io::write_atomically(private_file, pem, 0600));
    TRY_VOID(io::write_atomically(public_file, key.public_key().pem(), 0644));
    streams.error(cat("wrote ", private_file, " (keep it secret) and ", public_file, "\n"));
    return ok();
}

io::Task<Outcome> print_public(io::World& world, std::string reference, Streams const& streams) {
    auto const deadline = Deadline::after(world.clock, std::chrono::minutes(1));
    sign::SignerContext context{world, ask_password};
    auto const key = co_await sign::public_key_of(context, std::move(reference), deadline);
    if (!key.has_value())
        co_return Outcome::failed(key.error());
    streams.out(key->pem());
    co_return Outcome::done();
}

} // namespace

Outcome keys_command(Invocation const& invocation) {
    auto const config =
        make_config(invocation.settings, invocation.environment, invocation.streams);
    if (!config.has_value())
        return Outcome::failed(config.error());
    auto const& arguments = invocation.settings.arguments();
    Runtime runtime(invocation.streams, invocation.environment, config->speech, config->http);
    if (arguments.size() == 1 && arguments[0] == "generate") {
        auto const prefix = invocation.settings.text("output-key-prefix").value_or("cosign");
        auto const done = generate(runtime.world(), prefix, invocation.streams);
        return done.has_value() ? Outcome::done() : Outcome::failed(done.error());
    }
    if (arguments.size() == 2 && arguments[0] == "public")
        return runtime.run(print_public(runtime.world(), arguments[1], invocation.streams));
    if (arguments.empty())
        return Outcome::failed(usage("keys: generate or public?"));
    static constexpr std::string_view known[] = {"generate", "public"};
    return Outcome::failed(usage(cat(
        "keys does not take \"", join(arguments, " "), "\"", did_you_mean(arguments[0], known))));
}

} // namespace clairgate::gate
