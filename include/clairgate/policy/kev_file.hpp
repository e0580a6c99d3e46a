#pragma once

#include <clairgate/base/limits.hpp>
#include <clairgate/base/result.hpp>
#include <clairgate/base/time.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::policy {

/// CISA's catalogue of known exploited vulnerabilities.
struct KevCatalog {
    static constexpr std::size_t bytes_max = 32 * limits::mib;

    struct Entry {
        std::uint64_t cve; ///< policy/cve_id.hpp `cve_key`
        SystemTime added;  ///< start of the day, UTC
    };

    SystemTime released;
    std::string version;        ///< "2026.11.24"
    std::vector<Entry> entries; ///< sorted by CVE, unique

    /// When the CVE was added; nothing when it is not in the catalogue, or no CVE id. Any case.
    std::optional<SystemTime> lookup(std::string_view cve) const;
};

/// Reads known_exploited_vulnerabilities.json (CISA's JSON schema of that name). Kind policy with
/// the member that is wrong: not the catalogue, no entries, another number of them than `count`,
/// an id that is no CVE, a date that is none. A CVE that is listed twice counts from its first day.
Result<KevCatalog> parse_kev(std::string_view json);

} // namespace clairgate::policy
