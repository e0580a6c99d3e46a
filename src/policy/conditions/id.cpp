#include <clairgate/base/text.hpp>
#include <clairgate/policy/conditions.hpp>

namespace clairgate::policy {

// Ids and aliases compare without regard to case: GHSA ids are written both ways.
Result<Condition> parse_id(ConditionValue const& value) {
    auto ids = TRY(words_in("id", value));
    for (auto const& id : ids)
        if (!is_vulnerability_id(id))
            return Error(ErrorKind::policy,
                         cat("\"", printable(id, 60), "\" is no vulnerability id"))
                .with_remedy("write one such as CVE-2024-0001, without spaces or wildcards");
    auto text = cat("id ", either(ids));
    return Condition{"id", std::move(text), [ids = std::move(ids)](Facts const& facts) {
                         auto const& finding = facts.finding;
                         for (auto const& id : ids) {
                             if (equals_ignoring_case(id, finding.id))
                                 return Truth::yes;
                             for (auto const& alias : finding.aliases)
                                 if (equals_ignoring_case(id, alias))
                                     return Truth::yes;
                         }
                         return Truth::no;
                     }};
}

} // namespace clairgate::policy
