#include <clairgate/attest/json_text.hpp>
#include <clairgate/base/text.hpp>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace clairgate::attest {

namespace {

void append_unit(std::string& out, std::uint32_t unit) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += "\\u";
    for (unsigned const shift : {12U, 8U, 4U, 0U})
        out += digits[(unit >> shift) & 0xFU];
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

// Bytes of the well-formed character at the front, which is not ASCII; 0 when it is malformed.
std::size_t character_bytes(std::string_view text) {
    for (std::size_t bytes = 2; bytes <= std::min<std::size_t>(4, text.size()); ++bytes)
        if (is_utf8(text.substr(0, bytes)))
            return bytes;
    return 0;
}

void append_character(std::string& out, std::string_view character) {
    if (printable(character) == character) {
        out += character;
        return;
    }
    std::uint32_t code = static_cast<unsigned char>(character[0]) & (0x7FU >> character.size());
    for (std::size_t i = 1; i < character.size(); ++i)
        code = (code << 6U) | (static_cast<unsigned char>(character[i]) & 0x3FU);
    if (code < 0x10000)
        return append_unit(out, code);
    append_unit(out, 0xD800U + ((code - 0x10000U) >> 10U));
    append_unit(out, 0xDC00U + ((code - 0x10000U) & 0x3FFU));
}

bool is_plain(char c) {
    return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

} // namespace

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    while (!text.empty()) {
        auto const plain = std::find_if_not(text.begin(), text.end(), is_plain) - text.begin();
        out += text.substr(0, static_cast<std::size_t>(plain));
        text.remove_prefix(static_cast<std::size_t>(plain));
        if (text.empty())
            break;
        std::size_t taken = 1;
        if (static_cast<unsigned char>(text.front()) < 0x80) {
            append_ascii(out, text.front());
        } else if (auto const bytes = character_bytes(text); bytes != 0) {
            append_character(out, text.substr(0, bytes));
            taken = bytes;
        } else {
            out += "\\ufffd";
        }
        text.remove_prefix(taken);
    }
    out += '"';
}

void append_json_member(std::string& out, std::string_view key, std::string_view text) {
    out += '"';
    out += key;
    out += "\":";
    append_json_string(out, text);
}

} // namespace clairgate::attest
