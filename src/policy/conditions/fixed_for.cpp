#include <clairgate/base/text.hpp>
#include <clairgate/policy/comparison.hpp>
#include <clairgate/policy/conditions.hpp>

namespace clairgate::policy {

// A grace period: how long the fix has been known here, by the earliest verified evidence of the
// repository. Without evidence nobody can tell, and no grace is given.
Result<Condition> parse_fixed_for(ConditionValue const& value) {
    auto const words = TRY(words_in("fixed-for", value));
    if (words.size() != 1)
        return Error(ErrorKind::policy, "fixed-for takes one time, such as \">= 14d\"");
    auto const comparison = TRY(parse_duration_comparison(words.front()).with_context("fixed-for"));
    auto text = cat("fixed for ", comparison.text());
    return Condition{"fixed-for", std::move(text), [comparison](Facts const& facts) {
                         auto const& finding = facts.finding;
                         if (finding.fixed_version.empty())
                             return Truth::no;
                         if (!finding.fix_first_seen || *finding.fix_first_seen > facts.now)
                             return Truth::unknown;
                         auto const known_for = std::chrono::duration_cast<Duration>(
                             facts.now - *finding.fix_first_seen);
                         return truth_of(comparison.holds(known_for));
                     }};
}

} // namespace clairgate::policy
