#include <clairgate/base/text.hpp>
#include <clairgate/gate/commands.hpp>
#include <clairgate/gate/policy_command.hpp>
#include <clairgate/gate/version.hpp>

#include <algorithm>

namespace clairgate::gate {

namespace {

std::string overview() {
    std::string out = "clairgate blocks or allows the deployment of a pushed container image: it "
                      "waits for the\ndigest, has Clair scan it and applies the policy files of "
                      "the repository.\n\nusage: clairgate COMMAND [options]\n\n";
    for (auto const& command : commands()) {
        if (command.is_hidden)
            continue;
        std::string const padding(12 - std::min<std::size_t>(11, command.name.size()), ' ');
        out += cat("  ", command.name, padding, command.help, "\n");
    }
    out += "\nExit status: 0 allowed, 1 blocked, 2 usage or policy invalid, 3 could not decide,\n"
           "4 no digest, 5 report not written, 10 allowed with warnings (--warn-status),\n"
           "130 and 143 interrupted.\n"
           "\n"
           "Start here:\n"
           "  clairgate run --image registry.example/team/app@sha256:… -o table\n"
           "  clairgate help run\n";
    return out;
}

std::string details_of(CommandInfo const& command) {
    auto out = cat("clairgate ",
                   command.name,
                   ": ",
                   command.help,
                   "\n\nusage: clairgate ",
                   command.name,
                   " ",
                   command.usage,
                   "\n");
    if (command.command == Command::policy)
        for (auto const& one : policy_subcommands())
            out += cat("\n  ", one.name, " ", one.usage, "\n      ", one.help);
    out += command.command == Command::policy ? "\n" : "";
    if (!command.details.empty())
        out += cat("\n", command.details);
    auto const options = help_of(command.command);
    if (!options.empty())
        out += cat("\n", options);
    return out;
}

} // namespace

Outcome help_command(Invocation const& invocation) {
    auto const& words = invocation.settings.arguments();
    if (words.empty()) {
        invocation.streams.out(overview());
        return Outcome::done();
    }
    std::vector<std::string_view> names;
    for (auto const& command : commands()) {
        if (command.name == words.front() && !command.is_hidden) {
            invocation.streams.out(details_of(command));
            return Outcome::done();
        }
        if (!command.is_hidden)
            names.push_back(command.name);
    }
    return Outcome::failed(
        Error(ErrorKind::usage,
              cat("unknown command: ", words.front(), did_you_mean(words.front(), names))));
}

Outcome version_command(Invocation const& invocation) {
    invocation.streams.out(cat("clairgate ", version(), "\n"));
    return Outcome::done();
}

} // namespace clairgate::gate
