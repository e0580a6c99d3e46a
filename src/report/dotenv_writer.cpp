#include <clairgate/base/text.hpp>
#include <clairgate/report/dotenv_writer.hpp>
#include <clairgate/report/shown.hpp>

#include <charconv>

namespace clairgate::report {

namespace {

bool is_safe(char c) {
    constexpr std::string_view marks = "._/:@+-";
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           marks.find(c) != std::string_view::npos;
}

} // namespace

void DotenvWriter::begin(Fixed key) {
    put(key.text());
    put('=');
}

void DotenvWriter::encoded(std::string_view text) {
    constexpr std::string_view hex_digits = "0123456789ABCDEF";
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const byte = static_cast<unsigned char>(text[i]);
        if (is_safe(text[i]) && !(text[i] == ':' && completes_marker(text, i))) {
            put(text[i]);
            continue;
        }
        put('%');
        put(hex_digits[byte >> 4U]);
        put(hex_digits[byte & 0xFU]);
    }
}

void DotenvWriter::entry(Fixed key, Fixed value) {
    begin(key);
    encoded(value.text());
    put('\n');
}

void DotenvWriter::entry(Fixed key, std::uint64_t value) {
    begin(key);
    char digits[24];
    auto const end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    put({digits, static_cast<std::size_t>(end - digits)});
    put('\n');
}

void DotenvWriter::entry(Fixed key, std::string_view untrusted, std::size_t bytes_max) {
    begin(key);
    auto const kept = shown(untrusted, bytes_max, scratch_);
    encoded(kept.text);
    if (kept.is_cut)
        encoded("…");
    put('\n');
}

} // namespace clairgate::report
