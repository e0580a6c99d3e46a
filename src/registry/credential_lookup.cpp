#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/io/files.hpp>
#include <clairgate/registry/credential_helper.hpp>
#include <clairgate/registry/credentials.hpp>

namespace clairgate::registry {

namespace {

// The files of docker and podman, in the order in which they are asked.
std::vector<std::string> auth_files(io::Environment const& environment) {
    std::vector<std::string> files;
    auto const home = environment.value("HOME");
    if (auto const folder = environment.value("DOCKER_CONFIG"))
        files.push_back(*folder + "/config.json");
    else if (home)
        files.push_back(*home + "/.docker/config.json");
    if (auto const file = environment.value("REGISTRY_AUTH_FILE"))
        files.push_back(*file);
    if (auto const folder = environment.value("XDG_RUNTIME_DIR"))
        files.push_back(*folder + "/containers/auth.json");
    if (home)
        files.push_back(*home + "/.config/containers/auth.json");
    return files;
}

Result<std::optional<Credential>> from_own_variables(io::Environment const& environment) {
    auto const user = environment.value("CLAIRGATE_REGISTRY_USER");
    auto const file = environment.value("CLAIRGATE_REGISTRY_PASSWORD_FILE");
    if (!user && !file)
        return std::optional<Credential>();
    if (!user || !file)
        return Error(
            ErrorKind::config,
            "CLAIRGATE_REGISTRY_USER and CLAIRGATE_REGISTRY_PASSWORD_FILE belong together");
    auto password = TRY(io::read_secret(*file).with_context("CLAIRGATE_REGISTRY_PASSWORD_FILE"));
    return std::optional(
        Credential{Credential::Basic{*user, std::move(password)}, "CLAIRGATE_REGISTRY_USER"});
}

Result<std::vector<AuthFile>> read_all(io::Environment const& environment,
                                       std::vector<std::string>& looked) {
    std::vector<AuthFile> files;
    if (auto const text = environment.value("DOCKER_AUTH_CONFIG")) {
        looked.emplace_back("DOCKER_AUTH_CONFIG");
        auto file = TRY(AuthFile::parse(*text, "DOCKER_AUTH_CONFIG"));
        files.push_back(std::move(file));
    }
    for (auto const& path : auth_files(environment)) {
        looked.push_back(path);
        auto const bytes = io::read_file(path, limits::credentials_file_bytes);
        if (!bytes.has_value()) {
            if (bytes.error().kind() != ErrorKind::not_found)
                return bytes.error();
            continue;
        }
        auto file = TRY(AuthFile::parse(*bytes, path));
        files.push_back(std::move(file));
    }
    return files;
}

} // namespace

io::Task<Result<std::optional<Credential>>> find_credential(io::World& world,
                                                            image::Repository const& repository,
                                                            OwnVariables variables,
                                                            std::vector<std::string>& looked,
                                                            Deadline deadline) {
    if (variables == OwnVariables::use) {
        looked.emplace_back("CLAIRGATE_REGISTRY_USER");
        CO_TRY(auto own, from_own_variables(world.environment));
        if (own)
            co_return own;
    }
    CO_TRY(auto const files, read_all(world.environment, looked));
    for (auto const& file : files) {
        if (auto const name = file.helper(repository.registry)) {
            auto const server = repository.registry == "docker.io" ? std::string(docker_hub_key)
                                                                   : repository.registry;
            looked.push_back(cat("docker-credential-", *name));
            CO_TRY(auto answer, co_await ask_helper(world, *name, server, deadline));
            if (answer)
                co_return answer;
        }
        CO_TRY(auto found, file.find(repository));
        if (found)
            co_return found;
    }
    co_return std::optional<Credential>();
}

} // namespace clairgate::registry
