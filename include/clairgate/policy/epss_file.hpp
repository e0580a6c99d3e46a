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

/// What FIRST's Exploit Prediction Scoring System says of one CVE.
struct Epss {
    double score = 0;      ///< probability of exploitation within 30 days, 0–1
    double percentile = 0; ///< share of CVEs with the same or a lower score, 0–1
    friend bool operator==(Epss const&, Epss const&) = default;
};

/// One day's scores.
struct EpssTable {
    static constexpr std::size_t bytes_max = 128 * limits::mib;
    static constexpr std::size_t rows_max = 2'000'000;

    /// 16 bytes for each of some 300,000 rows. Both numbers in billionths: exact for the five
    /// decimals that FIRST gives, where a float would tip a score over a policy's threshold.
    struct Row {
        std::uint64_t cve; ///< policy/cve_id.hpp `cve_key`
        std::uint32_t score;
        std::uint32_t percentile;
    };

    std::string model; ///< "v2025.03.14"
    SystemTime score_date;
    std::vector<Row> rows; ///< sorted by CVE, unique

    /// Nothing when the CVE is not scored, or no CVE id. Any case.
    std::optional<Epss> lookup(std::string_view cve) const;
};

/// Reads FIRST's daily CSV, unpacked: a first line
/// `#model_version:v2025.03.14,score_date:2026-11-24T12:00:00Z` (the offset also as +0000), the
/// header `cve,epss,percentile`, rows; CRLF tolerated. Kind policy with the line: anything else, a
/// value outside 0–1, a CVE twice, no rows, a last line without its end (the file was cut off).
Result<EpssTable> parse_epss(std::string_view csv);

} // namespace clairgate::policy
