#pragma once

#include <clairgate/policy/condition.hpp>

/// The kinds of conditions, one file each; the table is in condition.cpp. All: kind policy.
namespace clairgate::policy {

Result<Condition> parse_id(ConditionValue const& value);
Result<Condition> parse_severity_condition(ConditionValue const& value);
Result<Condition> parse_cvss(ConditionValue const& value);
Result<Condition> parse_epss(ConditionValue const& value);
Result<Condition> parse_kev(ConditionValue const& value);
Result<Condition> parse_fixed(ConditionValue const& value);
Result<Condition> parse_fixed_for(ConditionValue const& value);
Result<Condition> parse_package(ConditionValue const& value);
Result<Condition> parse_purl(ConditionValue const& value);
Result<Condition> parse_ecosystem(ConditionValue const& value);
Result<Condition> parse_distribution(ConditionValue const& value);
Result<Condition> parse_image(ConditionValue const& value);
Result<Condition> parse_environment(ConditionValue const& value);
Result<Condition> parse_layer_condition(ConditionValue const& value);
Result<Condition> parse_age(ConditionValue const& value);
Result<Condition> parse_new(ConditionValue const& value);
Result<Condition> parse_end_of_life(ConditionValue const& value);

} // namespace clairgate::policy
