#include <clairgate/base/text.hpp>
#include <clairgate/finding/severity.hpp>

#include <cstddef>
#include <utility>

namespace clairgate::finding {

namespace {

constexpr std::array<std::string_view, 6> words{
    "unknown", "negligible", "low", "medium", "high", "critical"};

// What vendors call the same thing.
constexpr std::pair<std::string_view, Severity> synonyms[] = {{"moderate", Severity::medium},
                                                              {"important", Severity::high},
                                                              {"defcon1", Severity::critical},
                                                              {"none", Severity::negligible}};

} // namespace

std::string_view to_string(Severity severity) {
    return words.at(static_cast<std::size_t>(severity));
}

std::optional<Severity> parse_severity(std::string_view word) {
    for (std::size_t i = 0; i < words.size(); ++i)
        if (equals_ignoring_case(word, words.at(i)))
            return static_cast<Severity>(i);
    for (auto const& [synonym, severity] : synonyms)
        if (equals_ignoring_case(word, synonym))
            return severity;
    return std::nullopt;
}

Severity severity_of_score(double cvss_base_score) {
    if (!(cvss_base_score >= 0.0 && cvss_base_score <= 10.0)) // also not a number
        return Severity::unknown;
    if (cvss_base_score == 0.0)
        return Severity::negligible;
    if (cvss_base_score < 4.0)
        return Severity::low;
    if (cvss_base_score < 7.0)
        return Severity::medium;
    return cvss_base_score < 9.0 ? Severity::high : Severity::critical;
}

} // namespace clairgate::finding
