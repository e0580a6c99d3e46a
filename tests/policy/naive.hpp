#pragma once

#include <clairgate/policy/policy.hpp>
#include <clairgate/policy/verdict.hpp>

/// Design section 8 a second time, as plainly as it can be said and as slowly as that may be. It
/// shares no step with Evaluator: every opinion of every level gets a rank, the highest rank
/// decides, and each combination of answers to the questions that nobody can answer is gone
/// through. Conditions that ask for the same unknown fact are answered separately, as there.
namespace clairgate::naive {

struct Answer {
    policy::Effect effect;
    bool is_waived;
    friend bool operator==(Answer const&, Answer const&) = default;
};
Answer decide(policy::Policy const& policy, policy::Facts const& facts);

/// The verdict on findings alone: single decisions and budgets.
policy::Effect judge(policy::Policy const& policy, std::vector<policy::Facts> const& all);

} // namespace clairgate::naive
