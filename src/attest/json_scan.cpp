#include <clairgate/attest/json_scan.hpp>
#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace clairgate::attest {

namespace {

constexpr std::array<bool, 256> plain_bytes() {
    std::array<bool, 256> plain{};
    for (std::size_t byte = 0x20; byte < 0x80; ++byte)
        plain[byte] = byte != '"' && byte != '\\';
    return plain;
}
constexpr auto is_plain = plain_bytes();

std::optional<std::uint32_t> parse_hex(std::string_view digits) {
    std::uint32_t value = 0;
    auto const* const end = digits.data() + digits.size();
    auto const parsed = std::from_chars(digits.data(), end, value, 16);
    if (digits.size() != 4 || parsed.ec != std::errc{} || parsed.ptr != end)
        return std::nullopt;
    return value;
}

bool is_high_surrogate(std::uint32_t unit) {
    return unit >= 0xD800 && unit < 0xDC00;
}
bool is_low_surrogate(std::uint32_t unit) {
    return unit >= 0xDC00 && unit < 0xE000;
}

void append_utf8(std::string& out, std::uint32_t code) {
    auto const tail = [&](unsigned shift) {
        return static_cast<char>(0x80U | ((code >> shift) & 0x3FU));
    };
    if (code < 0x80)
        out += static_cast<char>(code);
    else if (code < 0x800)
        out += {static_cast<char>(0xC0U | code >> 6U), tail(0)};
    else if (code < 0x10000)
        out += {static_cast<char>(0xE0U | code >> 12U), tail(6), tail(0)};
    else
        out += {static_cast<char>(0xF0U | code >> 18U), tail(12), tail(6), tail(0)};
}

// The key that is there twice. Sorts the keys; most writers did so already.
std::optional<std::string> twice(std::span<std::string_view> keys) {
    auto const is_ascending = [&] {
        return std::adjacent_find(keys.begin(), keys.end(), std::greater_equal()) == keys.end();
    };
    bool const has_escapes = std::any_of(keys.begin(), keys.end(), [](std::string_view key) {
        return key.find('\\') != std::string_view::npos;
    });
    if (!has_escapes && is_ascending())
        return std::nullopt;
    std::vector<std::string> resolved;
    if (has_escapes) {
        resolved.reserve(keys.size()); // views of its elements stay valid
        for (auto& key : keys)
            key = resolved.emplace_back(unescape(key));
    }
    std::sort(keys.begin(), keys.end());
    auto const found = std::adjacent_find(keys.begin(), keys.end());
    return found == keys.end() ? std::nullopt : std::optional(std::string(*found));
}

// Functions give false after `fail`. Bytes are read through a pointer: this sees every byte of
// evidence, and each index is compared with the size right before.
class Scanner {
  public:
    explicit Scanner(std::string_view text) : text_(text), bytes_(text.data()) {}

    Result<void> run() {
        bool is_value_next = true;
        bool is_good = true;
        skip_space();
        do
            is_good = is_value_next ? value(is_value_next) : after_value(is_value_next);
        while (is_good && (is_value_next || !levels_.empty()));
        skip_space();
        if (is_good && at_ != text_.size())
            is_good = fail("something behind the document");
        if (is_good)
            return ok();
        return Error(ErrorKind::protocol, cat("not valid JSON at byte ", at_, ": ", reason_));
    }

  private:
    struct Level {
        bool is_object;
        std::size_t first_key; ///< of its own in `keys_`
    };

    bool fail(std::string_view reason) {
        reason_ = reason;
        return false;
    }
    char peek() const { return at_ < text_.size() ? bytes_[at_] : '\0'; }
    bool take(char c) {
        bool const is_there = at_ < text_.size() && bytes_[at_] == c;
        at_ += is_there ? 1U : 0U;
        return is_there;
    }
    void skip_space() {
        while (at_ < text_.size() && (bytes_[at_] == ' ' || bytes_[at_] == '\n' ||
                                      bytes_[at_] == '\r' || bytes_[at_] == '\t'))
            ++at_;
    }

    // A scalar, an empty container, or the opening of one that has a value next.
    bool value(bool& is_value_next) {
        is_value_next = false;
        switch (peek()) {
        case '{':
        case '[':
            return open(is_value_next);
        case '"':
            ++at_;
            return string();
        case 't':
            return word("true");
        case 'f':
            return word("false");
        case 'n':
            return word("null");
        default:
            return number();
        }
    }

    bool open(bool& is_value_next) {
        if (levels_.size() == limits::json_depth)
            return fail("nested too deeply");
        bool const is_object = bytes_[at_++] == '{';
        levels_.push_back({is_object, keys_.size()});
        skip_space();
        if (take(is_object ? '}' : ']')) {
            levels_.pop_back();
            return true;
        }
        is_value_next = true;
        return !is_object || key();
    }

    bool after_value(bool& is_value_next) {
        skip_space();
        bool const is_object = levels_.back().is_object;
        if (take(',')) {
            is_value_next = true;
            skip_space();
            return !is_object || key();
        }
        if (!take(is_object ? '}' : ']'))
            return fail(is_object ? "neither , nor } after a member"
                                  : "neither , nor ] after a value");
        auto const first_key = levels_.back().first_key;
        levels_.pop_back();
        if (auto const key = twice(std::span(keys_).subspan(first_key))) {
            reason_ = cat("a key twice in one object: \"", printable(*key, 80), "\"");
            return false;
        }
        keys_.resize(first_key);
        return true;
    }

    bool key() {
        if (!take('"'))
            return fail("no key");
        auto const from = at_;
        if (!string())
            return false;
        keys_.push_back(text_.substr(from, at_ - 1 - from));
        skip_space();
        if (!take(':'))
            return fail("no : after a key");
        skip_space();
        return true;
    }

    // Behind the opening quote.
    bool string() {
        for (;;) {
            while (at_ < text_.size() && is_plain[static_cast<unsigned char>(bytes_[at_])])
                ++at_;
            if (at_ == text_.size())
                return fail("a string without end");
            if (take('"'))
                return true;
            if (static_cast<unsigned char>(bytes_[at_]) < 0x20)
                return fail("a control character in a string");
            if (!(bytes_[at_] == '\\' ? escape() : characters()))
                return false;
        }
    }

    // A run of bytes beyond ASCII.
    bool characters() {
        auto const from = at_;
        while (at_ < text_.size() && static_cast<unsigned char>(bytes_[at_]) >= 0x80)
            ++at_;
        return is_utf8(text_.substr(from, at_ - from)) || fail("malformed UTF-8");
    }

    bool escape() {
        ++at_;
        if (take('u'))
            return unicode_escape();
        if (at_ == text_.size() || std::string_view("\"\\/bfnrt").find(peek()) == std::string::npos)
            return fail("an unknown escape in a string");
        ++at_;
        return true;
    }

    bool unicode_escape() {
        auto const unit = parse_hex(text_.substr(at_, 4));
        if (!unit)
            return fail("\\u without four hexadecimal digits");
        at_ += 4;
        if (is_low_surrogate(*unit))
            return fail("a lone surrogate");
        if (!is_high_surrogate(*unit))
            return true;
        if (text_.substr(at_, 2) != "\\u")
            return fail("a lone surrogate");
        auto const second = parse_hex(text_.substr(at_ + 2, 4));
        if (!second || !is_low_surrogate(*second))
            return fail("a lone surrogate");
        at_ += 6;
        return true;
    }

    bool word(std::string_view word) {
        if (text_.substr(at_, word.size()) != word)
            return fail("no value");
        at_ += word.size();
        return true;
    }

    bool digits() {
        auto const from = at_;
        while (at_ < text_.size() && bytes_[at_] >= '0' && bytes_[at_] <= '9')
            ++at_;
        return at_ != from;
    }

    bool number() {
        bool const is_negative = take('-');
        if (!take('0') && !digits())
            return fail(is_negative ? "a number without digits" : "no value");
        if (take('.') && !digits())
            return fail("a fraction without digits");
        if (!take('e') && !take('E'))
            return true;
        if (!take('+'))
            take('-');
        return digits() || fail("an exponent without digits");
    }

    std::string_view text_;
    char const* bytes_;
    std::size_t at_ = 0;
    std::string reason_;
    std::vector<Level> levels_;
    std::vector<std::string_view> keys_; ///< of all open objects, without quotes
};

} // namespace

Result<void> check_json(std::string_view text) {
    return Scanner(text).run();
}

std::string unescape(std::string_view content) {
    constexpr std::string_view letters = "bfnrt", controls = "\b\f\n\r\t";
    std::string out;
    out.reserve(content.size());
    for (;;) {
        auto const backslash = content.find('\\');
        out += content.substr(0, backslash);
        if (backslash == std::string_view::npos)
            return out;
        content.remove_prefix(backslash + 1);
        char const letter = content.front();
        content.remove_prefix(1);
        auto const control = letters.find(letter);
        if (letter != 'u') {
            out += control == std::string_view::npos ? letter : controls[control];
            continue;
        }
        auto code = parse_hex(content.substr(0, 4)).value_or(0);
        content.remove_prefix(4);
        if (is_high_surrogate(code)) {
            auto const low = parse_hex(content.substr(2, 4)).value_or(0);
            code = 0x10000U + ((code - 0xD800U) << 10U) + (low - 0xDC00U);
            content.remove_prefix(6);
        }
        append_utf8(out, code);
    }
}

} // namespace clairgate::attest
