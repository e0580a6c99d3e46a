#pragma once

#include <clairgate/report/record.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace clairgate::report {

/// One line of the page: findings that differ in nothing but their platform.
struct HtmlRow {
    std::uint32_t first = 0; ///< of `HtmlRows::findings`
    std::uint32_t count = 0;
};

/// The lines about one package: its binaries go together, as one upgrade clears them.
struct HtmlGroup {
    std::string_view name;      ///< of the source package where there is one
    std::string_view installed; ///< "" when several versions are
    std::string_view fixed;     ///< the version that fixes all that can be fixed; "" when not known
    std::string_view ecosystem;
    std::uint32_t first = 0; ///< of `HtmlRows::rows`
    std::uint32_t count = 0;
    std::size_t findings = 0;
    std::size_t blocking = 0;
    std::size_t fixable = 0;
};

/// The findings in the order in which people read them: what blocks first, then what is worst.
struct HtmlRows {
    std::vector<std::uint32_t> findings; ///< of the record
    std::vector<HtmlRow> rows;
    std::vector<HtmlGroup> groups;

    std::span<std::uint32_t const> of(HtmlRow row) const {
        return std::span(findings).subspan(row.first, row.count);
    }
};
HtmlRows html_rows_of(Record const& record);

/// Highest first: blocks, warns, allowed by an exception, allowed; all the same where undecided.
int rank_of(Decided const* decided);

} // namespace clairgate::report
