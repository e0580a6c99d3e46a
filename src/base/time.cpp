#include <clairgate/base/text.hpp>
#include <clairgate/base/time.hpp>

#include <algorithm>
#include <array>

namespace clairgate {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

std::string padded(std::int64_t value, std::size_t width) {
    auto out = std::to_string(value);
    return std::string(width - std::min(width, out.size()), '0') + out;
}

// Reads exactly `width` digits off the front.
std::optional<int> take_digits(std::string_view& text, std::size_t width) {
    auto const value = parse_unsigned(text.substr(0, width));
    if (text.size() < width || !value)
        return std::nullopt;
    text.remove_prefix(width);
    return static_cast<int>(*value);
}

bool take(std::string_view& text, std::string_view any_of) {
    if (text.empty() || any_of.find(text.front()) == std::string_view::npos)
        return false;
    text.remove_prefix(1);
    return true;
}

std::optional<SystemTime> read_date(std::string_view& text) {
    auto const year = take_digits(text, 4);
    bool const dash = take(text, "-");
    auto const month = take_digits(text, 2);
    bool const second_dash = take(text, "-");
    auto const day = take_digits(text, 2);
    if (!year || !month || !day || !dash || !second_dash || *year < 1)
        return std::nullopt;
    std::chrono::year_month_day const date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok())
        return std::nullopt;
    return std::chrono::sys_days(date);
}

// HH:MM with bounds; seconds and fraction are the caller's.
std::optional<seconds> read_hours_minutes(std::string_view& text) {
    auto const hour = take_digits(text, 2);
    bool const colon = take(text, ":");
    auto const minute = take_digits(text, 2);
    if (!hour || !minute || !colon || *hour > 23 || *minute > 59)
        return std::nullopt;
    return hours(*hour) + minutes(*minute);
}

std::optional<seconds> read_offset(std::string_view& text) {
    if (take(text, "Zz"))
        return seconds(0);
    bool const west = !text.empty() && text.front() == '-';
    if (!take(text, "+-"))
        return std::nullopt;
    auto const offset = read_hours_minutes(text);
    if (!offset)
        return std::nullopt;
    return west ? -*offset : *offset;
}

struct Unit {
    std::string_view name;
    std::int64_t ms;
};
constexpr std::array<Unit, 5> units{
    {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};

} // namespace

Deadline Deadline::after(Clock const& clock, Duration duration) {
    return Deadline(clock.steady() + duration);
}

Duration Deadline::remaining(Clock const& clock) const {
    auto const left = std::chrono::ceil<Duration>(at_ - clock.steady());
    return std::max(left, Duration::zero());
}

std::string to_rfc3339(SystemTime time) {
    auto const day = std::chrono::floor<days>(time);
    std::chrono::year_month_day const date(day);
    std::chrono::hh_mm_ss const clock(time - day);
    return cat(padded(int(date.year()), 4),
               "-",
               padded(unsigned(date.month()), 2),
               "-",
               padded(unsigned(date.day()), 2),
               "T",
               padded(clock.hours().count(), 2),
               ":",
               padded(clock.minutes().count(), 2),
               ":",
               padded(clock.seconds().count(), 2),
               "Z");
}

Result<SystemTime> parse_rfc3339(std::string_view text) {
    auto const refuse = [original = std::string(text)] {
        return Error(ErrorKind::protocol, cat("not an RFC 3339 time: \"", original, "\""));
    };
    auto const day = read_date(text);
    if (!day || !take(text, "Tt "))
        return refuse();
    auto const time = read_hours_minutes(text);
    bool const colon = take(text, ":");
    auto const second = take_digits(text, 2);
    if (!time || !colon || !second || *second > 60) // 60: a leap second, counted as the next second
        return refuse();
    if (take(text, ".") && !take_digits(text, 1))
        return refuse();
    while (take(text, "0123456789"))
        continue;
    auto const offset = read_offset(text);
    if (!offset || !text.empty())
        return refuse();
    return *day + *time + seconds(*second) - *offset;
}

Result<Duration> parse_duration(std::string_view text) {
    auto const refuse = [original = std::string(text)] {
        return Error(ErrorKind::usage,
                     cat("not a duration: \"", original, "\" (write 90s, 30m, 48h or 7d)"));
    };
    constexpr std::int64_t ms_max = 3650LL * 86'400'000;
    std::int64_t total = 0;
    if (text.empty())
        return refuse();
    while (!text.empty()) {
        auto const digits = std::min(text.find_first_not_of("0123456789"), text.size());
        auto const number = parse_unsigned(text.substr(0, digits));
        text.remove_prefix(digits);
        auto const letters = std::min(text.find_first_of("0123456789"), text.size());
        auto const name = text.substr(0, letters);
        text.remove_prefix(letters);
        auto const* const unit =
            std::find_if(units.begin(), units.end(), [&](Unit const& u) { return u.name == name; });
        if (!number || unit == units.end() || *number > static_cast<std::uint64_t>(ms_max))
            return refuse();
        auto const count = static_cast<std::int64_t>(*number);
        if (count > ms_max / unit->ms || total + count * unit->ms > ms_max)
            return refuse();
        total += count * unit->ms;
    }
    return Duration(total);
}

std::string to_string(Duration duration) {
    auto const ms = duration.count();
    auto const s = ms / 1000;
    if (ms < 1000)
        return cat(ms, "ms");
    if (s < 60)
        return cat(s, ".", ms % 1000 / 100, "s");
    if (s < 3600)
        return cat(s / 60, "m", padded(s % 60, 2), "s");
    if (s < 86'400)
        return cat(s / 3600, "h", padded(s % 3600 / 60, 2), "m");
    return cat(s / 86'400, "d", s % 86'400 / 3600, "h");
}

} // namespace clairgate
