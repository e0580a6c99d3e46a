#pragma once

#include <compare>
#include <optional>
#include <string_view>

namespace clairgate::finding {

/// How two versions of a package of that ecosystem (`Package::ecosystem`) stand to each other, as
/// the ecosystem itself orders them: dpkg's order (deb-version(7)) for Debian and Ubuntu, rpm's
/// (rpm-version(7)) for rpm, dotted numbers anywhere. Nothing where we cannot say: a wrong advice
/// is worse than none. For advice alone; no verdict depends on it.
std::optional<std::strong_ordering>
compare_versions(std::string_view ecosystem, std::string_view a, std::string_view b);

} // namespace clairgate::finding
