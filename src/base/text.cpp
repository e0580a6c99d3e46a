#include <clairgate/base/text.hpp>

#include <algorithm>
#include <numeric>

namespace clairgate {

namespace {

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// One decoded character: its code point and length in bytes, or length 0 for a malformed byte.
struct Character {
    char32_t code = 0;
    std::size_t bytes = 0;
};

Character decode(std::string_view text) {
    auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    auto const first = byte(0);
    if (first < 0x80)
        return {first, 1};
    std::size_t const bytes = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < bytes)
        return {};
    char32_t code = first & (0x7FU >> bytes);
    for (std::size_t i = 1; i < bytes; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U)
            return {};
        code = (code << 6U) | (byte(i) & 0x3FU);
    }
    bool const overlong = (bytes == 3 && code < 0x800) || (bytes == 4 && code < 0x10000);
    bool const surrogate = code >= 0xD800 && code <= 0xDFFF;
    if (overlong || surrogate || code > 0x10FFFF)
        return {};
    return {code, bytes};
}

// Characters that move the cursor, reorder or hide text: C0, C1, bidirectional controls, zero-width
// and line separators, tags, private use and non-characters.
bool is_active(char32_t c) {
    struct Range {
        char32_t first, last;
    };
    static constexpr Range ranges[] = {{0x00, 0x1F},
                                       {0x7F, 0x9F},
                                       {0xAD, 0xAD},
                                       {0x61C, 0x61C},
                                       {0x180E, 0x180E},
                                       {0x200B, 0x200F},
                                       {0x2028, 0x202E},
                                       {0x2060, 0x206F},
                                       {0xFE00, 0xFE0F},
                                       {0xFEFF, 0xFEFF},
                                       {0xFFF0, 0xFFFF},
                                       {0xE000, 0xF8FF},
                                       {0xE0000, 0xE0FFF},
                                       {0xF0000, 0x10FFFF}};
    return std::any_of(std::begin(ranges), std::end(ranges), [c](Range const& r) {
        return c >= r.first && c <= r.last;
    });
}

std::string hex_of(std::uint32_t value, int digits_min) {
    char digits[9];
    auto const end = std::to_chars(digits, digits + sizeof digits, value, 16).ptr;
    std::string out(digits, end);
    while (static_cast<int>(out.size()) < digits_min)
        out.insert(out.begin(), '0');
    return out;
}

std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            std::size_t const above = row[j];
            std::size_t const cost = lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1;
            row[j] = std::min({row[j - 1] + 1, above + 1, diagonal + cost});
            diagonal = above;
        }
    }
    return row[b.size()];
}

} // namespace

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_space(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_space(text.back()))
        text.remove_suffix(1);
    return text;
}

std::string to_lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), lower);
    return out;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return lower(x) == lower(y);
    });
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> pieces;
    for (;;) {
        auto const at = text.find(separator);
        pieces.push_back(text.substr(0, at));
        if (at == std::string_view::npos)
            return pieces;
        text.remove_prefix(at + 1);
    }
}

std::string join(std::span<std::string const> pieces, std::string_view separator) {
    std::string out;
    for (auto const& piece : pieces) {
        if (&piece != pieces.data())
            out += separator;
        out += piece;
    }
    return out;
}

std::optional<std::uint64_t> parse_unsigned(std::string_view text) {
    std::uint64_t value = 0;
    auto const end = text.data() + text.size();
    auto const parsed = std::from_chars(text.data(), end, value);
    if (text.empty() || parsed.ec != std::errc{} || parsed.ptr != end)
        return std::nullopt;
    return value;
}

std::optional<std::string> nearest(std::string_view word, std::span<std::string_view const> known) {
    constexpr std::size_t word_bytes_max = 64; // a flood of text is no misspelling
    if (word.size() > word_bytes_max)
        return std::nullopt;
    std::optional<std::string> best;
    // Two slips, or a third of a longer word; never so many that nothing of the word is left.
    auto best_distance = std::min(std::max<std::size_t>(2, word.size() / 3) + 1, word.size());
    for (auto const candidate : known) {
        auto const d = distance(word, candidate);
        if (d < best_distance) {
            best_distance = d;
            best = std::string(candidate);
        }
    }
    return best;
}

std::string did_you_mean(std::string_view word, std::span<std::string_view const> known) {
    auto const guess = nearest(word, known);
    return guess ? cat(" (did you mean ", *guess, "?)") : std::string();
}

bool is_utf8(std::string_view bytes) {
    while (!bytes.empty()) {
        auto const character = decode(bytes);
        if (character.bytes == 0)
            return false;
        bytes.remove_prefix(character.bytes);
    }
    return true;
}

std::string printable(std::string_view untrusted, std::size_t bytes_max) {
    std::string out;
    while (!untrusted.empty()) {
        if (out.size() >= bytes_max)
            return out + "…";
        auto const character = decode(untrusted);
        if (character.bytes == 0)
            out += "\\x" + hex_of(static_cast<unsigned char>(untrusted[0]), 2);
        else if (is_active(character.code))
            out += character.code < 0x100 ? "\\x" + hex_of(character.code, 2)
                                          : cat("\\u{", hex_of(character.code, 4), "}");
        else
            out += untrusted.substr(0, character.bytes);
        untrusted.remove_prefix(std::max<std::size_t>(1, character.bytes));
    }
    return out;
}

} // namespace clairgate
