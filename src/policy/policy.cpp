#include <clairgate/base/text.hpp>
#include <clairgate/policy/policy.hpp>

#include <utility>

namespace clairgate::policy {

namespace {

constexpr std::array<std::string_view, 4> action_words{"allow", "warn", "block-if-fixed", "block"};
constexpr std::array<std::string_view, 3> effect_words{"allow", "warn", "block"};
constexpr std::array<std::string_view, 2> level_words{"built-in", "global"};

Setting<Action> built_in_setting(std::string rule, Action action) {
    return {action, Origin{Level::built_in, "", 0, 0, std::move(rule)}};
}

} // namespace

std::string_view to_string(Action action) {
    return action_words.at(static_cast<std::size_t>(action));
}

std::string_view to_string(Effect effect) {
    return effect_words.at(static_cast<std::size_t>(effect));
}

std::string_view to_string(Level level) {
    return level_words.at(static_cast<std::size_t>(level));
}

std::optional<Action> parse_action(std::string_view word) {
    for (std::size_t i = 0; i < action_words.size(); ++i)
        if (action_words.at(i) == word)
            return static_cast<Action>(i);
    return std::nullopt;
}

Policy built_in() {
    auto const action_of = [](finding::Severity severity) {
        if (severity == finding::Severity::critical)
            return Action::block;
        return severity == finding::Severity::high ? Action::block_if_fixed : Action::warn;
    };
    Policy policy{{},
                  {built_in_setting("scan.on_error", Action::block),
                   built_in_setting("scan.uncovered", Action::block),
                   built_in_setting("scan.partly_covered", Action::warn),
                   std::nullopt},
                  {},
                  "built-in",
                  false};
    for (auto const severity : finding::severities)
        policy.severity.emplace(
            severity,
            built_in_setting(cat("severity.", finding::to_string(severity)), action_of(severity)));
    return policy;
}

} // namespace clairgate::policy
