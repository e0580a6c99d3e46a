#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/clair/json_object.hpp>

namespace clairgate::clair {

namespace {

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

} // namespace

Error JsonObject::broken(std::string_view what) const {
    return {ErrorKind::protocol, cat("broken JSON at byte ", at_, ": ", what)};
}

void JsonObject::skip_space() {
    while (at_ < text_.size() && is_space(text_[at_]))
        ++at_;
}

Result<std::string_view> JsonObject::string() {
    if (at_ >= text_.size() || text_[at_] != '"')
        return broken("a string was expected");
    auto const start = ++at_;
    while (at_ < text_.size() && text_[at_] != '"')
        at_ += text_[at_] == '\\' ? std::size_t{2} : std::size_t{1};
    if (at_ >= text_.size())
        return broken("a string does not end");
    return text_.substr(start, at_++ - start);
}

// Up to the comma or brace that ends the member; nested values are only balanced.
Result<std::string_view> JsonObject::any_value() {
    auto const start = at_;
    std::size_t depth = 0;
    while (at_ < text_.size()) {
        char const c = text_[at_];
        if (c == '"') {
            auto const skipped = string();
            if (!skipped.has_value())
                return skipped.error();
            continue;
        }
        if (depth == 0 && (c == ',' || c == '}'))
            break;
        if (c == '{' || c == '[') {
            if (++depth > limits::json_depth)
                return Error(ErrorKind::limit, "JSON is nested too deeply");
        } else if (c == '}' || c == ']') {
            if (depth == 0)
                return broken("a bracket closes nothing");
            --depth;
        }
        ++at_;
    }
    auto end = at_;
    while (end > start && is_space(text_[end - 1]))
        --end;
    if (depth != 0 || end == start)
        return broken("a value does not end");
    return text_.substr(start, end - start);
}

Result<bool> JsonObject::next() {
    skip_space();
    if (!is_open_) {
        if (at_ >= text_.size() || text_[at_] != '{')
            return broken("an object was expected");
        is_open_ = true;
        ++at_;
        skip_space();
        if (at_ < text_.size() && text_[at_] != '}') {
            // The first member has no comma before it.
        } else if (at_ < text_.size()) {
            ++at_;
            skip_space();
            return at_ == text_.size() ? Result<bool>(false)
                                       : broken("something follows the object");
        }
    } else if (at_ < text_.size() && text_[at_] == '}') {
        ++at_;
        skip_space();
        return at_ == text_.size() ? Result<bool>(false) : broken("something follows the object");
    } else if (at_ < text_.size() && text_[at_] == ',') {
        ++at_;
        skip_space();
    } else {
        return broken("a comma or brace was expected");
    }
    key_ = TRY(string());
    if (key_.find('\\') != std::string_view::npos)
        return broken("a key with escapes");
    skip_space();
    if (at_ >= text_.size() || text_[at_] != ':')
        return broken("a colon was expected");
    ++at_;
    skip_space();
    value_ = TRY(any_value());
    return true;
}

} // namespace clairgate::clair
