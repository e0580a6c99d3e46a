#pragma once

#include <clairgate/report/report.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace clairgate::report {

/// An upgrade that clears some of what blocks. Names and versions came from outside.
struct Upgrade {
    std::string package; ///< the source package where there is one: its binaries go together
    std::string to;      ///< "" when the findings name different versions: take the newest
    std::size_t clears = 0;
};

/// What upgrading can do about the findings that block.
struct Upgrades {
    std::vector<Upgrade> upgrades; ///< what clears most first
    std::size_t blocking = 0;      ///< findings that block
    std::size_t without_fix = 0;   ///< of those, without a known fix
};
Upgrades upgrades_of(Report const& report);

/// The position of the worst finding that blocks, of those that an exception can lift if there are
/// any.
std::optional<std::size_t> worst_blocking(Report const& report);

/// "CVE-… in openssl blocks from 2027-01-01T00:00:00Z" for each waived finding whose end is known,
/// the next one first.
std::vector<std::string> turning_red(Report const& report);

} // namespace clairgate::report
