#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/gate/commands.hpp>
#include <clairgate/gate/config.hpp>
#include <clairgate/gate/gate_command.hpp>
#include <clairgate/gate/policy_folder.hpp>
#include <clairgate/gate/runtime.hpp>
#include <clairgate/io/files.hpp>

namespace clairgate::gate {

Result<report::Report>
judge_stored(std::filesystem::path const& file, policy::Policy const& policy, SystemTime now) {
    auto const bytes = TRY(io::read_file(file, limits::stored_report_bytes));
    auto stored = report::parse_report(bytes).with_context(file.string());
    if (!stored.has_value())
        return stored.error();
    if (stored->verdict == "undecided")
        return Error(
            ErrorKind::protocol,
            cat(file.string(), " is of a run that could not decide: scan the image again"));
    auto report = std::move(stored->report);
    report.policy = policy;
    report.verdict = policy::evaluate(policy, report.scan, now);
    return report;
}

namespace {

Outcome judge_file(std::string const& file,
                   policy::Policy const& policy,
                   Config const& config,
                   Streams const& streams) {
    auto const report = judge_stored(file, policy, real_clock().now());
    if (!report.has_value())
        return Outcome::failed(report.error());
    auto const& verdict = report->verdict;
    CLAIRGATE_ASSERT(verdict.has_value());
    auto const outcome = Outcome::judged(verdict->effect());
    auto const written = write_outputs(*report, config.outputs, streams, config.has_colour);
    return written.has_value() ? outcome : outcome.with_evidence_failure(written.error());
}

} // namespace

Outcome gate_command(Invocation const& invocation) {
    auto const& files = invocation.settings.arguments();
    if (files.empty())
        return Outcome::failed(
            Error(ErrorKind::usage, "no REPORT given")
                .with_remedy(
                    "clairgate gate report.json (write one with run -o json=report.json)"));
    auto const config =
        make_config(invocation.settings, invocation.environment, invocation.streams);
    if (!config.has_value())
        return Outcome::failed(config.error());
    auto const policy = load_policy(config->policy_folder, config->is_policy_named);
    if (!policy.has_value())
        return Outcome::failed(policy.error());
    std::optional<Outcome> worst;
    for (auto const& file : files) {
        auto outcome = judge_file(file, *policy, *config, invocation.streams);
        if (files.size() > 1 && outcome.error() != nullptr)
            invocation.streams.error(error_text(*outcome.error()));
        bool const is_worse =
            !worst || worse(worst->status(true), outcome.status(true)) != worst->status(true);
        if (is_worse)
            worst = std::move(outcome);
    }
    CLAIRGATE_ASSERT(worst.has_value());
    return *worst;
}

} // namespace clairgate::gate
