#pragma once

#include <clairgate/report/record.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace clairgate::report {

/// Positions of findings, those that are alike beside each other, worst severity first.
using Positions = std::vector<std::uint32_t>;

/// The findings with that effect, and, where it is asked for, new or not.
Positions worst_first(Record const& record, policy::Effect effect, std::optional<bool> is_new);

/// How many at the front differ in nothing that a row shows but the platform.
std::size_t alike(Record const& record, std::span<std::uint32_t const> positions);

} // namespace clairgate::report
