#include <clairgate/base/text.hpp>
#include <clairgate/policy/conditions.hpp>

namespace clairgate::policy {

// "" for packages of a language: known to be of no distribution.
Result<Condition> parse_distribution(ConditionValue const& value) {
    return glob_condition("distribution", value, [](Facts const& facts) {
        return std::optional<std::string_view>(facts.finding.distribution);
    });
}

} // namespace clairgate::policy
