#pragma once

#include <clairgate/base/time.hpp>
#include <clairgate/finding/severity.hpp>
#include <clairgate/policy/rule.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace clairgate::policy {

/// `[scan]` of one file: what it says, each where it does.
struct ScanOpinions {
    std::map<std::string, Setting<Action>, std::less<>>
        on_error; ///< by class: "registry", "clair", "stale"
    std::optional<Setting<Action>> uncovered;
    std::optional<Setting<Action>> partly_covered;
    std::optional<Setting<Duration>> max_data_age;
    std::optional<Setting<Duration>> max_report_age;
    std::optional<Setting<bool>> require_signature;
    std::optional<Setting<bool>> enforce; ///< false: `enforce = "report"`
};

/// `[exceptions]` of one file.
struct ExceptionOpinions {
    std::optional<Setting<std::uint32_t>> max_days;
    std::optional<Setting<bool>> from_change;
    std::optional<Setting<std::vector<std::string>>> vex_authors;
};

/// One policy file, parsed: the opinions of one level.
struct Layer {
    Level level = Level::built_in;
    std::string file; ///< path below the policy folder; "" for the built-in layer
    std::map<finding::Severity, Setting<Action>> severity;
    std::vector<Rule> rules;
    std::vector<Waiver> waivers;
    std::vector<Lock> locks;
    ScanOpinions scan;
    ExceptionOpinions exceptions;
    std::map<finding::Severity, Setting<std::uint64_t>> budget;
    std::vector<Requirement> requirements;
    std::optional<Setting<std::string>> cluster; ///< of an environment
    std::optional<Origin> devtron;               ///< where `precedence = "devtron"` stands
};

} // namespace clairgate::policy
