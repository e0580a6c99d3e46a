#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

/// Looking at eight bytes at once (Hacker's Delight, "find first 0-byte"): most text holds nothing
/// that needs a second look.
namespace clairgate::byte_scan {

using Word = std::uint64_t;
inline constexpr std::size_t word_bytes = sizeof(Word);
inline constexpr Word ones = 0x0101010101010101U;
inline constexpr Word highs = 0x8080808080808080U;

/// The word at that place; there must be eight bytes.
inline Word load(char const* at) {
    Word word = 0;
    std::memcpy(&word, at, word_bytes);
    return word;
}

/// Each of these may say yes without reason, never no: who asks looks at the bytes then.
constexpr Word maybe_byte(Word word, unsigned char byte) {
    auto const zero_where_equal = word ^ (ones * byte);
    return (zero_where_equal - ones) & ~zero_where_equal & highs;
}
constexpr Word maybe_control(Word word) {
    return (word - ones * 0x20U) & ~word & highs;
}
/// Anything but printable ASCII.
constexpr bool may_be_unseen(Word word) {
    return ((word & highs) | maybe_control(word) | maybe_byte(word, 0x7F)) != 0;
}

} // namespace clairgate::byte_scan
