#include <clairgate/base/text.hpp>
#include <clairgate/policy/conditions.hpp>

#include <array>

namespace clairgate::policy {

Result<Condition> parse_severity_condition(ConditionValue const& value) {
    static constexpr std::string_view known[] = {
        "critical", "high", "medium", "low", "negligible", "unknown"};
    std::array<bool, finding::severities.size()> wanted{};
    auto const words = TRY(words_in("severity", value));
    for (auto const& word : words) {
        auto const severity = finding::parse_severity(word);
        if (!severity)
            return Error(
                ErrorKind::policy,
                cat("unknown severity \"", printable(word, 60), "\"", did_you_mean(word, known)));
        wanted.at(static_cast<std::size_t>(*severity)) = true;
    }
    return Condition{"severity", cat("severity ", either(words)), [wanted](Facts const& facts) {
                         return truth_of(
                             wanted.at(static_cast<std::size_t>(facts.finding.severity)));
                     }};
}

} // namespace clairgate::policy
