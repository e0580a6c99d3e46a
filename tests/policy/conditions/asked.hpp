#pragma once

#include "policy/sample_scan.hpp"
#include <clairgate/policy/condition.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Conditions as their tests ask them.
namespace clairgate::sample {

using Words = std::vector<std::string>;

/// What the condition says of a finding of registry.example/team/app in prod, at `now()`.
inline policy::Truth
asked(std::string_view name, policy::ConditionValue const& value, finding::Finding const& finding) {
    policy::Facts const facts{finding, "registry.example/team/app", "prod", now()};
    return policy::parse_condition(name, value).value().test(facts);
}

inline std::string text_of(std::string_view name, policy::ConditionValue const& value) {
    return policy::parse_condition(name, value).value().text;
}

/// Why the value is refused; "" when it is not.
inline std::string refusal(std::string_view name, policy::ConditionValue const& value) {
    auto const parsed = policy::parse_condition(name, value);
    return parsed.has_value() ? std::string() : parsed.error().text();
}

inline finding::Finding high() {
    return finding(finding::Severity::high, "3.0.17");
}

} // namespace clairgate::sample
