#pragma once

#include <optional>
#include <string_view>

namespace clairgate::policy {

/// What a policy file may say of a finding. Stricter is greater, for one fixed finding.
enum class Action { allow, warn, block_if_fixed, block };
/// What a decision does to its finding, and a verdict to its image.
enum class Effect { allow, warn, block };

std::string_view to_string(Action action); ///< "block-if-fixed"
std::string_view to_string(Effect effect);
std::optional<Action> parse_action(std::string_view word);

/// What an action does to a finding; block-if-fixed warns while no fix is known.
Effect effect_of(Action action, bool has_fix);

} // namespace clairgate::policy
