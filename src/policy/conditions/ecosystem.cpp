#include <clairgate/base/text.hpp>
#include <clairgate/policy/conditions.hpp>

namespace clairgate::policy {

Result<Condition> parse_ecosystem(ConditionValue const& value) {
    return glob_condition("ecosystem", value, [](Facts const& facts) {
        return if_known(facts.finding.package.ecosystem);
    });
}

} // namespace clairgate::policy
