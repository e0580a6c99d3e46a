#include "schemes.hpp"
#include <clairgate/base/text.hpp>
#include <clairgate/io/files.hpp>
#include <clairgate/sign/encrypted_key.hpp>
#include <clairgate/sign/key_text.hpp>
#include <clairgate/sign/pem.hpp>

#include <filesystem>
#include <system_error>
#include <utility>

namespace clairgate::sign {

namespace fs = std::filesystem;

namespace {

// A path, "file:PATH", or the URL "file:///PATH" that some tools write.
Result<std::string> path_of(std::string_view reference) {
    constexpr std::string_view scheme = "file:";
    if (reference.starts_with(scheme))
        reference.remove_prefix(scheme.size());
    if (reference.starts_with("//")) {
        reference.remove_prefix(2);
        if (!reference.starts_with('/'))
            return Error(ErrorKind::usage, "a key in file://… has to be an absolute path");
    }
    if (reference.empty())
        return Error(ErrorKind::usage, "file: needs the path of a key");
    return std::string(reference);
}

// Only a warning: secrets that Kubernetes mounts are readable for all.
void warn_of_readers(io::World const& world, std::string const& path, Secret const& pem) {
    auto const label = pem_label(pem.reveal());
    if (!label.ends_with("PRIVATE KEY") || is_encrypted_key(pem.reveal()))
        return;
    std::error_code failed;
    auto const permissions = fs::status(path, failed).permissions();
    constexpr auto readers = fs::perms::group_read | fs::perms::others_read;
    if (!failed && (permissions & readers) != fs::perms::none)
        world.log.warning("the private key is not encrypted and others may read its file",
                          {{"file", path}});
}

Result<Secret> read_key(io::World const& world, std::string const& path) {
    auto pem = io::read_secret(path);
    if (!pem.has_value()) // a setting of ours names it: not a peer's "not found"
        return Error(ErrorKind::config, pem.error().text());
    warn_of_readers(world, path, *pem);
    return pem;
}

} // namespace

io::Task<Result<std::unique_ptr<Signer>>>
make_file_signer(SignerContext context, std::string reference, Deadline deadline) {
    static_cast<void>(deadline);
    CO_TRY(auto const path, path_of(reference));
    CO_TRY(auto const pem, read_key(context.world, path));
    CO_TRY(auto key, private_key_of_text(context, pem, path));
    co_return signer_of(std::move(key));
}

io::Task<Result<PublicKey>>
public_key_of_file(SignerContext context, std::string reference, Deadline deadline) {
    static_cast<void>(deadline);
    CO_TRY(auto const path, path_of(reference));
    CO_TRY(auto const pem, read_key(context.world, path));
    co_return public_key_of_text(context, pem, path);
}

} // namespace clairgate::sign
