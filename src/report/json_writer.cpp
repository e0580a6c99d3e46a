#include <clairgate/base/byte_scan.hpp>
#include <clairgate/base/error.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/report/json_writer.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <utility>

namespace clairgate::report {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

// What a byte may be: itself, itself unless it completes a marker of a CI system, or escaped.
enum class Class : std::uint8_t { plain, marker, escaped, multibyte };

constexpr std::array<Class, 256> classes_of_bytes() {
    std::array<Class, 256> out{};
    for (std::size_t byte = 0; byte < out.size(); ++byte)
        out[byte] = byte >= 0x80                  ? Class::multibyte
                    : byte < 0x20 || byte == 0x7F ? Class::escaped
                    : byte == '"' || byte == '\\' ? Class::escaped
                    : byte == ':' || byte == '#'  ? Class::marker
                                                  : Class::plain;
    return out;
}
constexpr auto classes = classes_of_bytes();

Class class_of(char c) {
    return classes[static_cast<unsigned char>(c)];
}

void append_unit(std::string& out, std::uint32_t unit) {
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4)
        out += hex_digits[(unit >> static_cast<unsigned>(shift)) & 0xFU];
}

void append_code(std::string& out, char32_t code) {
    if (code < 0x10000)
        return append_unit(out, code);
    append_unit(out, 0xD800U + ((code - 0x10000U) >> 10U));
    append_unit(out, 0xDC00U + ((code - 0x10000U) & 0x3FFU));
}

bool may_need_escape(byte_scan::Word word) {
    using byte_scan::maybe_byte;
    return byte_scan::may_be_unseen(word) || (maybe_byte(word, '"') | maybe_byte(word, '\\') |
                                              maybe_byte(word, ':') | maybe_byte(word, '#')) != 0;
}

// The next byte that does not stand for itself; the size where there is none.
std::size_t next_escape(std::string_view text, std::size_t i) {
    while (i < text.size()) {
        if (i + byte_scan::word_bytes <= text.size() &&
            !may_need_escape(byte_scan::load(text.data() + i))) {
            i += byte_scan::word_bytes;
            continue;
        }
        for (auto const end = std::min(i + byte_scan::word_bytes, text.size()); i < end; ++i) {
            auto const what = class_of(text[i]);
            if (what != Class::plain && (what != Class::marker || completes_marker(text, i)))
                return i;
        }
    }
    return i;
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

// What `printable` would not show as it is must not reach a terminal from here either.
std::size_t append_multibyte(std::string& out, std::string_view rest) {
    auto const character = first_character(rest);
    if (character.bytes == 0) {
        out += "\\ufffd";
        return 1;
    }
    if (is_active(character.code))
        append_code(out, character.code);
    else
        out += rest.substr(0, character.bytes);
    return character.bytes;
}

} // namespace

void JsonWriter::quoted(std::string_view text) {
    put('"');
    std::size_t from = 0;
    for (auto i = next_escape(text, 0); i < text.size(); i = next_escape(text, from)) {
        put(text.substr(from, i - from));
        escape_.clear();
        if (class_of(text[i]) == Class::multibyte)
            i += append_multibyte(escape_, text.substr(i));
        else
            append_ascii(escape_, text[i++]);
        put(escape_);
        from = i;
    }
    put(text.substr(from));
    put('"');
}

void JsonWriter::line_break() {
    static constexpr std::string_view indents =
        "\n                                                                ";
    CLAIRGATE_ASSERT(levels_.size() * 2 < indents.size());
    put(indents.substr(0, 1 + levels_.size() * 2));
}

void JsonWriter::before_value() {
    if (levels_.empty() || has_key_) {
        has_key_ = false;
        return;
    }
    auto& level = levels_.back();
    CLAIRGATE_ASSERT(level.is_array);
    if (!level.is_empty)
        put(',');
    level.is_empty = false;
    line_break();
}

void JsonWriter::open(char bracket) {
    before_value();
    put(bracket);
    levels_.push_back({bracket == '[', true, {}});
}

void JsonWriter::close(char bracket) {
    CLAIRGATE_ASSERT(!levels_.empty() && !has_key_);
    bool const is_empty = levels_.back().is_empty;
    levels_.pop_back();
    if (!is_empty)
        line_break();
    put(bracket);
}

void JsonWriter::key(std::string_view name) {
    CLAIRGATE_ASSERT(!levels_.empty() && !has_key_);
    auto& level = levels_.back();
    CLAIRGATE_ASSERT(!level.is_array);
    CLAIRGATE_ASSERT(level.is_empty || level.last_key < name);
    if (!level.is_empty)
        put(',');
    level.is_empty = false;
    level.last_key = name;
    line_break();
    quoted(name);
    put(": ");
    has_key_ = true;
}

void JsonWriter::value(std::string_view text) {
    before_value();
    quoted(text);
}

void JsonWriter::value(bool is_true) {
    before_value();
    put(is_true ? "true" : "false");
}

void JsonWriter::value(std::uint64_t number) {
    before_value();
    char digits[24];
    auto const end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    put({digits, static_cast<std::size_t>(end - digits)});
}

void JsonWriter::value(std::int64_t number) {
    before_value();
    char digits[24];
    auto const end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    put({digits, static_cast<std::size_t>(end - digits)});
}

void JsonWriter::value(double number) {
    if (!std::isfinite(number))
        return null();
    before_value();
    char digits[64];
    auto const end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    std::string_view const shortest(digits, static_cast<std::size_t>(end - digits));
    put(shortest);
    if (shortest.find_first_of(".e") == std::string_view::npos)
        put(".0"); // stays a number with a fraction for readers that tell the two apart
}

void JsonWriter::value(std::vector<std::string> const& texts) {
    begin_array();
    for (auto const& text : texts)
        value(text);
    end_array();
}

void JsonWriter::null() {
    before_value();
    put("null");
}

void JsonWriter::finish() && {
    CLAIRGATE_ASSERT(levels_.empty() && !has_key_);
    put('\n');
}

} // namespace clairgate::report
