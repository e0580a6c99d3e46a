#pragma once

#include <clairgate/base/result.hpp>

#include <cstddef>
#include <string_view>

namespace clairgate::clair {

/// A place in JSON text (RFC 8259) that steps over strings and values without looking into them.
/// Strict about brackets and strings balancing; what a value says is simdjson's to check. Linear,
/// without recursion. Kinds protocol, limit (depth).
class JsonCursor {
  public:
    explicit JsonCursor(std::string_view text) : text_(text) {}

    void skip_space();
    bool is_at(char c) const { return at_ < text_.size() && text_[at_] == c; }
    /// Steps over `c`, which must be there, and white space.
    Result<void> take(char c, std::string_view what);
    /// Only white space may be left.
    Result<void> end();
    /// Steps to the next element of an array or object, opening it first (`is_open` is false for a
    /// new one): false when `close` ended it.
    Result<bool> step(bool& is_open, char open, char close);
    /// A member's key between its quotes, and over the colon; keys with escapes are refused.
    Result<std::string_view> key();
    /// A string without its quotes, as it stands.
    Result<std::string_view> string();
    /// The text of a value; nested ones are only balanced. Steps over white space behind it.
    Result<std::string_view> value();
    Error broken(std::string_view what) const;

  private:
    Result<void> skip_nested();
    std::string_view text_;
    std::size_t at_ = 0;
};

/// Walks the members of one JSON object, so that a report of many megabytes is decoded entry by
/// entry with the memory of one entry.
class JsonObject {
  public:
    /// `text` is one object, white space around it allowed.
    explicit JsonObject(std::string_view text) : cursor_(text) {}

    /// Steps to the next member; false at the closing brace, after which only white space may
    /// follow.
    Result<bool> next();
    /// The key between its quotes, as it stands; keys with escapes are refused by `next`.
    std::string_view key() const { return key_; }
    /// The value's text; within the object's own buffer.
    std::string_view value() const { return value_; }

  private:
    JsonCursor cursor_;
    bool is_open_ = false;
    std::string_view key_;
    std::string_view value_;
};

/// The same for the elements of one JSON array.
class JsonArray {
  public:
    explicit JsonArray(std::string_view text) : cursor_(text) {}
    Result<bool> next();
    std::string_view value() const { return value_; }

  private:
    JsonCursor cursor_;
    bool is_open_ = false;
    std::string_view value_;
};

} // namespace clairgate::clair
