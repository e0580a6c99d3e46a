#pragma once

#include <clairgate/report/out.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::report {

/// Writes one JSON document (RFC 8259) with deterministic bytes: keys in ascending order (asserted:
/// who writes them sorts them), an indent of two. Strings come back from any parser as they went
/// in, but for malformed UTF-8, which becomes U+FFFD; characters that a terminal or a CI log would
/// act on ("::", "##", C1, bidirectional controls…) are written as \uXXXX, so that the document is
/// inert wherever it is printed.
class JsonWriter : private Sink {
  public:
    explicit JsonWriter(Out& out) : Sink(out) {}

    void begin_object() { open('{'); }
    void end_object() { close('}'); }
    void begin_array() { open('['); }
    void end_array() { close(']'); }

    /// The name of the next value of the innermost object; it must live until that is closed.
    void key(std::string_view name);

    void value(std::string_view text);
    void value(char const* text) { value(std::string_view(text)); }
    void value(std::string const& text) { value(std::string_view(text)); }
    void value(bool is_true);
    void value(std::uint64_t number);
    void value(std::int64_t number);
    void value(std::uint32_t number) { value(std::uint64_t{number}); }
    /// The shortest digits that read back the same; what is not finite is null.
    void value(double number);
    void value(std::vector<std::string> const& texts);
    void null();

    template <class T>
    void member(std::string_view name, T const& content) {
        key(name);
        value(content);
    }
    /// The member, null when there is none.
    template <class T>
    void member(std::string_view name, std::optional<T> const& content) {
        key(name);
        if (content)
            value(*content);
        else
            null();
    }

    /// Writes the last line break; the writer is done.
    void finish() &&;

  private:
    struct Level {
        bool is_array = false;
        bool is_empty = true;
        std::string_view last_key;
    };
    void open(char bracket);
    void close(char bracket);
    void before_value();
    void line_break();
    void quoted(std::string_view text);

    std::string escape_; // scratch of `quoted`
    std::vector<Level> levels_;
    bool has_key_ = false;
};

} // namespace clairgate::report
