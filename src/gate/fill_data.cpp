#include <clairgate/base/text.hpp>
#include <clairgate/gate/fill_data.hpp>

#include <algorithm>

namespace clairgate::gate {

namespace {

constexpr Duration poll_interval = std::chrono::milliseconds(250);
constexpr int quiet_polls_min = 4; // several updaters of a set commit one after the other

// The date of an operation may be old; what counts is that no further one appears.
io::Task<Result<void>> await_operations(io::World& world,
                                        clair::Options const& clair,
                                        Announce const& announce,
                                        Deadline deadline) {
    std::size_t seen = 0;
    int quiet_polls = 0;
    for (;;) {
        CO_TRY(auto const operations, co_await clair::update_operations(world, clair, deadline));
        quiet_polls = !operations.empty() && operations.size() == seen ? quiet_polls + 1 : 0;
        seen = operations.size();
        if (quiet_polls >= quiet_polls_min)
            co_return ok();
        announce("data", cat("Clair's updaters run: ", seen, " have data"));
        if (deadline.remaining(world.clock) <= poll_interval)
            co_return Error(ErrorKind::timeout, "Clair's updaters brought no data in time")
                .with_remedy(
                    "--timeout waits longer; without a network: clairgate data import FILE");
        CO_TRY_VOID(co_await io::sleep_for(poll_interval));
    }
}

} // namespace

bool may_fill_data(Plan const& plan, Error const& error) {
    constexpr int no_data = 202; // what Clair's matcher answers while it is empty
    return !plan.clair && plan.local.updaters.empty() && error.http_status() == no_data;
}

io::Task<Result<void>> fill_data(io::World& world,
                                 clair::Options const& clair,
                                 Progressed& progressed,
                                 Announce const& announce,
                                 Deadline deadline) {
    CLAIRGATE_ASSERT(progressed.subject.has_value());
    auto const begun = world.clock.steady();
    CO_TRY(auto const distributions,
           co_await clair::distribution_ids(world, clair, *progressed.subject, deadline));
    std::vector<std::string> sets;
    for (auto const& id : distributions)
        if (auto set = clair::updater_set_for(id))
            sets.push_back(*std::move(set));
    if (sets.empty())
        co_return Error(
            ErrorKind::unreachable,
            "the local engine has no vulnerability data, and none can be had for this image")
            .with_remedy("clairgate data import FILE");
    auto const names = join(sets, ", ");
    announce("data", cat("running Clair's updaters: ", names));
    CO_TRY_VOID(co_await progressed.engine->run_updaters(sets, deadline));
    CO_TRY_VOID(co_await await_operations(world, clair, announce, deadline));
    auto const took = std::chrono::duration_cast<Duration>(world.clock.steady() - begun);
    world.log.info("loaded vulnerability data", {{"updaters", names}, {"took", to_string(took)}});
    co_return ok();
}

} // namespace clairgate::gate
