#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/gate/commands.hpp>
#include <clairgate/gate/config.hpp>
#include <clairgate/gate/pipeline.hpp>
#include <clairgate/gate/run_command.hpp>
#include <clairgate/gate/runtime.hpp>
#include <clairgate/gate/stored_report.hpp>
#include <clairgate/io/files.hpp>

namespace clairgate::gate {

namespace {

// The context a report was made for, where no flag says another.
policy::Context context_of(report::Report const& report) {
    auto const word = [&](char const* key) {
        auto const found = report.context.find(key);
        return found == report.context.end() ? std::string() : found->second;
    };
    return {word("cluster"), word("environment"), word("application")};
}

bool is_named(policy::Context const& context) {
    return !(context == policy::Context{});
}

// Judges one file after the other, so that thousands need no more memory than the largest.
class Gate {
  public:
    Gate(Invocation const& invocation, Config const& config, Runtime& runtime)
        : invocation_(invocation), config_(config), runtime_(runtime) {}

    io::Task<Outcome> judge(std::vector<std::string> const& files) {
        auto& world = runtime_.world();
        auto const deadline = Deadline::after(world.clock, config_.timeout);
        auto read = co_await read_policy_files(world, config_.policy, config_.registry, deadline);
        if (!read.has_value())
            co_return Outcome::failed(read.error());
        auto facts = read_facts(config_.facts, world.clock.now());
        if (!facts.has_value())
            co_return Outcome::failed(facts.error());
        policy_files_ = *std::move(read);
        facts_ = *std::move(facts);
        std::optional<Outcome> worst;
        for (auto const& file : files) {
            auto outcome = judge_file(file);
            if (files.size() > 1 && outcome.error() != nullptr)
                invocation_.streams.error(error_text(*outcome.error()));
            bool const is_worse =
                !worst || worse(worst->status(true), outcome.status(true)) != worst->status(true);
            if (is_worse)
                worst = std::move(outcome);
        }
        CLAIRGATE_ASSERT(worst.has_value());
        co_return *worst;
    }

  private:
    Outcome judge_file(std::string const& file) {
        auto stored = read_stored(file);
        if (!stored.has_value())
            return Outcome::failed(stored.error());
        auto contexts = config_.policy.contexts;
        if (contexts.size() == 1 && !is_named(contexts.front()))
            contexts.front() = context_of(*stored);
        auto const now = config_.at.value_or(runtime_.world().clock.now());
        auto effect = policy::Effect::allow;
        std::optional<Error> evidence_error;
        for (auto const& context : contexts) {
            auto const* const policy = policy_for(context);
            if (policy == nullptr)
                return Outcome::failed(
                    policy_error_.value_or(Error(ErrorKind::policy, "no policy")));
            auto const report = judged_report(*stored, *policy, now);
            effect = std::max(effect, enforced_effect(report));
            auto const written =
                write_outputs(report, config_.outputs, invocation_.streams, config_.has_colour);
            if (!written.has_value() && !evidence_error)
                evidence_error = written.error();
        }
        auto const outcome = config_.at ? Outcome::previewed(effect) : Outcome::judged(effect);
        return evidence_error ? outcome.with_evidence_failure(*evidence_error) : outcome;
    }

    Result<report::Report> read_stored(std::string const& file) const {
        auto const bytes = TRY(io::read_file(file, limits::stored_report_bytes));
        auto report = TRY(parse_any_report(file, bytes).with_context(file));
        if (!report.undecided_reason.empty())
            return Error(ErrorKind::protocol,
                         cat(file, " is of a run that could not decide: scan the image again"));
        add_facts(report.scan, facts_);
        return report;
    }

    // The policy of a context, resolved once.
    policy::Policy const* policy_for(policy::Context const& context) {
        for (auto const& [known, policy] : policies_)
            if (known == context)
                return &policy;
        auto made = policies_of(policy_files_, {context});
        if (!made.has_value()) {
            policy_error_ = made.error();
            return nullptr;
        }
        add_vex(made->front(), facts_);
        policies_.emplace_back(context, std::move(made->front()));
        return &policies_.back().second;
    }

    Invocation const& invocation_;
    Config const& config_;
    Runtime& runtime_;
    PolicyFiles policy_files_;
    FactFiles facts_;
    std::vector<std::pair<policy::Context, policy::Policy>> policies_;
    std::optional<Error> policy_error_;
};

Result<void> check_file_names(Config const& config, std::size_t reports) {
    for (auto const& target : config.outputs) {
        if (!target.file)
            continue;
        bool const has_digest = target.file->find("{digest}") != std::string::npos;
        bool const has_environment = target.file->find("{environment}") != std::string::npos;
        if ((reports > 1 && !has_digest) || (config.policy.contexts.size() > 1 && !has_environment))
            return Error(ErrorKind::usage,
                         cat("several reports would write the same file: -o ",
                             target.format->name,
                             "=",
                             *target.file))
                .with_remedy("put {digest} or {environment} into its name");
    }
    return ok();
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
    if (auto const checked = check_file_names(*config, files.size()); !checked.has_value())
        return Outcome::failed(checked.error());
    Runtime runtime(invocation.streams, invocation.environment, config->speech, config->http);
    Gate gate(invocation, *config, runtime);
    return runtime.run(gate.judge(files));
}

} // namespace clairgate::gate
