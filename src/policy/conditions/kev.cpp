#include <clairgate/base/text.hpp>
#include <clairgate/policy/conditions.hpp>

namespace clairgate::policy {

// CISA's catalogue of known exploited vulnerabilities, from the file that was given.
Result<Condition> parse_kev(ConditionValue const& value) {
    bool const wanted = TRY(truth_in("kev", value));
    return Condition{
        "kev", wanted ? "known exploited" : "not known exploited", [wanted](Facts const& facts) {
            auto const& is_known = facts.finding.is_known_exploited;
            return is_known ? truth_of(*is_known == wanted) : Truth::unknown;
        }};
}

} // namespace clairgate::policy
