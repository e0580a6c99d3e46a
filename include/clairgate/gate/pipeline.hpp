#pragma once

#include <clairgate/clair/client.hpp>
#include <clairgate/gate/evidence_choice.hpp>
#include <clairgate/gate/facts.hpp>
#include <clairgate/gate/policies.hpp>
#include <clairgate/gate/run_evidence.hpp>
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
    std::optional<image::Reference> base_image; ///< nothing: the one that the image itself names
    SigningChoice signing;
    TrustChoice trust; ///< what `--against` an image is proven by
    Duration timeout = std::chrono::minutes(15);
};

/// What a run has learnt so far: an undecided report is made of it when the run fails, and the
/// engine is left by whoever owns this, also after an interruption.
struct Progressed {
    std::vector<policy::Policy> policies; ///< one per environment
    FactFiles fact_files;
    std::optional<RunEvidence> evidence;
    std::unique_ptr<local::Engine> engine;
    std::optional<image::Subject> subject;
    report::RunFacts facts;
};

using Announce = std::function<void(std::string_view step, std::string_view detail)>;

/// Reads policy, fact files and the signing key, before anything is started or waited for.
io::Task<Result<void>> prepare(io::World& world, Plan const& plan, Progressed& progressed);

/// The main job, top to bottom: wait → resolve → scan → judge; one report per policy. The digest is
/// carried from the sighting to the reports and asserted equal at both ends. After `prepare`.
io::Task<Result<std::vector<report::Report>>>
judge_image(io::World& world, Plan const& plan, Progressed& progressed, Announce announce);

/// A policy made ready once, for any number of reports and threads. Exceptions that a change
/// request proposes are told with the verdict they would give.
class Judge {
  public:
    explicit Judge(policy::Policy policy);
    policy::Policy const& policy() const { return *policy_; }
    policy::Verdict verdict(report::Report const& report, SystemTime now) const;
    /// The report with its verdict.
    report::Report judged(report::Report report, SystemTime now) const;

  private:
    report::SharedPolicy policy_;
    policy::Evaluator evaluator_;          ///< of *policy_
    std::shared_ptr<Judge const> pending_; ///< with the exceptions that are pending, if any
};

/// The reports of a run that could not decide, for a subject that is known.
std::vector<report::Report> undecided_reports(Progressed const& progressed, Error const& why);

} // namespace clairgate::gate
