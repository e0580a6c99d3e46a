#include <clairgate/base/text.hpp>
#include <clairgate/policy/comparison.hpp>
#include <clairgate/policy/conditions.hpp>

namespace clairgate::policy {

namespace {

constexpr double score_max = 10;

} // namespace

// The highest base score of all that are known.
Result<Condition> parse_cvss(ConditionValue const& value) {
    auto const words = TRY(words_in("cvss", value));
    if (words.size() != 1)
        return Error(ErrorKind::policy, "cvss takes one comparison, such as \">= 9.0\"");
    auto const comparison =
        TRY(parse_number_comparison(words.front(), score_max).with_context("cvss"));
    auto text = cat("cvss ", comparison.text());
    return Condition{"cvss", std::move(text), [comparison](Facts const& facts) {
                         auto const& scores = facts.finding.cvss;
                         if (scores.empty())
                             return Truth::unknown;
                         auto const score = scores.front().score;                // the highest
                         bool const is_score = score >= 0 && score <= score_max; // and a number
                         return is_score ? truth_of(comparison.holds(score)) : Truth::unknown;
                     }};
}

} // namespace clairgate::policy
