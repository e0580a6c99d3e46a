#include <clairgate/base/json.hpp>
#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/io/process.hpp>
#include <clairgate/registry/credential_helper.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace clairgate::registry {

namespace {

constexpr auto helper_time_max = std::chrono::seconds(30);
constexpr std::string_view way_out =
    "set CLAIRGATE_REGISTRY_USER and CLAIRGATE_REGISTRY_PASSWORD_FILE, or DOCKER_AUTH_CONFIG";

bool is_helper_name(std::string_view name) {
    return !name.empty() && name.size() <= 64 && name.front() != '.' &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                      c == '.';
           });
}

Result<std::optional<Credential>> decode_answer(std::string_view output,
                                                std::string const& source) {
    auto const answer = TRY(json::parse(output).with_context(source));
    auto user = TRY(json::string(answer, "Username").with_context(source));
    auto secret = TRY(json::string(answer, "Secret").with_context(source));
    if (secret.empty()) // how some helpers say that they know none
        return std::optional<Credential>();
    if (user == "<token>")
        return std::optional(
            Credential{Credential::IdentityToken{Secret(std::move(secret))}, source});
    return std::optional(
        Credential{Credential::Basic{std::move(user), Secret(std::move(secret))}, source});
}

} // namespace

io::Task<Result<std::optional<Credential>>>
ask_helper(io::World& world, std::string name, std::string server, Deadline deadline) {
    if (!is_helper_name(name))
        co_return Error(ErrorKind::config, cat("credential helper with the name \"", name, "\""))
            .with_remedy("a helper's name is lower-case letters, digits, '-', '_' and '.'");
    auto const program = cat("docker-credential-", name);
    auto const found = io::find_program(program, io::path_folders(world.environment.value("PATH")));
    if (!found)
        co_return Error(ErrorKind::config,
                        cat(program, " is named by the configuration but not in PATH"))
            .with_remedy(std::string(way_out));
    io::Command command;
    command.program = *found;
    command.arguments = {"get"};
    command.environment = {world.environment.all().begin(), world.environment.all().end()};
    command.input = std::move(server);
    command.output_bytes_max = limits::credential_helper_bytes;
    auto const until = Deadline::after(world.clock, helper_time_max).capped(deadline);
    auto const ended = co_await io::run_process(std::move(command), world.clock, until);
    if (!ended.has_value())
        co_return ended.error().with_context(program).with_remedy(std::string(way_out));
    if (ended->exit.ok())
        co_return decode_answer(ended->output, program);
    if (ended->output.find("credentials not found") != std::string::npos)
        co_return std::optional<Credential>();
    // What it printed may hold the secret: only the status is told.
    co_return Error(ErrorKind::tool, cat(program, " ended with ", ended->exit.text()))
        .with_remedy(std::string(way_out));
}

} // namespace clairgate::registry
