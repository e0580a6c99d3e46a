#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/gate/policy_command.hpp>
#include <clairgate/io/files.hpp>
#include <clairgate/policy/import.hpp>

namespace clairgate::gate {

namespace {

// Where a file of one level belongs, by the flags that name a level.
std::string path_for(policy::Context const& context) {
    if (!context.application.empty())
        return cat("application/",
                   context.application,
                   context.environment.empty() ? std::string() : cat("@", context.environment),
                   ".toml");
    if (!context.environment.empty())
        return cat("environment/", context.environment, ".toml");
    if (!context.cluster.empty())
        return cat("cluster/", context.cluster, ".toml");
    return "global.toml";
}

} // namespace

// What was translated goes to standard output, so that a person reads it before it is in force.
io::Task<Outcome> policy_import(PolicyCall call) {
    auto const& streams = call.invocation.streams;
    if (call.arguments.size() != 1)
        co_return Outcome::failed(
            Error(ErrorKind::usage, "policy import needs one FILE")
                .with_remedy("clairgate policy import .trivyignore --owner team-a --reason "
                             "\"taken over\" --expires 2026-12-31"));
    auto const& file = call.arguments.front();
    auto const bytes = io::read_file(file, limits::policy_file_bytes);
    if (!bytes.has_value())
        co_return Outcome::failed(Error(ErrorKind::usage, bytes.error().text()));
    auto const& settings = call.invocation.settings;
    policy::ImportOptions options;
    options.owner = settings.text("owner");
    options.reason = settings.text("reason");
    options.expires = settings.text("expires");
    options.format = settings.text("format");
    options.now = call.runtime.world().clock.now();
    auto const imported = policy::import_policy(file, *bytes, options);
    if (!imported.has_value())
        co_return Outcome::failed(imported.error());
    std::string out;
    for (auto const& made : imported->files) {
        auto const path =
            made.path.empty() ? path_for(call.config.policy.contexts.front()) : made.path;
        out += cat("# ", path, "\n", made.toml, out.empty() ? "" : "\n");
    }
    streams.out(out);
    for (auto const& left : imported->left)
        streams.error(cat("not imported: ", left.entry, ", because ", left.why, "\n"));
    streams.error(cat(imported->format,
                      ": ",
                      imported->entries,
                      " imported, ",
                      imported->left.size(),
                      " not imported\n"));
    co_return Outcome::done();
}

} // namespace clairgate::gate
