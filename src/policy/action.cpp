#include <clairgate/policy/action.hpp>

#include <array>
#include <cstddef>

namespace clairgate::policy {

namespace {

constexpr std::array<std::string_view, 4> action_words{"allow", "warn", "block-if-fixed", "block"};
constexpr std::array<std::string_view, 3> effect_words{"allow", "warn", "block"};

} // namespace

std::string_view to_string(Action action) {
    return action_words.at(static_cast<std::size_t>(action));
}

std::string_view to_string(Effect effect) {
    return effect_words.at(static_cast<std::size_t>(effect));
}

std::optional<Action> parse_action(std::string_view word) {
    for (std::size_t i = 0; i < action_words.size(); ++i)
        if (action_words.at(i) == word)
            return static_cast<Action>(i);
    return std::nullopt;
}

Effect effect_of(Action action, bool has_fix) {
    switch (action) {
    case Action::allow:
        return Effect::allow;
    case Action::warn:
        return Effect::warn;
    case Action::block_if_fixed:
        return has_fix ? Effect::block : Effect::warn;
    case Action::block:
        return Effect::block;
    }
    return Effect::block; // an action from outside the enumeration allows nothing
}

} // namespace clairgate::policy
