#include <clairgate/base/text.hpp>
#include <clairgate/policy/comparison.hpp>
#include <clairgate/policy/conditions.hpp>

namespace clairgate::policy {

// Since publication, or since the earliest verified evidence of this repository has it:
// ">= 30d", "published >= 30d", "first-seen >= 7d".
Result<Condition> parse_age(ConditionValue const& value) {
    auto const words = TRY(words_in("age", value));
    if (words.size() != 1)
        return Error(ErrorKind::policy, "age takes one time, such as \">= 30d\"");
    std::string_view rest = words.front();
    constexpr std::string_view first_seen = "first-seen ";
    constexpr std::string_view published = "published ";
    bool const is_first_seen = rest.starts_with(first_seen);
    if (is_first_seen)
        rest.remove_prefix(first_seen.size());
    else if (rest.starts_with(published))
        rest.remove_prefix(published.size());
    auto const comparison = TRY(parse_duration_comparison(trim(rest)).with_context("age"));
    auto text = cat(is_first_seen ? "first seen " : "published ", comparison.text(), " ago");
    return Condition{"age", std::move(text), [comparison, is_first_seen](Facts const& facts) {
                         auto const& since =
                             is_first_seen ? facts.finding.first_seen : facts.finding.published;
                         if (!since || *since > facts.now)
                             return Truth::unknown;
                         return truth_of(comparison.holds(
                             std::chrono::duration_cast<Duration>(facts.now - *since)));
                     }};
}

} // namespace clairgate::policy
