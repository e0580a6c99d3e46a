#include <clairgate/base/text.hpp>
#include <clairgate/policy/conditions.hpp>
#include <clairgate/policy/end_of_life.hpp>

namespace clairgate::policy {

// Whether the distribution's security support has ended. Packages of no distribution: no; of one
// whose date is not known here: unknown.
Result<Condition> parse_end_of_life(ConditionValue const& value) {
    bool const wanted = TRY(truth_in("end-of-life", value));
    return Condition{"end-of-life",
                     wanted ? "distribution past its end of life" : "distribution in support",
                     [wanted](Facts const& facts) {
                         if (facts.finding.distribution.empty())
                             return truth_of(!wanted);
                         auto const ends = end_of_life(facts.finding.distribution);
                         return ends ? truth_of((facts.now >= *ends) == wanted) : Truth::unknown;
                     }};
}

} // namespace clairgate::policy
