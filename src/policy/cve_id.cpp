#include <clairgate/base/text.hpp>
#include <clairgate/policy/cve_id.hpp>

namespace clairgate::policy {

namespace {

constexpr std::string_view prefix = "CVE-";
constexpr std::size_t year_digits = 4;
constexpr std::size_t number_digits_min = 4;
constexpr std::size_t number_digits_max = 14; // what 48 bits hold
constexpr unsigned number_bits = 48;

} // namespace

std::optional<std::uint64_t> cve_key(std::string_view id) {
    auto const number_at = prefix.size() + year_digits + 1;
    if (id.size() < number_at + number_digits_min || id.size() > number_at + number_digits_max ||
        !equals_ignoring_case(id.substr(0, prefix.size()), prefix) || id[number_at - 1] != '-')
        return std::nullopt;
    auto const digits = id.substr(number_at);
    auto const year = parse_unsigned(id.substr(prefix.size(), year_digits));
    auto const number = parse_unsigned(digits);
    if (!year || !number || (digits.size() > number_digits_min && digits.front() == '0'))
        return std::nullopt;
    return *year << number_bits | *number;
}

} // namespace clairgate::policy
