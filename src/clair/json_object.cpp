#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/clair/json_object.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace clairgate::clair {

namespace {

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// Bytes inside a string that are more than themselves: its end, an escape, a control character.
constexpr std::array<bool, 256> string_stops = [] {
    std::array<bool, 256> out{};
    for (std::size_t c = 0; c < 0x20; ++c)
        out.at(c) = true;
    out.at('"') = out.at('\\') = true;
    return out;
}();

// Whether one of eight bytes is a stop: a quote, a backslash or below 0x20. The usual bit trick for
// "has a byte less than n" (Bit Twiddling Hacks, S. E. Anderson); it only errs towards true.
bool has_stop(std::uint64_t eight) {
    constexpr std::uint64_t ones = 0x0101010101010101;
    constexpr std::uint64_t tops = 0x8080808080808080;
    auto const quotes = eight ^ (ones * '"');
    auto const slashes = eight ^ (ones * '\\');
    auto const controls = (eight - ones * 0x20) & ~eight;
    return ((((quotes - ones) & ~quotes) | ((slashes - ones) & ~slashes) | controls) & tops) != 0;
}

// The first stop at or behind `at`, or the end of the text: most of a report is inside strings.
std::size_t next_stop(std::string_view text, std::size_t at) {
    for (std::uint64_t eight = 0; at + sizeof eight <= text.size(); at += sizeof eight) {
        std::memcpy(&eight, text.data() + at, sizeof eight);
        if (has_stop(eight))
            break;
    }
    char const* const begin = text.data();
    while (at < text.size() && !string_stops[static_cast<unsigned char>(begin[at])])
        ++at;
    return at;
}

// The place behind the closing quote of the string that opens at `at`; 0 when it does not end.
std::size_t end_of_string(std::string_view text, std::size_t at) {
    for (++at;;) {
        at = next_stop(text, at);
        if (at + 1 < text.size() && text.data()[at] == '\\') {
            at += 2;
            continue;
        }
        return at < text.size() && text.data()[at] == '"' ? at + 1 : 0;
    }
}

// Steps to the next element of an array or object: false when `close` ended it.
Result<bool> step(JsonCursor& cursor, bool& is_open, char open, char close) {
    if (!is_open) {
        cursor.skip_space();
        TRY_VOID(cursor.take(open, "an object or array was expected"));
        is_open = true;
        if (!cursor.is_at(close))
            return true;
    } else if (!cursor.is_at(close)) {
        TRY_VOID(cursor.take(',', "a comma or bracket was expected"));
        return true;
    }
    TRY_VOID(cursor.take(close, "a bracket was expected"));
    TRY_VOID(cursor.end());
    return false;
}

} // namespace

Error JsonCursor::broken(std::string_view what) const {
    return {ErrorKind::protocol, cat("broken JSON at byte ", at_, ": ", what)};
}

void JsonCursor::skip_space() {
    while (at_ < text_.size() && is_space(text_[at_]))
        ++at_;
}

Result<void> JsonCursor::take(char c, std::string_view what) {
    if (!is_at(c))
        return broken(what);
    ++at_;
    skip_space();
    return ok();
}

Result<void> JsonCursor::end() {
    return at_ == text_.size() ? ok() : Result<void>(broken("something follows"));
}

Result<std::string_view> JsonCursor::string() {
    if (!is_at('"'))
        return broken("a string was expected");
    auto const start = at_ + 1;
    at_ = end_of_string(text_, at_);
    if (at_ == 0)
        return broken("a string does not end");
    return text_.substr(start, at_ - start - 1);
}

// The loop over nearly all bytes of a report: no Result is made for what goes right.
Result<void> JsonCursor::skip_nested() {
    std::size_t depth = 0;
    auto at = at_;
    char const* const begin = text_.data();
    while (at < text_.size()) {
        switch (begin[at]) {
        case '"':
            at = end_of_string(text_, at);
            if (at == 0)
                return broken("a string does not end");
            continue;
        case '{':
        case '[':
            if (++depth > limits::json_depth)
                return Error(ErrorKind::limit, "JSON is nested too deeply");
            break;
        case '}':
        case ']':
            if (--depth == 0) {
                at_ = at + 1;
                return ok();
            }
            break;
        default:
            break;
        }
        ++at;
    }
    return broken("a value does not end");
}

Result<std::string_view> JsonCursor::value() {
    auto const start = at_;
    if (is_at('"')) {
        auto const skipped = string();
        if (!skipped.has_value())
            return skipped.error();
    } else if (is_at('{') || is_at('[')) {
        TRY_VOID(skip_nested());
    } else {
        constexpr std::string_view not_of_a_number_or_word = " \t\n\r,:\"{}[]";
        at_ = std::min(text_.find_first_of(not_of_a_number_or_word, at_), text_.size());
    }
    if (at_ == start)
        return broken("a value was expected");
    auto const value = text_.substr(start, at_ - start);
    skip_space();
    return value;
}

Result<bool> JsonObject::next() {
    if (!TRY(step(cursor_, is_open_, '{', '}')))
        return false;
    key_ = TRY(cursor_.string());
    if (key_.find('\\') != std::string_view::npos)
        return cursor_.broken("a key with escapes");
    cursor_.skip_space();
    TRY_VOID(cursor_.take(':', "a colon was expected"));
    value_ = TRY(cursor_.value());
    return true;
}

Result<bool> JsonArray::next() {
    if (!TRY(step(cursor_, is_open_, '[', ']')))
        return false;
    value_ = TRY(cursor_.value());
    return true;
}

} // namespace clairgate::clair
