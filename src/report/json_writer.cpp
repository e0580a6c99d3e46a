#include <clairgate/base/error.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/report/json_writer.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

namespace clairgate::report {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

void append_unit(std::string& out, std::uint32_t unit) {
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4)
        out += hex_digits[(unit >> static_cast<unsigned>(shift)) & 0xFU];
}

// Bytes of the well-formed character at the front, 0 when it is malformed. Never called for ASCII.
std::size_t character_bytes(std::string_view text) {
    for (std::size_t bytes = 2; bytes <= std::min<std::size_t>(4, text.size()); ++bytes)
        if (is_utf8(text.substr(0, bytes)))
            return bytes;
    return 0;
}

std::uint32_t code_of(std::string_view character) {
    auto code = static_cast<unsigned char>(character[0]) & (0x7FU >> character.size());
    for (std::size_t i = 1; i < character.size(); ++i)
        code = (code << 6U) | (static_cast<unsigned char>(character[i]) & 0x3FU);
    return code;
}

void append_character(std::string& out, std::string_view character) {
    // What `printable` would not show as it is must not reach a terminal from here either.
    if (printable(character) == character) {
        out += character;
        return;
    }
    auto const code = code_of(character);
    if (code < 0x10000)
        return append_unit(out, code);
    append_unit(out, 0xD800U + ((code - 0x10000U) >> 10U));
    append_unit(out, 0xDC00U + ((code - 0x10000U) & 0x3FFU));
}

// Whether the character at `i` completes a marker that a CI system acts on.
bool completes_marker(std::string_view text, std::size_t i) {
    auto const before = text.substr(0, i);
    if (text[i] == '#')
        return before.ends_with('#');
    return text[i] == ':' && (before.ends_with(':') || before.ends_with("section_start") ||
                              before.ends_with("section_end") || before.ends_with("travis_fold") ||
                              before.ends_with("travis_time"));
}

bool is_plain(std::string_view text, std::size_t i) {
    auto const byte = static_cast<unsigned char>(text[i]);
    return byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\' && !completes_marker(text, i);
}

void append_ascii(std::string& out, char c) {
    constexpr std::pair<char, char> short_escapes[] = {
        {'"', '"'}, {'\\', '\\'}, {'\b', 'b'}, {'\f', 'f'}, {'\n', 'n'}, {'\r', 'r'}, {'\t', 't'}};
    for (auto const& [raw, letter] : short_escapes) {
        if (raw == c) {
            out += '\\';
            out += letter;
            return;
        }
    }
    append_unit(out, static_cast<unsigned char>(c));
}

} // namespace

void JsonWriter::quoted(std::string_view text) {
    out_ += '"';
    std::size_t i = 0;
    while (i < text.size()) {
        auto const from = i;
        while (i < text.size() && is_plain(text, i))
            ++i;
        out_ += text.substr(from, i - from);
        if (i == text.size())
            break;
        if (static_cast<unsigned char>(text[i]) < 0x80) {
            append_ascii(out_, text[i++]);
            continue;
        }
        auto const bytes = character_bytes(text.substr(i));
        if (bytes == 0)
            out_ += "\\ufffd";
        else
            append_character(out_, text.substr(i, bytes));
        i += std::max<std::size_t>(1, bytes);
    }
    out_ += '"';
}

void JsonWriter::line_break() {
    out_ += '\n';
    out_.append(levels_.size() * 2, ' ');
}

void JsonWriter::before_value() {
    if (levels_.empty() || has_key_) {
        has_key_ = false;
        return;
    }
    auto& level = levels_.back();
    CLAIRGATE_ASSERT(level.is_array);
    if (!level.is_empty)
        out_ += ',';
    level.is_empty = false;
    line_break();
}

void JsonWriter::open(char bracket) {
    before_value();
    out_ += bracket;
    levels_.push_back({bracket == '[', true, {}});
}

void JsonWriter::close(char bracket) {
    CLAIRGATE_ASSERT(!levels_.empty() && !has_key_);
    bool const is_empty = levels_.back().is_empty;
    levels_.pop_back();
    if (!is_empty)
        line_break();
    out_ += bracket;
}

void JsonWriter::key(std::string_view name) {
    CLAIRGATE_ASSERT(!levels_.empty() && !has_key_);
    auto& level = levels_.back();
    CLAIRGATE_ASSERT(!level.is_array);
    CLAIRGATE_ASSERT(level.is_empty || level.last_key < name);
    if (!level.is_empty)
        out_ += ',';
    level.is_empty = false;
    level.last_key = name;
    line_break();
    quoted(name);
    out_ += ": ";
    has_key_ = true;
}

void JsonWriter::value(std::string_view text) {
    before_value();
    quoted(text);
}

void JsonWriter::value(bool is_true) {
    before_value();
    out_ += is_true ? "true" : "false";
}

void JsonWriter::value(std::uint64_t number) {
    before_value();
    text::append(out_, number);
}

void JsonWriter::value(std::int64_t number) {
    before_value();
    text::append(out_, number);
}

void JsonWriter::value(double number) {
    if (!std::isfinite(number))
        return null();
    before_value();
    char digits[64];
    auto const end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    std::string_view const shortest(digits, static_cast<std::size_t>(end - digits));
    out_ += shortest;
    if (shortest.find_first_of(".e") == std::string_view::npos)
        out_ += ".0"; // stays a number with a fraction for readers that tell the two apart
}

void JsonWriter::value(std::vector<std::string> const& texts) {
    begin_array();
    for (auto const& text : texts)
        value(text);
    end_array();
}

void JsonWriter::null() {
    before_value();
    out_ += "null";
}

std::string JsonWriter::finish() && {
    CLAIRGATE_ASSERT(levels_.empty() && !has_key_);
    out_ += '\n';
    return std::move(out_);
}

} // namespace clairgate::report
