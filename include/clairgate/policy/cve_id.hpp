#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace clairgate::policy {

/// A CVE id as one number that sorts by year, then number; nothing when the text is none. Spelled
/// as the CVE Program does ("CVE-2024-0001": four digits of year, at least four of number, no
/// further leading zeros), but in any case; numbers of more than 14 digits are not taken.
std::optional<std::uint64_t> cve_key(std::string_view id);

} // namespace clairgate::policy
