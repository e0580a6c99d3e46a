#include <clairgate/base/text.hpp>
#include <clairgate/policy/comparison.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace clairgate::policy {

namespace {

constexpr std::size_t digits_max = 9; // on each side of the point
constexpr std::size_t quoted_bytes_max = 60;

struct Sign {
    std::string_view text;
    Relation relation;
};
// The longer ones first: "<" begins "<=".
constexpr Sign signs[] = {{"<=", Relation::at_most},
                          {">=", Relation::at_least},
                          {"<", Relation::less},
                          {">", Relation::greater}};

struct Unit {
    std::string_view name;
    Duration one;
};
constexpr Unit units[] = {{"d", std::chrono::days(1)},
                          {"h", std::chrono::hours(1)},
                          {"m", std::chrono::minutes(1)},
                          {"s", std::chrono::seconds(1)},
                          {"ms", Duration(1)}};

std::string in_decimals(double value) {
    std::array<char, 400> digits{}; // the largest double has 309 in front of the point
    auto const end = std::to_chars(
        digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed);
    return {digits.data(), end.ptr};
}

std::string in_one_unit(Duration value) {
    auto const* const unit = std::find_if(std::begin(units), std::end(units), [&](Unit const& u) {
        return value % u.one == Duration::zero();
    });
    return cat(value / unit->one, unit->name);
}

bool is_digits(std::string_view text) {
    return !text.empty() && text.size() <= digits_max &&
           text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::optional<double> plain_number(std::string_view text) {
    auto const point = text.find('.');
    if (!is_digits(text.substr(0, point)) ||
        (point != std::string_view::npos && !is_digits(text.substr(point + 1))))
        return std::nullopt;
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::optional<Duration> duration(std::string_view text) {
    auto const parsed = parse_duration(text);
    return parsed.has_value() ? std::optional(*parsed) : std::nullopt;
}

Error refuse(std::string_view text, std::string_view why, std::string remedy) {
    return Error(ErrorKind::policy, cat("\"", printable(text, quoted_bytes_max), "\" ", why))
        .with_remedy(std::move(remedy));
}

template <class T, class Read>
Result<Comparison<T>>
parse_comparison(std::string_view given, T largest, std::string_view example, Read read) {
    auto const text = trim(given);
    auto const* const sign = std::find_if(std::begin(signs), std::end(signs), [&](Sign const& s) {
        return text.starts_with(s.text);
    });
    if (sign == std::end(signs))
        return read(text) ? refuse(text, "does not say on which side", cat("write >= ", text))
                          : refuse(text, "is no comparison", cat("write it as ", example));
    auto const value = read(trim(text.substr(sign->text.size())));
    if (!value)
        return refuse(text, "compares with something else than it may", cat("write ", example));
    Comparison<T> const comparison{sign->relation, *value};
    if (*value > largest)
        return refuse(text, "compares with more than there can be", cat("write ", example));
    if (!comparison.holds(T{}) && !comparison.holds(largest))
        return refuse(text, "can never hold", cat("write ", example));
    return comparison;
}

} // namespace

std::string_view to_string(Relation relation) {
    return std::find_if(std::begin(signs),
                        std::end(signs),
                        [&](Sign const& sign) { return sign.relation == relation; })
        ->text;
}

template <>
std::string Comparison<double>::text() const {
    return cat(to_string(relation), " ", in_decimals(value));
}

template <>
std::string Comparison<Duration>::text() const {
    return cat(to_string(relation), " ", in_one_unit(value));
}

Result<Comparison<double>> parse_number_comparison(std::string_view text, double largest) {
    return parse_comparison<double>(
        text, largest, largest <= 1 ? ">= 0.1" : ">= 7.0", plain_number);
}

Result<Comparison<Duration>> parse_duration_comparison(std::string_view text) {
    return parse_comparison<Duration>(text, Duration::max(), ">= 30d", duration);
}

} // namespace clairgate::policy
