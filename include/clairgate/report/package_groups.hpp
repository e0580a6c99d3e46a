#pragma once

#include <clairgate/report/record.hpp>
#include <clairgate/report/upgrades.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace clairgate::report {

/// A set of the report's platforms, by their place there (limits::platforms is 64).
using PlatformSet = std::uint64_t;

/// Findings of one package that differ in nothing but their ids.
struct GroupLine {
    finding::Severity severity = finding::Severity::unknown;
    bool has_fix = false;
    bool is_new = true;
    std::uint32_t rule = 0;            ///< of the account's rules: what counts
    PlatformSet platforms = 0;         ///< all those of its findings
    std::vector<std::string_view> ids; ///< each once, sorted
};

/// What is to be said of one installed version of a package, worst first. Texts came from outside
/// and live as long as the record's report.
struct PackageGroup {
    std::string_view package; ///< the source package where there is one: its binaries go together
    std::string_view installed;
    std::string_view ecosystem;
    std::string_view to; ///< clears all that have a fix; "" when none has, or it cannot be told
    std::vector<std::string_view> binaries; ///< installed packages; each once, sorted
    std::string_view instruction;           ///< what brought it in; "" when not known
    std::optional<bool> is_base;            ///< nothing: not known, or both
    std::size_t findings = 0;
    std::size_t with_fix = 0;
    SeverityCounts severities{};
    std::vector<GroupLine> lines;
};

/// The decided findings of one effect: the worst severity first, then what has most. Empty where
/// nothing was decided.
std::vector<PackageGroup> package_groups(Record const& record, policy::Effect effect);

} // namespace clairgate::report
