#pragma once

#include <clairgate/policy/verdict.hpp>

#include <array>
#include <vector>

namespace clairgate::policy {

/// Counts unwaived findings against `[budget]`: it only tightens.
class BudgetCount {
  public:
    explicit BudgetCount(Policy const& policy) : policy_(policy) {}
    void add(finding::Severity severity) { ++counts_.at(static_cast<std::size_t>(severity)); }
    /// One per severity with a budget; `block` where it is exceeded, else `allow`.
    std::vector<BudgetDecision> judged() const;

  private:
    Policy const& policy_;
    std::array<std::uint64_t, finding::severities.size()> counts_{};
};

} // namespace clairgate::policy
