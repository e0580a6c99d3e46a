#include "schemes.hpp"
#include <clairgate/base/text.hpp>
#include <clairgate/sign/key_text.hpp>

#include <algorithm>
#include <utility>

namespace clairgate::sign {

namespace {

bool is_name(std::string_view name) {
    return !name.empty() && (name.front() < '0' || name.front() > '9') &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                      c == '_';
           });
}

Result<std::string> name_of(std::string_view reference) {
    constexpr std::string_view scheme = "env://";
    auto const name = reference.substr(std::min(scheme.size(), reference.size()));
    if (!reference.starts_with(scheme) || !is_name(name))
        return Error(ErrorKind::usage, "a key in the environment is written env://VARIABLE");
    return std::string(name);
}

Result<Secret> read_key(io::World const& world, std::string const& name) {
    auto value = world.environment.value(name);
    if (!value)
        return Error(ErrorKind::config, cat("the environment variable ", name, " is not set"));
    return Secret(*std::move(value));
}

} // namespace

io::Task<Result<std::unique_ptr<Signer>>>
make_env_signer(SignerContext context, std::string reference, Deadline deadline) {
    static_cast<void>(deadline);
    CO_TRY(auto const name, name_of(reference));
    CO_TRY(auto const pem, read_key(context.world, name));
    CO_TRY(auto key, private_key_of_text(context, pem, name));
    co_return signer_of(std::move(key));
}

io::Task<Result<PublicKey>>
public_key_of_env(SignerContext context, std::string reference, Deadline deadline) {
    static_cast<void>(deadline);
    CO_TRY(auto const name, name_of(reference));
    CO_TRY(auto const pem, read_key(context.world, name));
    co_return public_key_of_text(context, pem, name);
}

} // namespace clairgate::sign
