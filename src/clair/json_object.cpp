#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/clair/json_object.hpp>

#include <algorithm>

namespace clairgate::clair {

namespace {

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// The place behind the closing quote of the string that opens at `at`; 0 when it does not end. Most
// of a report is inside strings, which memchr crosses fastest; a quote ends the string unless an
// odd number of backslashes stands before it.
std::size_t end_of_string(std::string_view text, std::size_t at) {
    auto const begin = at + 1;
    for (auto quote = text.find('"', begin); quote != std::string_view::npos;
         quote = text.find('"', quote + 1)) {
        auto before = quote;
        while (before > begin && text[before - 1] == '\\')
            --before;
        if ((quote - before) % 2 == 0)
            return quote + 1;
    }
    return 0;
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

Result<bool> JsonCursor::step(bool& is_open, char open, char close) {
    if (!is_open) {
        skip_space();
        TRY_VOID(take(open, "an object or array was expected"));
        is_open = true;
        if (!is_at(close))
            return true;
    } else if (!is_at(close)) {
        TRY_VOID(take(',', "a comma or bracket was expected"));
        return true;
    }
    TRY_VOID(take(close, "a bracket was expected"));
    return false;
}

Result<std::string_view> JsonCursor::key() {
    auto const key = TRY(string());
    if (key.find('\\') != std::string_view::npos)
        return broken("a key with escapes");
    skip_space();
    TRY_VOID(take(':', "a colon was expected"));
    return key;
}

Result<bool> JsonObject::next() {
    if (!TRY(cursor_.step(is_open_, '{', '}'))) {
        TRY_VOID(cursor_.end());
        return false;
    }
    key_ = TRY(cursor_.key());
    value_ = TRY(cursor_.value());
    return true;
}

Result<bool> JsonArray::next() {
    if (!TRY(cursor_.step(is_open_, '[', ']'))) {
        TRY_VOID(cursor_.end());
        return false;
    }
    value_ = TRY(cursor_.value());
    return true;
}

} // namespace clairgate::clair
