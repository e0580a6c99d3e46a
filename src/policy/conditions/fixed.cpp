#include <clairgate/base/text.hpp>
#include <clairgate/policy/conditions.hpp>

namespace clairgate::policy {

Result<Condition> parse_fixed(ConditionValue const& value) {
    bool const wanted = TRY(truth_in("fixed", value));
    return Condition{"fixed", wanted ? "has a fix" : "has no fix", [wanted](Facts const& facts) {
                         return truth_of(!facts.finding.fixed_version.empty() == wanted);
                     }};
}

} // namespace clairgate::policy
