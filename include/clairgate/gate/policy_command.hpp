#pragma once

#include <clairgate/gate/commands.hpp>
#include <clairgate/gate/config.hpp>
#include <clairgate/gate/runtime.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::gate {

/// What a subcommand of `policy` gets.
struct PolicyCall {
    Invocation const& invocation;
    Config const& config;
    std::vector<std::string> arguments; ///< after the subcommand's name
    Runtime& runtime;
};

/// One subcommand of `policy`: one file and one line of the table.
struct PolicySubcommand {
    std::string_view name;
    std::string_view usage;
    std::string_view help;
    io::Task<Outcome> (*run)(PolicyCall call);
};
std::span<PolicySubcommand const> policy_subcommands();

/// The policy files to be looked at as somebody wrote them: in a change request its own, whatever
/// the base's are.
io::Task<Result<std::vector<policy::SourceFile>>> files_as_written(PolicyCall call);

io::Task<Outcome> policy_init(PolicyCall call);
io::Task<Outcome> policy_lint(PolicyCall call);
io::Task<Outcome> policy_explain(PolicyCall call);
io::Task<Outcome> policy_test(PolicyCall call);
io::Task<Outcome> policy_diff(PolicyCall call);
io::Task<Outcome> policy_prune(PolicyCall call);
io::Task<Outcome> policy_import(PolicyCall call);
io::Task<Outcome> policy_push(PolicyCall call);
io::Task<Outcome> policy_schema(PolicyCall call);

} // namespace clairgate::gate
