#include <clairgate/base/text.hpp>
#include <clairgate/report/columns.hpp>

#include <algorithm>

namespace clairgate::report {

namespace {

constexpr std::size_t shown_bytes_max = 300;

// The bytes of the character at the front; `text` is well-formed UTF-8.
std::size_t character_bytes(std::string_view text) {
    auto const first = static_cast<unsigned char>(text.front());
    std::size_t const bytes = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    return std::min(bytes, text.size());
}

std::size_t character_columns(std::string_view character) {
    if (character.size() < 3)
        return 1;
    auto const at = [&](std::size_t i) { return static_cast<unsigned char>(character[i]); };
    if (character.size() == 4)
        return at(1) >= 0x9F ? 2 : 1; // emoji and the ideographic planes
    auto const code = ((at(0) & 0x0FU) << 12U) | ((at(1) & 0x3FU) << 6U) | (at(2) & 0x3FU);
    bool const is_wide = (code >= 0x1100 && code <= 0x115F) || (code >= 0x2E80 && code <= 0xA4CF) ||
                         (code >= 0xAC00 && code <= 0xD7A3) || (code >= 0xF900 && code <= 0xFAFF) ||
                         (code >= 0xFE30 && code <= 0xFE6F) || (code >= 0xFF00 && code <= 0xFF60);
    return is_wide ? 2 : 1;
}

std::string ascii_only(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        auto const bytes = character_bytes(text);
        auto const character = text.substr(0, bytes);
        out += bytes == 1 ? character : character == "…" ? "..." : "?";
        text.remove_prefix(bytes);
    }
    return out;
}

} // namespace

std::size_t width_of(std::string_view text) {
    std::size_t columns = 0;
    while (!text.empty()) {
        auto const bytes = character_bytes(text);
        columns += character_columns(text.substr(0, bytes));
        text.remove_prefix(bytes);
    }
    return columns;
}

std::string fitted(std::string_view text, std::size_t columns, bool is_utf8) {
    auto const width = width_of(text);
    if (width <= columns)
        return std::string(text) + std::string(columns - width, ' ');
    std::string_view const mark = is_utf8 ? "…" : "...";
    auto const room = columns - std::min(columns, width_of(mark));
    std::string out;
    std::size_t used = 0;
    while (!text.empty()) {
        auto const character = text.substr(0, character_bytes(text));
        if (used + character_columns(character) > room)
            break;
        used += character_columns(character);
        out += character;
        text.remove_prefix(character.size());
    }
    return out + std::string(room - used, ' ') + std::string(mark);
}

InertText inert(std::string_view untrusted, bool is_utf8) {
    auto const shown = printable(untrusted, shown_bytes_max);
    std::string out;
    for (char const c : shown) {
        if (c == ':' && out.ends_with(':')) // `printable` breaks the other markers
            out += '\\';
        out += c;
    }
    return InertText(is_utf8 ? out : ascii_only(out));
}

InertText said(std::initializer_list<InertPiece> pieces) {
    std::string out;
    for (auto const& piece : pieces) {
        auto const joint = out.size();
        out += piece.text();
        if (joint < out.size() && completes_marker(out, joint))
            out.insert(
                joint, 1, '\\'); // "1:" and ": no fix known" are inert, together they are not
    }
    return InertText(std::move(out));
}

InertText joined(std::vector<InertText> const& texts, Fixed separator) {
    InertText out;
    for (auto const& text : texts)
        out = &text == texts.data() ? text : said({out, separator, text});
    return out;
}

std::string wrapped(std::string_view head,
                    std::string_view sentence,
                    std::size_t columns,
                    std::string_view indent) {
    std::string out;
    std::string line(head);
    bool is_fresh = true; // nothing but the head or indent stands on the line
    for (auto const word : split(sentence, ' ')) {
        auto const width = width_of(line) + width_of(word) + (is_fresh ? 0 : 1);
        if (!is_fresh && width > columns) {
            out += line + "\n";
            line = indent;
            is_fresh = true;
        }
        if (!is_fresh)
            line += ' ';
        line += word;
        is_fresh = false;
    }
    return out + line + "\n";
}

} // namespace clairgate::report
