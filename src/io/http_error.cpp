#include <clairgate/base/json.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/io/http_error.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace clairgate::io {

namespace {

constexpr std::size_t words_bytes_max = 300;
constexpr std::int64_t retry_after_seconds_max = 3600;

std::string member(nlohmann::json const& object, std::string_view key) {
    auto const value = json::optional_string(object, key);
    return value.has_value() ? value->value_or("") : "";
}

std::string joined(std::string const& a, std::string const& b) {
    return a.empty() || b.empty() ? a + b : cat(a, ": ", b);
}

std::string words_of_object(nlohmann::json const& object) {
    auto words = joined(member(object, "code"), member(object, "message"));
    if (words.empty())
        words = joined(member(object, "error"), member(object, "error_description"));
    return words.empty() ? member(object, "details") : words; // Docker Hub's token service
}

std::string words_of_json(nlohmann::json const& document) {
    auto const* errors = json::find(document, "errors");
    if (errors == nullptr || !errors->is_array())
        return words_of_object(document);
    std::string words;
    for (auto const& one : *errors) {
        auto const piece = words_of_object(one);
        if (!piece.empty())
            words += (words.empty() ? "" : "; ") + piece;
        if (words.size() > words_bytes_max)
            break;
    }
    return words;
}

std::string shortened(std::string text) {
    if (text.size() <= words_bytes_max)
        return text;
    auto end = words_bytes_max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        --end; // not inside a character
    return text.substr(0, end) + "…";
}

ErrorKind kind_of(int status) {
    if (status == 401 || status == 403)
        return ErrorKind::denied;
    if (status == 404)
        return ErrorKind::not_found;
    bool const is_passing = status == 408 || status == 429 || (status >= 500 && status < 600);
    return is_passing ? ErrorKind::unreachable : ErrorKind::protocol;
}

std::optional<unsigned> month_number(std::string_view name) {
    constexpr std::array<std::string_view, 12> names = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    auto const found = std::find(names.begin(), names.end(), name);
    if (found == names.end())
        return std::nullopt;
    return static_cast<unsigned>(found - names.begin()) + 1;
}

// "Sun, 06 Nov 1994 08:49:37 GMT": the one form that senders may use (RFC 9110 section 5.6.7).
std::optional<SystemTime> parse_fixdate(std::string_view text) {
    if (text.size() != 29 || text.substr(3, 2) != ", " || text.substr(25) != " GMT")
        return std::nullopt;
    auto const day = parse_unsigned(text.substr(5, 2));
    auto const month = month_number(text.substr(8, 3));
    auto const year = parse_unsigned(text.substr(12, 4));
    auto const hour = parse_unsigned(text.substr(17, 2));
    auto const minute = parse_unsigned(text.substr(20, 2));
    auto const second = parse_unsigned(text.substr(23, 2));
    if (!day || !month || !year || !hour || !minute || !second)
        return std::nullopt;
    std::chrono::year_month_day const date(std::chrono::year(static_cast<int>(*year)),
                                           std::chrono::month(*month),
                                           std::chrono::day(static_cast<unsigned>(*day)));
    if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60)
        return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
           std::chrono::seconds(*second);
}

} // namespace

std::optional<std::int64_t> parse_retry_after(std::string_view value, SystemTime now) {
    value = trim(value);
    if (!value.empty() &&
        std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; })) {
        auto const seconds = parse_unsigned(value); // nothing: more than 64 bits hold
        return seconds && *seconds < retry_after_seconds_max ? static_cast<std::int64_t>(*seconds)
                                                             : retry_after_seconds_max;
    }
    auto const date = parse_fixdate(value);
    if (!date)
        return std::nullopt;
    return std::clamp<std::int64_t>((*date - now).count(), 0, retry_after_seconds_max);
}

std::string peer_words(Response const& response) {
    auto const document = json::parse(response.body);
    if (document.has_value())
        return shortened(words_of_json(*document));
    auto const type = response.header("content-type");
    bool const is_plain = type && to_lower(*type).starts_with("text/plain");
    return is_plain ? shortened(std::string(trim(response.body))) : "";
}

Error unexpected(std::string_view method, Response const& response, SystemTime now) {
    auto message = cat(method, " ", response.url.redacted(), " answered ", response.status);
    auto const words = peer_words(response);
    if (!words.empty())
        message += cat(": ", words);
    auto error =
        Error(kind_of(response.status), std::move(message)).with_http_status(response.status);
    if (auto const header = response.header("retry-after")) {
        if (auto const seconds = parse_retry_after(*header, now))
            return std::move(error).with_retry_after(*seconds);
    }
    return error;
}

} // namespace clairgate::io
