#include <clairgate/base/text.hpp>
#include <clairgate/policy/budget.hpp>

namespace clairgate::policy {

std::vector<BudgetDecision> BudgetCount::judged() const {
    std::vector<BudgetDecision> out;
    for (auto const& [severity, allowed] : policy_.budget) {
        auto const unwaived = counts_.at(static_cast<std::size_t>(severity));
        auto sentence = cat(unwaived,
                            " unwaived ",
                            finding::to_string(severity),
                            unwaived == 1 ? " finding, " : " findings, ",
                            allowed.origin.rule,
                            " is ",
                            allowed.value);
        out.push_back({severity,
                       unwaived,
                       allowed.value,
                       {unwaived > allowed.value ? Effect::block : Effect::allow,
                        allowed.origin,
                        std::move(sentence)}});
    }
    return out;
}

} // namespace clairgate::policy
