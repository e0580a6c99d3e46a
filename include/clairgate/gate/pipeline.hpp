#pragma once

#include <clairgate/clair/client.hpp>
#include <clairgate/image/subject.hpp>
#include <clairgate/io/world.hpp>
#include <clairgate/local/engine.hpp>
#include <clairgate/policy/policy.hpp>
#include <clairgate/registry/client.hpp>
#include <clairgate/report/report.hpp>
#include <clairgate/wait/sighting.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace clairgate::gate {

/// All that a run was asked to do; frozen before it starts.
struct Plan {
    registry::Options registry;
    wait::Options wait;
    std::optional<clair::Options> clair; ///< a Clair service; nothing: the local engine
    local::Options local;
    clair::Options local_clair; ///< limits for the local engine; its url and psk are filled in
    policy::Policy policy;
    Duration timeout = std::chrono::minutes(15);
};

/// What a run has learnt so far: an undecided report is made of it when the run fails, and the
/// engine is left by whoever owns this, also after an interruption.
struct Progressed {
    std::unique_ptr<local::Engine> engine;
    std::optional<image::Subject> subject;
    report::RunFacts facts;
};

using Announce = std::function<void(std::string_view step, std::string_view detail)>;

/// The main job, top to bottom: wait → resolve → scan → judge. The digest is carried from the
/// sighting to the report and asserted equal at both ends.
io::Task<Result<report::Report>>
judge_image(io::World& world, Plan const& plan, Progressed& progressed, Announce announce);

/// The report of a run that could not decide, for a subject that is known.
report::Report undecided_report(Plan const& plan, Progressed const& progressed, Error const& why);

} // namespace clairgate::gate
