#pragma once

#include <clairgate/base/result.hpp>

#include <cstddef>
#include <string_view>

namespace clairgate::clair {

/// Walks the members of one JSON object without looking into their values, so that a report of many
/// megabytes is decoded entry by entry with the memory of one entry. Strict about the object's own
/// grammar (RFC 8259 section 4) and about brackets and strings balancing; what a value says is
/// simdjson's to check. Linear, without recursion. Kinds protocol, limit (depth).
class JsonObject {
  public:
    /// `text` is one object, white space around it allowed.
    explicit JsonObject(std::string_view text) : text_(text) {}

    /// Steps to the next member; false at the closing brace, after which only white space may
    /// follow.
    Result<bool> next();
    /// The key between its quotes, as it stands; keys with escapes are refused by `next`.
    std::string_view key() const { return key_; }
    /// The value's text; within the object's own buffer.
    std::string_view value() const { return value_; }

  private:
    void skip_space();
    Result<std::string_view> string();
    Result<std::string_view> any_value();
    Error broken(std::string_view what) const;

    std::string_view text_;
    std::size_t at_ = 0;
    bool is_open_ = false;
    std::string_view key_;
    std::string_view value_;
};

} // namespace clairgate::clair
