#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/base/time.hpp>
#include <clairgate/finding/finding.hpp>
#include <clairgate/policy/glob.hpp>

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace clairgate::policy {

/// What a condition says of a finding. `unknown`: the fact it asks for is not known; rules are then
/// tried both ways and the stricter outcome counts, exceptions take it as `no`. Two conditions that
/// ask for one unknown fact are tried independently: stricter than any one answer, never looser.
enum class Truth { no, yes, unknown };

inline Truth truth_of(bool is_true) {
    return is_true ? Truth::yes : Truth::no;
}

/// All that a condition may read. Nothing else: a stored report holds all of it.
struct Facts {
    finding::Finding const& finding;
    std::string_view repository;  ///< "registry.example/team/app"
    std::string_view environment; ///< "" when none was named
    SystemTime now;
    std::span<std::string const> digests = {}; ///< of the image: its index, its platform's manifest
};

/// One condition of a rule, parsed.
struct Condition {
    std::string_view name; ///< of its kind
    std::string text;      ///< as a reader would write it: "cvss >= 9"
    std::function<Truth(Facts const&)> test;
};

/// The value of a condition in a policy file: true or false, or one or several strings of which one
/// must hold.
using ConditionValue = std::variant<bool, std::vector<std::string>>;

/// One kind of condition: one file and one line of the table.
struct ConditionKind {
    std::string_view name;
    std::string_view help;
    std::string_view example; ///< a value as TOML
    bool is_scope;            ///< may also stand in an [[allow]]
    /// Kind policy: what is wrong with the value, without its position.
    Result<Condition> (*parse)(ConditionValue const& value);
};
std::span<ConditionKind const> condition_kinds();

// The helpers of the kinds: what a value must be, with the remedy where it is not.

Result<bool> truth_in(std::string_view name, ConditionValue const& value);
/// Not empty, none of them empty.
Result<std::vector<std::string>> words_in(std::string_view name, ConditionValue const& value);
/// "a, b or c", for the sentence of a decision.
std::string either(std::vector<std::string> const& words);
/// Whether the text may be a vulnerability's id: letters, digits and "-._:", no wildcards.
bool is_vulnerability_id(std::string_view text);
/// A fact that is not known where it is "".
inline std::optional<std::string_view> if_known(std::string_view fact) {
    return fact.empty() ? std::nullopt : std::optional(fact);
}
/// The words as patterns.
Result<std::vector<Glob>> globs_of(std::string_view name, std::vector<std::string> const& words);
bool any_matches(std::vector<Glob> const& globs, std::string_view text);
/// A condition that holds when one of the globs matches the text that `read` gives; nothing: not
/// known.
Result<Condition> glob_condition(std::string_view name,
                                 ConditionValue const& value,
                                 std::optional<std::string_view> (*read)(Facts const&));

/// The condition of that kind, or kind policy with a suggestion. `name` may use '_' for '-'.
Result<Condition> parse_condition(std::string_view name, ConditionValue const& value);

} // namespace clairgate::policy
