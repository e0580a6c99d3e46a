#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/clair/json_object.hpp>

#include <algorithm>
#include <array>

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
    auto const start = ++at_;
    for (;;) {
        while (at_ < text_.size() && !string_stops[static_cast<unsigned char>(text_[at_])])
            ++at_;
        if (at_ + 1 < text_.size() && text_[at_] == '\\')
            at_ += 2;
        else
            break;
    }
    if (!is_at('"'))
        return broken("a string does not end");
    return text_.substr(start, at_++ - start);
}

Result<void> JsonCursor::skip_nested() {
    std::size_t depth = 0;
    while (at_ < text_.size()) {
        char const c = text_[at_];
        if (c == '"') {
            auto const skipped = string();
            if (!skipped.has_value())
                return skipped.error();
            continue;
        }
        ++at_;
        if ((c == '{' || c == '[') && ++depth > limits::json_depth)
            return Error(ErrorKind::limit, "JSON is nested too deeply");
        if ((c == '}' || c == ']') && --depth == 0)
            return ok();
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
