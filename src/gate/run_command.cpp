#include <clairgate/base/text.hpp>
#include <clairgate/gate/commands.hpp>
#include <clairgate/gate/outputs.hpp>
#include <clairgate/gate/run_command.hpp>
#include <clairgate/gate/runtime.hpp>

#include <algorithm>

namespace clairgate::gate {

namespace {

constexpr auto leave_time_max = std::chrono::seconds(10);

io::Task<Outcome> leave_engine(io::World& world, local::Engine& engine) {
    auto const left = co_await engine.leave(Deadline::after(world.clock, leave_time_max));
    if (!left.has_value())
        world.log.warning("the local engine did not stop cleanly",
                          {{"reason", left.error().text()}});
    co_return Outcome::done();
}

// What a report does to the deployment: a block that is not enforced only warns.
policy::Effect worst_effect(std::vector<report::Report> const& reports) {
    auto worst = policy::Effect::allow;
    for (auto const& report : reports)
        worst = std::max(worst, enforced_effect(report));
    return worst;
}

// One run with its World; keeps what outlives the coroutine, so that an interruption still leaves
// the engine and an undecided report is still written.
class Run {
  public:
    Run(Invocation const& invocation, Config const& config, Plan plan)
        : invocation_(invocation), config_(config), plan_(std::move(plan)),
          runtime_(invocation.streams, invocation.environment, config.speech, config.http) {}

    Outcome execute() {
        auto& world = runtime_.world();
        progressed_.facts.started = world.clock.now();
        plan_.wait.started = invocation_.started;
        auto outcome = runtime_.run(judge());
        if (progressed_.engine) {
            // The verdict stands whatever becomes of the engine.
            (void)runtime_.run(leave_engine(world, *progressed_.engine));
            progressed_.engine.reset();
        }
        return outcome;
    }

  private:
    io::Task<Outcome> judge() {
        auto const announce = [this](std::string_view step, std::string_view detail) {
            runtime_.console().progress(step, detail);
        };
        auto& world = runtime_.world();
        auto const prepared = co_await prepare(world, plan_, progressed_);
        if (!prepared.has_value())
            co_return co_await undecided(prepared.error());
        auto const reports = co_await judge_image(world, plan_, progressed_, announce);
        runtime_.console().finish();
        if (!reports.has_value())
            co_return co_await undecided(reports.error());
        auto const outcome = Outcome::judged(worst_effect(*reports));
        co_return co_await published(*reports, written(*reports, outcome));
    }

    io::Task<Outcome> undecided(Error error) {
        auto const fault = progressed_.subject ? "clair" : "registry";
        auto const action = on_error_action(progressed_.policies, fault, config_.on_error);
        auto outcome = outcome_of_failure(error, action);
        if (error.kind() == ErrorKind::cancelled)
            co_return outcome; // interrupted: there is nothing to report on
        if (outcome.effect())
            runtime_.world().log.warning("could not decide, and on_error lets it pass",
                                         {{"reason", error.text()}});
        if (!progressed_.subject)
            co_return outcome;
        progressed_.facts.finished = runtime_.world().clock.now();
        auto const reports = undecided_reports(progressed_, error);
        co_return co_await published(reports, written(reports, outcome));
    }

    // The evidence, whether the run passed or blocked.
    io::Task<Outcome> published(std::vector<report::Report> const& reports, Outcome outcome) {
        CLAIRGATE_ASSERT(progressed_.subject.has_value());
        if (!progressed_.evidence)
            co_return outcome;
        auto& world = runtime_.world();
        auto const deadline = Deadline::after(world.clock, plan_.timeout);
        std::function<void(std::string_view, std::string_view)> const announce =
            [this](std::string_view step, std::string_view detail) {
                runtime_.console().progress(step, detail);
            };
        auto const done = co_await progressed_.evidence->publish(
            world, plan_.registry, *progressed_.subject, reports, announce, deadline);
        runtime_.console().finish();
        if (done.has_value())
            co_return outcome;
        if (!outcome.effect())
            invocation_.streams.error(error_text(done.error()));
        co_return outcome.with_evidence_failure(done.error());
    }

    Outcome written(std::vector<report::Report> const& reports, Outcome outcome) {
        for (auto const& report : reports) {
            auto const done =
                write_outputs(report::Record(report), config_.output, invocation_.streams);
            if (done.has_value())
                continue;
            if (!outcome.effect())
                invocation_.streams.error(
                    error_text(done.error())); // the first error stays the outcome
            outcome = outcome.with_evidence_failure(done.error());
        }
        return outcome;
    }

    Invocation const& invocation_;
    Config const& config_;
    Plan plan_;
    Runtime runtime_;
    Progressed progressed_;
};

// Several reports must not overwrite each other.
Result<void> check_file_names(Config const& config) {
    if (config.policy.contexts.size() < 2)
        return ok();
    for (auto const& target : config.output.targets)
        if (target.file && target.file->find("{environment}") == std::string::npos)
            return Error(ErrorKind::usage,
                         cat("several environments would write the same file: -o ",
                             target.format->name,
                             "=",
                             *target.file))
                .with_remedy("put {environment} into its name");
    auto const& signing = config.signing;
    if (!signing.key && signing.bundle_file &&
        signing.bundle_file->find("{environment}") == std::string::npos)
        return Error(ErrorKind::usage, "several environments would write the same --bundle")
            .with_remedy("put {environment} into its name, or sign: --sign KEYREF");
    return ok();
}

Result<Plan> plan_of(Config const& config, Invocation const& invocation) {
    TRY_VOID(wait::check(config.wait));
    Plan plan;
    plan.registry = config.registry;
    plan.wait = config.wait;
    plan.wait.asks_for_pinned = false; // the pipeline fetches it next
    plan.local = config.local;
    plan.local.self = invocation.self;
    plan.timeout = config.timeout;
    plan.local_clair = config.clair;
    if (config.has_clair_url)
        plan.clair = config.clair;
    if (config.has_clair_url)
        plan.clair->psk = TRY(load_psk(config));
    plan.policy = config.policy;
    plan.facts = config.facts;
    plan.base_image = config.base_image;
    plan.signing = config.signing;
    plan.trust = config.trust;
    TRY_VOID(check_file_names(config));
    return plan;
}

} // namespace

policy::Effect enforced_effect(report::Report const& report) {
    CLAIRGATE_ASSERT(report.verdict.has_value());
    auto const effect = report.verdict->effect();
    bool const only_reports = !report.policy->scan.enforce.value;
    return only_reports ? std::min(effect, policy::Effect::warn) : effect;
}

policy::Action on_error_action(std::vector<policy::Policy> const& policies,
                               std::string_view fault,
                               std::optional<policy::Action> flag) {
    if (policies.empty())
        return policy::Action::block;
    auto action = policy::Action::allow;
    for (auto const& policy : policies) {
        auto const& stated = policy.scan.on_error.find(fault)->second;
        bool const has_opinion = stated.origin.level != policy::Level::built_in;
        auto const own = !flag ? stated.value : has_opinion ? std::max(*flag, stated.value) : *flag;
        action = std::max(action, own);
    }
    return action;
}

Outcome outcome_of_failure(Error const& error, policy::Action on_error) {
    bool const may_pass = exit_status(error.kind()) == ExitStatus::undecided &&
                          error.kind() != ErrorKind::integrity &&
                          error.kind() != ErrorKind::cancelled;
    if (may_pass && on_error == policy::Action::warn)
        return Outcome::judged(policy::Effect::warn);
    if (may_pass && on_error == policy::Action::allow)
        return Outcome::judged(policy::Effect::allow);
    return Outcome::failed(error);
}

Outcome run_command(Invocation const& invocation) {
    auto config = make_config(invocation.settings, invocation.environment, invocation.streams);
    if (!config.has_value())
        return Outcome::failed(config.error());
    auto plan = plan_of(*config, invocation);
    if (!plan.has_value())
        return Outcome::failed(plan.error());
    Run run(invocation, *config, *std::move(plan));
    return run.execute();
}

} // namespace clairgate::gate
