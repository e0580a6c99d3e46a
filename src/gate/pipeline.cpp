#include <clairgate/base/text.hpp>
#include <clairgate/gate/fill_data.hpp>
#include <clairgate/gate/pipeline.hpp>
#include <clairgate/gate/version.hpp>

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

report::Report report_of(Plan const& plan, Progressed const& progressed) {
    CLAIRGATE_ASSERT(progressed.subject.has_value());
    auto const& subject = *progressed.subject;
    return report::Report{.reference = subject.reference,
                          .media_type = subject.media_type,
                          .context = {},
                          .scan = {},
                          .verdict = std::nullopt,
                          .undecided_reason = {},
                          .policy = plan.policy,
                          .clairgate_version = std::string(version()),
                          .run = progressed.facts};
}

} // namespace

io::Task<Result<report::Report>>
judge_image(io::World& world, Plan const& plan, Progressed& progressed, Announce announce) {
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

    auto scanned = co_await clair::scan(world, clair, registry, subject, deadline, announce);
    if (!scanned.has_value() && may_fill_data(plan, scanned.error())) {
        CO_TRY_VOID(co_await fill_data(world, clair, progressed, announce, deadline));
        scanned = co_await clair::scan(world, clair, registry, subject, deadline, announce);
    }
    CO_TRY(auto scan, std::move(scanned));
    watch.lap("scan");
    CO_TRY_VOID(co_await wait::confirm(surroundings, sighting));

    auto const now = world.clock.now();
    auto verdict = policy::evaluate(plan.policy, scan, now);
    watch.lap("policy");
    progressed.facts.finished = now;
    auto report = report_of(plan, progressed);
    CLAIRGATE_ASSERT(report.reference.digest() == sighting.reference.digest());
    report.scan = std::move(scan);
    report.verdict = std::move(verdict);
    co_return report;
}

report::Report undecided_report(Plan const& plan, Progressed const& progressed, Error const& why) {
    CLAIRGATE_ASSERT(progressed.subject.has_value());
    auto report = report_of(plan, progressed);
    for (auto const& image : progressed.subject->platforms)
        report.scan.platforms.push_back(
            {image.platform.text(), image.manifest.digest, 0, image.manifest.layers.size(), {}});
    report.undecided_reason = why.text();
    return report;
}

} // namespace clairgate::gate
