#include <clairgate/base/bytes.hpp>
#include <clairgate/base/error.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/report/gitlab_parts.hpp>

#include <algorithm>
#include <cstdint>
#include <span>

namespace clairgate::report {

namespace {

struct Metric {
    std::string_view name;
    std::string_view values; ///< separated by spaces
    bool is_base = false;
};

// CVSS v2.0 Complete Guide, section 2.4.
constexpr Metric metrics_v2[] = {
    {"AV", "N A L", true},
    {"AC", "L M H", true},
    {"Au", "M S N", true},
    {"C", "N P C", true},
    {"I", "N P C", true},
    {"A", "N P C", true},
    {"E", "U POC F H ND"},
    {"RL", "OF TF W U ND"},
    {"RC", "UC UR C ND"},
    {"CDP", "N L LM MH H ND"},
    {"TD", "N L M H ND"},
    {"CR", "L M H ND"},
    {"IR", "L M H ND"},
    {"AR", "L M H ND"},
};

// CVSS v3.1 specification, section 6; the same in v3.0.
constexpr Metric metrics_v3[] = {
    {"AV", "N A L P", true}, {"AC", "L H", true},  {"PR", "N L H", true}, {"UI", "N R", true},
    {"S", "U C", true},      {"C", "N L H", true}, {"I", "N L H", true},  {"A", "N L H", true},
    {"E", "X U P F H"},      {"RL", "X O T W U"},  {"RC", "X U R C"},     {"CR", "X L M H"},
    {"IR", "X L M H"},       {"AR", "X L M H"},    {"MAV", "X N A L P"},  {"MAC", "X L H"},
    {"MPR", "X N L H"},      {"MUI", "X N R"},     {"MS", "X U C"},       {"MC", "X N L H"},
    {"MI", "X N L H"},       {"MA", "X N L H"},
};

// The piece before the separator; `text` loses both.
std::string_view take_piece(std::string_view& text, char separator) {
    auto const piece = text.substr(0, text.find(separator));
    text.remove_prefix(std::min(text.size(), piece.size() + 1));
    return piece;
}

bool has_value(Metric const& metric, std::string_view value) {
    for (auto values = metric.values; !values.empty();)
        if (take_piece(values, ' ') == value)
            return true;
    return false;
}

bool is_vector_of(std::string_view text, std::span<Metric const> metrics) {
    std::uint32_t seen = 0; // a bit for each metric
    if (text.empty() || text.ends_with('/'))
        return false;
    while (!text.empty()) {
        auto value = take_piece(text, '/');
        auto const name = take_piece(value, ':');
        auto const metric = std::find_if(
            metrics.begin(), metrics.end(), [&](Metric const& m) { return m.name == name; });
        if (metric == metrics.end() || !has_value(*metric, value))
            return false;
        auto const bit = std::uint32_t{1} << static_cast<unsigned>(metric - metrics.begin());
        if ((seen & bit) != 0)
            return false;
        seen |= bit;
    }
    for (std::size_t i = 0; i < metrics.size(); ++i)
        if (metrics[i].is_base && (seen >> i & 1U) == 0)
            return false;
    return true;
}

} // namespace

bool is_gitlab_cvss_vector(std::string_view untrusted) {
    constexpr std::size_t vector_bytes_max = 128; // of the schema
    constexpr std::string_view head = "CVSS:3.";
    if (untrusted.size() > vector_bytes_max)
        return false;
    if (!untrusted.starts_with(head))
        return is_vector_of(untrusted, metrics_v2);
    auto const rest = untrusted.substr(head.size());
    return (rest.starts_with("0/") || rest.starts_with("1/")) &&
           is_vector_of(rest.substr(2), metrics_v3);
}

std::string operating_system(finding::Finding const& finding) {
    if (finding.distribution.empty())
        return finding.package.ecosystem.empty() ? "unknown" : finding.package.ecosystem;
    // "debian 12 (bookworm)": the name in brackets says nothing more.
    auto const text = std::string_view(finding.distribution);
    auto name = std::string(trim(text.substr(0, text.find(" ("))));
    std::replace(name.begin(), name.end(), ' ', ':');
    return name.empty() ? "unknown" : name;
}

std::string uuid_of(std::string_view digest) {
    constexpr std::size_t uuid_bytes = 16;
    CLAIRGATE_ASSERT(digest.size() >= uuid_bytes);
    std::string bytes(digest.substr(0, uuid_bytes));
    auto const set = [&](std::size_t at, unsigned kept, unsigned value) {
        bytes[at] = static_cast<char>((static_cast<unsigned char>(bytes[at]) & kept) | value);
    };
    set(6, 0x0FU, 0x80U); // version 8
    set(8, 0x3FU, 0x80U); // variant of RFC 9562
    auto text = to_hex(bytes);
    for (auto const at : {20U, 16U, 12U, 8U})
        text.insert(at, "-");
    return text;
}

} // namespace clairgate::report
