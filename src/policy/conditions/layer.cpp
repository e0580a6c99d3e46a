#include <clairgate/base/text.hpp>
#include <clairgate/policy/conditions.hpp>

namespace clairgate::policy {

// Who brought the package: the base image, or the application's own layers.
Result<Condition> parse_layer_condition(ConditionValue const& value) {
    auto const words = TRY(words_in("layer", value));
    if (words.size() != 1 || (words.front() != "base" && words.front() != "application"))
        return Error(ErrorKind::policy, "layer is \"base\" or \"application\"");
    bool const wants_base = words.front() == "base";
    return Condition{"layer", cat("layer ", words.front()), [wants_base](Facts const& facts) {
                         auto const& is_base = facts.finding.is_base_layer;
                         return is_base ? truth_of(*is_base == wants_base) : Truth::unknown;
                     }};
}

} // namespace clairgate::policy
