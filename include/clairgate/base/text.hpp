#pragma once

#include <clairgate/base/result.hpp>

#include <charconv>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate {

namespace text {

inline void append(std::string& out, std::string_view piece) {
    out += piece;
}
inline void append(std::string& out, char piece) {
    out += piece;
}
template <std::integral Number>
    requires(!std::same_as<Number, char> && !std::same_as<Number, bool>)
void append(std::string& out, Number number) {
    char digits[24];
    auto const end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    out.append(digits, end);
}

} // namespace text

/// Concatenates strings, characters and integers (g++ 12 has no std::format).
template <class... Pieces>
std::string cat(Pieces const&... pieces) {
    std::string out;
    (text::append(out, pieces), ...);
    return out;
}

/// Without leading and trailing ASCII white space.
std::string_view trim(std::string_view text);

/// ASCII lower case; other bytes unchanged, so that no locale changes a verdict.
std::string to_lower(std::string_view text);

/// Case-insensitive (ASCII) equality, as header names and host names compare.
bool equals_ignoring_case(std::string_view a, std::string_view b);

/// The pieces between separators, empty ones included; "" gives one empty piece.
std::vector<std::string_view> split(std::string_view text, char separator);

/// `pieces` with `separator` between them.
std::string join(std::span<std::string const> pieces, std::string_view separator);

/// The whole text as a decimal number, or nothing (no sign, no white space, no overflow).
std::optional<std::uint64_t> parse_unsigned(std::string_view text);

/// What is said when `word` is not one of `known`: the nearest known word (edit distance at most
/// two, or a third of its length), or nothing.
std::optional<std::string> nearest(std::string_view word, std::span<std::string_view const> known);

/// " (did you mean X?)" or "".
std::string did_you_mean(std::string_view word, std::span<std::string_view const> known);

/// Whether the bytes are well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates).
bool is_utf8(std::string_view bytes);

/// One character of UTF-8 text; `bytes` is 0 for a malformed byte.
struct Character {
    char32_t code = 0;
    std::size_t bytes = 0;
};
/// The character at the front of a text that is not empty.
Character first_character(std::string_view text);

/// Whether a character moves the cursor, reorders or hides text: C0, C1, bidirectional controls,
/// line separators, everything that Unicode lets a display ignore (zero-width characters, fillers,
/// variation selectors, tags), private use, non-characters.
bool is_active(char32_t code);

/// Whether the character at `i`, a ":" or "#", completes what CI systems act on in a log: "::" and
/// "##" (GitHub, Azure, TeamCity), the fold markers of GitLab and Travis.
bool completes_marker(std::string_view text, std::size_t i);

/// Text from outside with every character to be seen, as `printable` shows it but never cut: the
/// text itself where nothing in it is active, else what was put into `scratch`.
std::string_view visible(std::string_view untrusted, std::string& scratch);

/// The longest front of the text that has at most `bytes_max` bytes and ends with a whole
/// character.
std::string_view front(std::string_view text, std::size_t bytes_max);

/// Text from outside made safe for a terminal or a CI log, on one line: control characters, ANSI
/// introducers, line separators, bidirectional overrides and zero-width characters become
/// `\xNN` or `\u{NNNN}`, malformed UTF-8 becomes `\xNN`; markers that CI systems look for anywhere
/// in a line ("##", "section_start:") are broken with a backslash; "::" is one only where a line
/// starts, which callers never let it do. Longer than `bytes_max`: cut at a character and
/// marked with "…".
std::string printable(std::string_view untrusted, std::size_t bytes_max = 400);

} // namespace clairgate
