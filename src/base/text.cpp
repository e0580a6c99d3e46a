#include <clairgate/base/byte_scan.hpp>
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

std::string hex_of(std::uint32_t value, int digits_min) {
    char digits[9];
    auto const end = std::to_chars(digits, digits + sizeof digits, value, 16).ptr;
    std::string out(digits, end);
    while (static_cast<int>(out.size()) < digits_min)
        out.insert(out.begin(), '0');
    return out;
}

// How a character that is active, or a malformed byte, is shown.
void append_shown(std::string& out, Character const& character, char byte) {
    if (character.bytes == 0)
        out += "\\x" + hex_of(static_cast<unsigned char>(byte), 2);
    else if (character.code < 0x100)
        out += "\\x" + hex_of(character.code, 2);
    else
        out += cat("\\u{", hex_of(character.code, 4), "}");
}

// How many bytes at the front are printable ASCII.
std::size_t bytes_seen(std::string_view text) {
    std::size_t i = 0;
    while (i + byte_scan::word_bytes <= text.size() &&
           !byte_scan::may_be_unseen(byte_scan::load(text.data() + i)))
        i += byte_scan::word_bytes;
    while (i < text.size() && text[i] >= 0x20 && text[i] < 0x7F)
        ++i;
    return i;
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

Character first_character(std::string_view text) {
    return decode(text);
}

bool is_active(char32_t code) {
    if (code < 0x80)
        return code < 0x20 || code == 0x7F;
    struct Range {
        char32_t first, last;
    };
    static constexpr Range ranges[] = {{0x80, 0x9F},       {0xAD, 0xAD},       {0x34F, 0x34F},
                                       {0x61C, 0x61C},     {0x115F, 0x1160},   {0x17B4, 0x17B5},
                                       {0x180B, 0x180F},   {0x200B, 0x200F},   {0x2028, 0x202E},
                                       {0x2060, 0x206F},   {0x3164, 0x3164},   {0xE000, 0xF8FF},
                                       {0xFDD0, 0xFDEF},   {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},
                                       {0xFFA0, 0xFFA0},   {0xFFF0, 0xFFFF},   {0x1BCA0, 0x1BCA3},
                                       {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}, {0xF0000, 0x10FFFF}};
    if ((code & 0xFFFEU) == 0xFFFEU)
        return true; // the two non-characters at the end of each plane
    return std::any_of(std::begin(ranges), std::end(ranges), [code](Range const& r) {
        return code >= r.first && code <= r.last;
    });
}

std::string_view visible(std::string_view untrusted, std::string& scratch) {
    auto const seen = bytes_seen(untrusted);
    if (seen == untrusted.size())
        return untrusted;
    auto rest = untrusted.substr(seen);
    scratch.assign(untrusted.substr(0, seen));
    while (!rest.empty()) {
        auto const character = decode(rest);
        if (character.bytes == 0 || is_active(character.code))
            append_shown(scratch, character, rest.front());
        else
            scratch += rest.substr(0, character.bytes);
        rest.remove_prefix(std::max<std::size_t>(1, character.bytes));
    }
    return scratch;
}

std::string_view front(std::string_view text, std::size_t bytes_max) {
    if (text.size() <= bytes_max)
        return text;
    auto const is_continued = [&](std::size_t i) {
        return (static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U;
    };
    auto end = bytes_max;
    while (end > 0 && is_continued(end))
        --end;
    return text.substr(0, end);
}

bool completes_marker(std::string_view text, std::size_t i) {
    if (i == 0 || (text[i] != ':' && text[i] != '#'))
        return false;
    auto const before = text.substr(0, i);
    if (before.back() == text[i] || text[i] == '#')
        return before.back() == text[i];
    static constexpr std::string_view heads[] = {
        "section_start", "section_end", "travis_fold", "travis_time"};
    return std::any_of(
        std::begin(heads), std::end(heads), [&](auto head) { return before.ends_with(head); });
}

std::string printable(std::string_view untrusted, std::size_t bytes_max) {
    std::string out;
    while (!untrusted.empty()) {
        if (out.size() >= bytes_max)
            return out + "…";
        auto const character = decode(untrusted);
        if (character.bytes == 0 || is_active(character.code))
            append_shown(out, character, untrusted.front());
        else
            out += untrusted.substr(0, character.bytes);
        bool const is_double_colon = out.ends_with("::");
        if (character.bytes == 1 && !is_double_colon && completes_marker(out, out.size() - 1))
            out.insert(out.size() - 1, 1, '\\');
        untrusted.remove_prefix(std::max<std::size_t>(1, character.bytes));
    }
    return out;
}

} // namespace clairgate
