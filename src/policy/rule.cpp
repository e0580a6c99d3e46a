#include <clairgate/policy/rule.hpp>

#include <algorithm>
#include <array>

namespace clairgate::policy {

Truth Rule::matches(Facts const& facts) const {
    auto truth = Truth::yes;
    for (auto const& condition : when) {
        auto const one = condition.test(facts);
        if (one == Truth::no)
            return Truth::no;
        if (one == Truth::unknown)
            truth = Truth::unknown;
    }
    return truth;
}

bool Rule::names_ids() const {
    return std::any_of(
        when.begin(), when.end(), [](Condition const& one) { return one.name == "id"; });
}

bool Waiver::covers(Facts const& facts) const {
    return std::all_of(scope.begin(), scope.end(), [&](Condition const& one) {
        return one.test(facts) == Truth::yes;
    });
}

std::string_view to_string(Requirement::Scan scan) {
    static constexpr std::array<std::string_view, 3> words{"off", "recommended", "required"};
    return words.at(static_cast<std::size_t>(scan));
}

} // namespace clairgate::policy
