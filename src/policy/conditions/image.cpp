#include <clairgate/base/text.hpp>
#include <clairgate/policy/conditions.hpp>

namespace clairgate::policy {

// The repository of the image, "registry.example/team/app": no tag, no digest.
Result<Condition> parse_image(ConditionValue const& value) {
    return glob_condition(
        "image", value, [](Facts const& facts) { return if_known(facts.repository); });
}

} // namespace clairgate::policy
