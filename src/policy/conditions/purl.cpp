#include <clairgate/base/text.hpp>
#include <clairgate/policy/conditions.hpp>

namespace clairgate::policy {

Result<Condition> parse_purl(ConditionValue const& value) {
    return glob_condition(
        "purl", value, [](Facts const& facts) { return if_known(facts.finding.package.purl); });
}

} // namespace clairgate::policy
