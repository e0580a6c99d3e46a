#include "yaml_scalar.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <optional>

namespace clairgate::yaml {

namespace {

using nlohmann::json;

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), text) != words.end();
}

// Takes decimal digits off the front.
std::size_t take_digits(std::string_view& text) {
    auto const count = std::min(text.find_first_not_of("0123456789"), text.size());
    text.remove_prefix(count);
    return count;
}

template <class Number>
std::optional<json> whole(std::string_view text, int base) {
    Number number = 0;
    auto const end = text.data() + text.size();
    auto const read = std::from_chars(text.data(), end, number, base);
    if (read.ec != std::errc{} || read.ptr != end)
        return std::nullopt;
    return json(number);
}

// Unsigned where it can be, as the JSON parser has it; the text when it fits neither.
json integer(std::string_view digits, int base, std::string_view text) {
    auto value = whole<std::uint64_t>(digits, base);
    if (!value)
        value = whole<std::int64_t>(digits, base);
    return value ? *std::move(value) : json(text);
}

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?, with `is_float` for what is
// more than digits.
bool is_number(std::string_view text, bool& is_float) {
    auto const whole = take_digits(text);
    is_float = !text.empty();
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        if (take_digits(text) == 0 && whole == 0)
            return false;
    } else if (whole == 0) {
        return false;
    }
    if (text.starts_with('e') || text.starts_with('E')) {
        text.remove_prefix(1);
        if (text.starts_with('-') || text.starts_with('+'))
            text.remove_prefix(1);
        if (take_digits(text) == 0)
            return false;
    }
    return text.empty();
}

json number_or_string(std::string_view text) {
    bool const has_sign = text.starts_with('-') || text.starts_with('+');
    auto const unsigned_text = text.substr(has_sign ? 1 : 0);
    auto const signed_text = text.starts_with('+') ? unsigned_text : text;
    bool const is_octal = text.starts_with("0o");
    if ((is_octal || text.starts_with("0x")) && text.size() > 2 && text[2] != '-')
        return integer(text.substr(2), is_octal ? 8 : 16, text);
    bool is_float = false;
    if (!is_number(unsigned_text, is_float))
        return text;
    if (!is_float)
        return integer(signed_text, 10, text);
    double number = 0;
    auto const end = signed_text.data() + signed_text.size();
    auto const read = std::from_chars(signed_text.data(), end, number);
    return read.ec == std::errc{} && read.ptr == end ? json(number) : json(text);
}

} // namespace

json plain_value(std::string_view text) {
    if (is_one_of(text, {"", "~", "null", "Null", "NULL"}))
        return nullptr;
    if (is_one_of(text, {"true", "True", "TRUE"}))
        return true;
    if (is_one_of(text, {"false", "False", "FALSE"}))
        return false;
    return number_or_string(text);
}

} // namespace clairgate::yaml
