#pragma once

#include <clairgate/gate/config.hpp>
#include <clairgate/gate/exit_status.hpp>
#include <clairgate/gate/pipeline.hpp>

#include <optional>

namespace clairgate::gate {

/// What "could not decide" becomes for a class of fault ("registry", "clair"): the strictest of
/// what the policies and the flag say; `block` (status 3) when nobody speaks. Nothing softens
/// integrity errors, usage errors or a missing digest.
policy::Action on_error_action(std::vector<policy::Policy> const& policies,
                               std::string_view fault,
                               std::optional<policy::Action> flag);

/// What a verdict does to the deployment: under `enforce = "report"` a block only warns.
policy::Effect enforced_effect(report::Report const& report);

/// The outcome of a failed run under that action.
Outcome outcome_of_failure(Error const& error, policy::Action on_error);

} // namespace clairgate::gate
