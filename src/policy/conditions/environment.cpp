#include <clairgate/base/text.hpp>
#include <clairgate/policy/conditions.hpp>

namespace clairgate::policy {

// The environment that is judged for; "" where none was named, which is known too.
Result<Condition> parse_environment(ConditionValue const& value) {
    return glob_condition("environment", value, [](Facts const& facts) {
        return std::optional<std::string_view>(facts.environment);
    });
}

} // namespace clairgate::policy
