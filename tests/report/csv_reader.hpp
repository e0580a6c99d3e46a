#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A strict reader of RFC 4180: CRLF ends every line, a quote stands in quoted cells alone.
namespace clairgate::sample {

using CsvRows = std::vector<std::vector<std::string>>;

inline std::optional<std::string> read_csv_cell(std::string_view& rest) {
    std::string cell;
    if (!rest.starts_with('"')) {
        auto const end = rest.find_first_of(",\r\n\"");
        if (end == std::string_view::npos || rest[end] == '"' || rest[end] == '\n')
            return std::nullopt;
        cell = rest.substr(0, end);
        rest.remove_prefix(end);
        return cell;
    }
    for (rest.remove_prefix(1); !rest.empty(); rest.remove_prefix(1)) {
        if (rest.starts_with("\"\""))
            rest.remove_prefix(1);
        else if (rest.starts_with('"'))
            break;
        cell += rest.front();
    }
    if (rest.empty())
        return std::nullopt;
    rest.remove_prefix(1);
    return cell;
}

inline std::optional<CsvRows> parse_csv(std::string_view rest) {
    CsvRows rows;
    while (!rest.empty()) {
        auto& row = rows.emplace_back();
        for (;;) {
            auto const cell = read_csv_cell(rest);
            if (!cell)
                return std::nullopt;
            row.push_back(*cell);
            if (!rest.starts_with(','))
                break;
            rest.remove_prefix(1);
        }
        if (!rest.starts_with("\r\n") || row.size() != rows.front().size())
            return std::nullopt;
        rest.remove_prefix(2);
    }
    return rows;
}

} // namespace clairgate::sample
