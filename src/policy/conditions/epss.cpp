#include <clairgate/base/text.hpp>
#include <clairgate/policy/comparison.hpp>
#include <clairgate/policy/conditions.hpp>

namespace clairgate::policy {

// FIRST's probability of exploitation, from the file that was given; not known without one.
Result<Condition> parse_epss(ConditionValue const& value) {
    auto const words = TRY(words_in("epss", value));
    if (words.size() != 1)
        return Error(ErrorKind::policy, "epss takes one comparison, such as \">= 0.1\"");
    auto const comparison = TRY(parse_number_comparison(words.front(), 1).with_context("epss"));
    auto text = cat("epss ", comparison.text());
    return Condition{"epss", std::move(text), [comparison](Facts const& facts) {
                         auto const& epss = facts.finding.epss;
                         bool const is_probability =
                             epss && *epss >= 0 && *epss <= 1; // and a number
                         return is_probability ? truth_of(comparison.holds(*epss)) : Truth::unknown;
                     }};
}

} // namespace clairgate::policy
