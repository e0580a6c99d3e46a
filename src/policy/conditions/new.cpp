#include <clairgate/base/text.hpp>
#include <clairgate/policy/conditions.hpp>

namespace clairgate::policy {

// Not in the baseline; without a baseline everything is new.
Result<Condition> parse_new(ConditionValue const& value) {
    bool const wanted = TRY(truth_in("new", value));
    return Condition{
        "new",
        wanted ? "new against the baseline" : "in the baseline",
        [wanted](Facts const& facts) { return truth_of(facts.finding.is_new == wanted); }};
}

} // namespace clairgate::policy
