#include <clairgate/base/text.hpp>
#include <clairgate/gate/policy_command.hpp>
#include <clairgate/gate/policy_folder.hpp>

#include <algorithm>

namespace clairgate::gate {

namespace {

constexpr PolicySubcommand table[] = {
    {"init", "[--from devtron]", "write starter files with comments", policy_init},
    {"lint", "", "check all files, whatever their level; all mistakes at once", policy_lint},
    {"explain",
     "[--id CVE]… [--application A] [--environment E]",
     "the effective value of every key, where it comes from and who locked it",
     policy_explain},
    {"test", "[FILE…]", "check what policy decides against tests/*.toml", policy_test},
    {"diff", "OLD NEW REPORT…", "which verdicts a change of policy flips", policy_diff},
    {"prune",
     "[REPORT…]",
     "exceptions to delete: expired, or unused by stored reports",
     policy_prune},
    {"import",
     "FILE [--owner O --reason R --expires DATE]",
     "translate another tool's ignore file",
     policy_import},
    {"push", "REF", "publish the policy folder as an OCI artifact", policy_push},
    {"schema", "", "a JSON Schema of the policy files, for editors", policy_schema},
};

std::string usage() {
    std::string out;
    for (auto const& one : table)
        out += cat("  clairgate policy ", one.name, " ", one.usage, "\n");
    return out;
}

} // namespace

std::span<PolicySubcommand const> policy_subcommands() {
    return table;
}

io::Task<Result<std::vector<policy::SourceFile>>> files_as_written(PolicyCall call) {
    auto& world = call.runtime.world();
    auto const deadline = Deadline::after(world.clock, call.config.timeout);
    auto const& choice = call.config.policy;
    if (choice.sources.empty()) // a change's own files are what is looked at here
        co_return read_policy_folder(choice.folder, choice.is_named);
    CO_TRY(auto read, co_await read_policy_files(world, choice, call.config.registry, deadline));
    if (read.proposed)
        co_return *std::move(read.proposed);
    co_return std::move(read.files);
}

Outcome policy_command(Invocation const& invocation) {
    auto arguments = invocation.settings.arguments();
    if (arguments.empty()) {
        invocation.streams.out(cat("usage:\n", usage()));
        return Outcome::failed(
            Error(ErrorKind::usage, "policy needs a word: init, lint, explain…"));
    }
    auto const word = arguments.front();
    std::vector<std::string_view> names;
    for (auto const& one : table)
        names.push_back(one.name);
    auto const found = std::find(names.begin(), names.end(), word);
    if (found == names.end())
        return Outcome::failed(
            Error(ErrorKind::usage,
                  cat("unknown subcommand of policy: ", word, did_you_mean(word, names)))
                .with_remedy("clairgate help policy lists them"));
    auto const config =
        make_config(invocation.settings, invocation.environment, invocation.streams);
    if (!config.has_value())
        return Outcome::failed(config.error());
    arguments.erase(arguments.begin());
    Runtime runtime(invocation.streams, invocation.environment, config->speech, config->http);
    PolicyCall call{invocation, *config, std::move(arguments), runtime};
    return runtime.run(table[found - names.begin()].run(std::move(call)));
}

} // namespace clairgate::gate
