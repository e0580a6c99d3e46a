#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/gate/commands.hpp>
#include <clairgate/gate/config.hpp>
#include <clairgate/gate/in_batches.hpp>
#include <clairgate/gate/judges.hpp>
#include <clairgate/gate/pipeline.hpp>
#include <clairgate/gate/run_command.hpp>
#include <clairgate/gate/runtime.hpp>
#include <clairgate/gate/stored_report.hpp>
#include <clairgate/io/files.hpp>

#include <set>

namespace clairgate::gate {

namespace {

// What became of one file: judged and rendered, not yet written.
struct Judged {
    std::optional<Error> error;
    policy::Effect effect = policy::Effect::block;
    std::vector<Rendered> outputs;
};

// Judges the files on all cores, a batch of them at a time: thousands need no more memory.
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
        facts_ = *std::move(facts);
        judges_.emplace(*std::move(read), facts_);
        auto const now = config_.at.value_or(world.clock.now());
        co_return worst_of(files, now);
    }

  private:
    Outcome worst_of(std::vector<std::string> const& files, SystemTime now) {
        std::optional<Outcome> worst;
        std::size_t failures = 0;
        std::function<Judged(std::size_t)> const make = [&](std::size_t i) {
            return judge_file(files[i], now);
        };
        std::function<void(Judged)> const take = [&](Judged judged) {
            auto outcome = write(judged);
            if (files.size() > 1 && outcome.error() != nullptr) {
                ++failures;
                invocation_.streams.error(error_text(*outcome.error()));
            }
            bool const is_worse =
                !worst || worse(worst->status(true), outcome.status(true)) != worst->status(true);
            if (is_worse)
                worst = std::move(outcome);
        };
        in_batches(files.size(), make, take);
        CLAIRGATE_ASSERT(worst.has_value());
        if (failures == 0 || worst->error() == nullptr)
            return *worst;
        // Each was told; the last word sums up.
        Error const all(worst->error()->kind(),
                        cat(failures, " of ", files.size(), " reports failed as told above"));
        return worst->effect() ? worst->with_evidence_failure(all) : Outcome::failed(all);
    }

    // On any thread.
    Judged judge_file(std::string const& file, SystemTime now) {
        Judged out;
        auto const stored = read_stored(file);
        if (!stored.has_value()) {
            out.error = stored.error();
            return out;
        }
        CLAIRGATE_ASSERT(judges_.has_value());
        auto& judges = *judges_;
        auto effect = policy::Effect::allow;
        for (auto const& context : contexts_for(config_.policy, *stored)) {
            auto const judge = judges.of(context);
            if (!judge.has_value()) {
                out.error = judge.error();
                return out;
            }
            auto const report = (*judge)->judged(*stored, now);
            effect = std::max(effect, enforced_effect(report));
            for (auto& one :
                 render_outputs(report::Record(report), config_.output, invocation_.streams))
                out.outputs.push_back(std::move(one));
        }
        out.effect = effect;
        return out;
    }

    Outcome write(Judged const& judged) {
        if (judged.error)
            return Outcome::failed(*judged.error);
        auto const outcome =
            config_.at ? Outcome::previewed(judged.effect) : Outcome::judged(judged.effect);
        for (auto const& output : judged.outputs)
            if (output.file && !written_.insert(*output.file).second)
                return outcome.with_evidence_failure(
                    Error(ErrorKind::usage,
                          cat("another report was already written to ", *output.file))
                        .with_remedy("put {digest} and {environment} into its name, and give each "
                                     "report once"));
        auto const written = write_rendered(judged.outputs, invocation_.streams);
        return written.has_value() ? outcome : outcome.with_evidence_failure(written.error());
    }

    Result<report::Report> read_stored(std::string const& file) const {
        auto bytes = TRY(io::read_file(file, limits::stored_report_bytes));
        auto report = TRY(parse_any_report(file, std::move(bytes)).with_context(file));
        if (!report.undecided_reason.empty())
            return Error(ErrorKind::protocol,
                         cat(file, " is of a run that could not decide: scan the image again"));
        add_facts(report.scan, facts_);
        if (facts_.baseline)
            report.comparison = compare(report.scan, facts_);
        return report;
    }

    Invocation const& invocation_;
    Config const& config_;
    Runtime& runtime_;
    FactFiles facts_;
    std::optional<Judges> judges_;
    std::set<std::string> written_;
};

Result<void> check_file_names(Config const& config, std::size_t reports) {
    for (auto const& target : config.output.targets) {
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
    if (config->facts.baseline_image)
        return Outcome::failed(
            Error(ErrorKind::usage, "gate works offline: --against names a file here")
                .with_remedy("--against report.json; run looks into the registry"));
    Runtime runtime(invocation.streams, invocation.environment, config->speech, config->http);
    Gate gate(invocation, *config, runtime);
    return runtime.run(gate.judge(files));
}

} // namespace clairgate::gate
