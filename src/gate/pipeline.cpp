#include <clairgate/base/text.hpp>
#include <clairgate/gate/base_image.hpp>
#include <clairgate/gate/earlier_evidence.hpp>
#include <clairgate/gate/fill_data.hpp>
#include <clairgate/gate/foreign_report.hpp>
#include <clairgate/gate/image_facts.hpp>
#include <clairgate/gate/pipeline.hpp>
#include <clairgate/gate/version.hpp>
#include <clairgate/io/side_by_side.hpp>
#include <clairgate/policy/change.hpp>

#include <utility>

namespace clairgate::gate {

namespace {

// Measures one step into the facts of the run.
class Stopwatch {
  public:
    Stopwatch(io::World& world, report::RunFacts& facts) : world_(world), facts_(facts) {}
    void lap(std::string const& step) {
        auto const now = world_.clock.steady();
        facts_.steps[step] = std::chrono::duration_cast<Duration>(now - last_);
        last_ = now;
    }

  private:
    io::World& world_;
    report::RunFacts& facts_;
    SteadyTime last_ = world_.clock.steady();
};

// Clair's options: the service that was named, or the private engine, started or joined here.
io::Task<Result<clair::Options>>
reach_clair(io::World& world, Plan const& plan, Progressed& progressed, Announce const& announce) {
    if (plan.clair)
        co_return *plan.clair;
    auto const deadline = Deadline::after(world.clock, plan.local.start_time_max);
    CO_TRY(progressed.engine, co_await local::Engine::start(world, plan.local, announce, deadline));
    auto options = plan.local_clair;
    options.url = progressed.engine->url();
    options.psk = progressed.engine->psk();
    options.psk_issuer = progressed.engine->psk_issuer();
    options.data_date = progressed.engine->data_date();
    if (plan.local.updaters.empty())
        options.data_wait_max = Duration::zero(); // nothing will bring data by itself
    co_return options;
}

// Earlier reports of this image that we signed say since when its findings are known.
io::Task<Result<void>>
add_earlier(io::World& world, Plan const& plan, Progressed& progressed, Deadline deadline) {
    CLAIRGATE_ASSERT(progressed.subject.has_value());
    auto const key = progressed.evidence ? progressed.evidence->key() : std::nullopt;
    if (!key)
        co_return ok();
    auto const reference = progressed.subject->reference;
    OwnEvidence own{*key, progressed.evidence->memory()};
    auto earlier =
        co_await earlier_evidence(world, plan.registry, reference, std::move(own), deadline);
    if (!earlier.has_value()) {
        // Without them there is no grace, which is the stricter side.
        world.log.warning("earlier evidence of this image cannot be read: no dates from it",
                          {{"reason", earlier.error().text()}});
        co_return ok();
    }
    for (auto& one : *earlier)
        progressed.fact_files.earlier.push_back(std::move(one));
    co_return ok();
}

// The scan and, while Clair works, a look at the evidence that is there already.
class Scanning {
  public:
    Scanning(io::World& world,
             Plan const& plan,
             registry::Client& registry,
             Progressed& progressed,
             Announce const& announce,
             Deadline deadline)
        : world_(world), plan_(plan), registry_(registry), progressed_(progressed),
          announce_(announce), deadline_(deadline) {}

    io::Task<Result<finding::ScanReport>> run(clair::Options clair) {
        std::function<io::Task<Result<void>>(std::size_t)> const part = [&](std::size_t i) {
            return i == 0 ? scan(clair) : add_earlier(world_, plan_, progressed_, deadline_);
        };
        CO_TRY_VOID(co_await io::side_by_side(2, 2, part));
        CLAIRGATE_ASSERT(report_.has_value());
        co_return *std::move(report_);
    }

  private:
    io::Task<Result<void>> scan(clair::Options clair) {
        auto scanned = co_await scan_once(clair);
        if (!scanned.has_value() && may_fill_data(plan_, scanned.error())) {
            CO_TRY_VOID(co_await fill_data(world_, clair, progressed_, announce_, deadline_));
            scanned = co_await scan_once(clair);
        }
        CO_TRY(report_, std::move(scanned));
        co_return ok();
    }

    io::Task<Result<finding::ScanReport>> scan_once(clair::Options const& clair) {
        auto const& subject = progressed_.subject;
        CLAIRGATE_ASSERT(subject.has_value());
        return clair::scan(world_, clair, registry_, *subject, deadline_, announce_);
    }

    io::World& world_;
    Plan const& plan_;
    registry::Client& registry_;
    Progressed& progressed_;
    Announce const& announce_;
    Deadline deadline_;
    std::optional<finding::ScanReport> report_;
};

std::map<std::string, std::string> context_of(policy::Context const& context) {
    std::map<std::string, std::string> out;
    for (auto const& [key, value] : {std::pair("application", &context.application),
                                     std::pair("cluster", &context.cluster),
                                     std::pair("environment", &context.environment)})
        if (!value->empty())
            out.emplace(key, *value);
    return out;
}

// What all reports of the run share.
report::Report report_of(Progressed const& progressed) {
    CLAIRGATE_ASSERT(progressed.subject.has_value());
    auto const& subject = *progressed.subject;
    return report::Report{.reference = subject.reference,
                          .media_type = subject.media_type,
                          .context = {},
                          .scan = {},
                          .verdict = std::nullopt,
                          .undecided_reason = {},
                          .policy = policy::built_in(),
                          .clairgate_version = std::string(version()),
                          .run = progressed.facts};
}

} // namespace

io::Task<Result<void>> prepare(io::World& world, Plan const& plan, Progressed& progressed) {
    auto const deadline = Deadline::after(world.clock, plan.timeout);
    CO_TRY(progressed.policies,
           co_await load_policies(world, plan.policy, plan.registry, deadline));
    CO_TRY(progressed.fact_files, read_facts(plan.facts, world.clock.now()));
    for (auto& policy : progressed.policies)
        add_vex(policy, progressed.fact_files);
    CO_TRY(progressed.evidence, co_await RunEvidence::make(world, plan.signing, deadline));
    if (!plan.facts.baseline_image)
        co_return ok();
    auto& facts = progressed.fact_files;
    CO_TRY(facts.baseline,
           co_await signed_baseline(
               world, plan.registry, *plan.facts.baseline_image, plan.trust, deadline));
    facts.earlier.push_back(facts.baseline->known);
    co_return ok();
}

io::Task<Result<std::vector<report::Report>>>
judge_image(io::World& world, Plan const& plan, Progressed& progressed, Announce announce) {
    CLAIRGATE_ASSERT(!progressed.policies.empty());
    Stopwatch watch(world, progressed.facts);
    registry::Client registry(world, plan.registry);
    auto const told_waiting = [&announce](std::string_view what) { announce("wait", what); };
    wait::Surroundings surroundings{world, registry, plan.wait, told_waiting};

    CO_TRY(auto const clair, co_await reach_clair(world, plan, progressed, announce));
    watch.lap("engine");
    CO_TRY(auto const sighting, co_await wait::first_sighting(surroundings));
    watch.lap("wait");
    world.log.info("sighted", {{"image", sighting.reference.text()}, {"by", sighting.how}});

    auto const deadline = Deadline::after(world.clock, plan.timeout);
    announce("registry", sighting.reference.text());
    CO_TRY(progressed.subject, co_await registry.resolve(sighting.reference, deadline));
    auto const& subject = *progressed.subject;
    CLAIRGATE_ASSERT(sighting.reference.digest() == subject.digest);
    watch.lap("registry");

    Scanning scanning(world, plan, registry, progressed, announce, deadline);
    CO_TRY(auto scan, co_await scanning.run(clair));
    watch.lap("scan");
    auto image = image_facts(subject);
    CO_TRY(image.base,
           co_await find_base_layers(world, registry, plan.base_image, subject, scan, deadline));
    CO_TRY_VOID(co_await wait::confirm(surroundings, sighting));

    auto const now = world.clock.now();
    add_facts(scan, progressed.fact_files);
    progressed.facts.finished = now;
    std::vector<report::Report> reports;
    for (auto const& policy : progressed.policies) {
        auto report = report_of(progressed);
        CLAIRGATE_ASSERT(report.reference.digest() == sighting.reference.digest());
        report.scan = scan;
        report.image = image;
        report.comparison = compare(scan, progressed.fact_files);
        reports.push_back(Judge(policy).judged(std::move(report), now));
    }
    watch.lap("policy");
    for (auto& report : reports)
        report.run = progressed.facts;
    co_return reports;
}

Judge::Judge(policy::Policy policy) : policy_(std::move(policy)), evaluator_(*policy_) {
    if (!policy_->pending.empty())
        pending_ = std::make_shared<Judge const>(policy::with_pending(*policy_));
}

policy::Verdict Judge::verdict(report::Report const& report, SystemTime now) const {
    auto const& digest = report.reference.digest();
    CLAIRGATE_ASSERT(digest.has_value());
    policy::Question const question{repository_of(report), now, std::string(digest->text())};
    return evaluator_.judge(report.scan, question);
}

report::Report Judge::judged(report::Report report, SystemTime now) const {
    report.verdict = verdict(report, now);
    report.context = context_of(policy_->context);
    report.policy = policy_;
    if (!pending_)
        return report;
    auto const would = pending_->verdict(report, now).effect();
    auto told = *policy_;
    told.notes.push_back({policy::Origin{},
                          cat("with the pending exceptions of this change the verdict would be ",
                              would == policy::Effect::allow ? "pass" : policy::to_string(would))});
    report.policy = std::move(told);
    return report;
}

std::vector<report::Report> undecided_reports(Progressed const& progressed, Error const& why) {
    CLAIRGATE_ASSERT(progressed.subject.has_value());
    std::vector<report::Report> reports;
    for (auto const& policy : progressed.policies) {
        auto report = report_of(progressed);
        for (auto const& image : progressed.subject->platforms)
            report.scan.platforms.push_back({image.platform.text(),
                                             image.manifest.digest,
                                             0,
                                             image.manifest.layers.size(),
                                             {}});
        report.image = image_facts(*progressed.subject);
        report.undecided_reason = why.text();
        report.context = context_of(policy.context);
        report.policy = policy;
        reports.push_back(std::move(report));
    }
    return reports;
}

} // namespace clairgate::gate
