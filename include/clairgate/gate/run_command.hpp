#pragma once

#include <clairgate/gate/config.hpp>
#include <clairgate/gate/exit_status.hpp>
#include <clairgate/gate/pipeline.hpp>

#include <optional>

namespace clairgate::gate {

/// What "could not decide" becomes: the stricter of what a policy file and the flag say; `block`
/// (status 3) when neither speaks. Nothing softens integrity errors, usage errors or a missing
/// digest.
policy::Action on_error_action(policy::Policy const& policy, std::optional<policy::Action> flag);

/// The outcome of a failed run under that action.
Outcome outcome_of_failure(Error const& error, policy::Action on_error);

} // namespace clairgate::gate
