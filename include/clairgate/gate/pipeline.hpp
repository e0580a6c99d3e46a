#pragma once

#include <clairgate/clair/client.hpp>
#include <clairgate/gate/facts.hpp>
#include <clairgate/gate/policies.hpp>
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
    PolicyChoice policy;
    FactChoice facts;
    Duration timeout = std::chrono::minutes(15);
};

/// What a run has learnt so far: an undecided report is made of it when the run fails, and the
/// engine is left by whoever owns this, also after an interruption.
struct Progressed {
    std::vector<policy::Policy> policies; ///< one per environment
    FactFiles fact_files;
    std::unique_ptr<local::Engine> engine;
    std::optional<image::Subject> subject;
    report::RunFacts facts;
};

using Announce = std::function<void(std::string_view step, std::string_view detail)>;

/// Reads policy and fact files, before anything is started or waited for.
io::Task<Result<void>> prepare(io::World& world, Plan const& plan, Progressed& progressed);

/// The main job, top to bottom: wait → resolve → scan → judge; one report per policy. The digest is
/// carried from the sighting to the reports and asserted equal at both ends. After `prepare`.
io::Task<Result<std::vector<report::Report>>>
judge_image(io::World& world, Plan const& plan, Progressed& progressed, Announce announce);

/// The verdict of one policy on a scan, as a report. Exceptions that a change request proposes are
/// told with the verdict they would give.
report::Report judged_report(report::Report report, policy::Policy policy, SystemTime now);

/// The reports of a run that could not decide, for a subject that is known.
std::vector<report::Report> undecided_reports(Progressed const& progressed, Error const& why);

} // namespace clairgate::gate
