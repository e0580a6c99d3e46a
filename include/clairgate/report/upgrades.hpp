#pragma once

#include <clairgate/report/record.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::report {

/// How many findings of each severity, by the severity's number.
using SeverityCounts = std::array<std::size_t, finding::severities.size()>;

/// An upgrade that clears findings. All texts came from outside and live as long as the record's
/// report.
struct Upgrade {
    std::string_view package;   ///< the source package where there is one: its binaries go together
    std::string_view installed; ///< "" when several versions are
    std::string_view to;        ///< the version that clears all; "" when it cannot be told
    std::string_view ecosystem;
    std::string_view instruction; ///< what brought it in; "" when not known
    std::optional<bool> is_base;  ///< whether that is the base image; nothing: not known or both
    std::size_t clears = 0;
    SeverityCounts severities{};
};

/// What upgrading can do about the findings of one effect.
struct Upgrades {
    std::vector<Upgrade> upgrades; ///< what clears most first
    std::size_t findings = 0;      ///< of that effect
    std::size_t without_fix = 0;   ///< of those, without a known fix
};
Upgrades upgrades_of(Record const& record, policy::Effect effect = policy::Effect::block);

/// The position of the worst finding that blocks, of those that an exception can lift if there are
/// any.
std::optional<std::size_t> worst_blocking(Record const& record);

/// Findings that are let through today and block from one moment on.
struct TurningRed {
    SystemTime when;
    std::string_view id;
    std::string_view package;
    std::size_t findings = 1; ///< platforms and the like with the same id, package and moment
};
/// The next one first.
std::vector<TurningRed> turning_red(Record const& record);

/// Of each severity, how many findings there are, or how many have that effect.
SeverityCounts severity_counts(Record const& record,
                               std::optional<policy::Effect> effect = std::nullopt);

} // namespace clairgate::report
