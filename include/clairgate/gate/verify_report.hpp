#pragma once

#include <clairgate/gate/evidence_choice.hpp>
#include <clairgate/gate/exit_status.hpp>
#include <clairgate/gate/proof.hpp>
#include <clairgate/policy/policy.hpp>
#include <clairgate/policy/verdict.hpp>

#include <string>

namespace clairgate::gate {

/// A proven report with what it does to the deployment.
struct Verified {
    report::Report report; ///< with the verdict of our policy; without one where we have none
    std::string recorded_json;
    std::string recorded_verdict;
    policy::Effect effect;
    bool is_judged_here = false; ///< false: the recorded verdict counts
    std::string sentence; ///< inert, one line: what was proven, what was recorded, what counts
};

/// What stands above the table of a verdict that was recorded and not judged here.
std::string recorded_text(Verified const& verified);

/// Whether a policy is one that somebody wrote, or only the built-in one.
bool is_own(policy::Policy const& policy);

/// How old evidence may be: what the flag says, but never longer than what policy files say.
Duration age_max_for(TrustChoice const& trust, policy::Policy const& policy);

/// Judges a proven report: by the policy here where there is one, else by the recorded verdict,
/// which counts only when its policy was trusted (or `may_be_untrusted`). A report of a run that
/// could not decide never passes. Kind denied says why it does not count.
Result<Verified>
judge_proven(ProvenReport proven, policy::Policy policy, bool may_be_untrusted, SystemTime now);

} // namespace clairgate::gate
