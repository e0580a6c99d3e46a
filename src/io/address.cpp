#include <clairgate/io/address.hpp>

#include <array>
#include <cstdint>

#include <arpa/inet.h>

namespace clairgate::io {

namespace {

struct Block4 {
    std::uint32_t prefix;
    unsigned bits;
};

constexpr Block4 special4[] = {
    {0x00000000, 8},  // this network
    {0x0A000000, 8},  // private
    {0x64400000, 10}, // shared (carrier-grade NAT)
    {0x7F000000, 8},  // loopback
    {0xA9FE0000, 16}, // link-local, cloud metadata services
    {0xAC100000, 12}, // private
    {0xC0000000, 24}, // IETF protocol assignments
    {0xC0000200, 24}, // documentation
    {0xC0586300, 24}, // 6to4 relays
    {0xC0A80000, 16}, // private
    {0xC6120000, 15}, // benchmarking
    {0xC6336400, 24}, // documentation
    {0xCB007100, 24}, // documentation
    {0xE0000000, 4},  // multicast
    {0xF0000000, 4},  // reserved, broadcast
};

std::uint8_t byte_at(std::string_view bytes, std::size_t i) {
    return static_cast<std::uint8_t>(bytes[i]);
}

bool is_public4(std::string_view bytes) {
    std::uint32_t address = 0;
    for (std::size_t i = 0; i < 4; ++i)
        address = (address << 8) | byte_at(bytes, i);
    for (auto const& block : special4) {
        if ((address ^ block.prefix) >> (32 - block.bits) == 0)
            return false;
    }
    return true;
}

bool starts_with(std::string_view bytes, std::initializer_list<int> prefix) {
    std::size_t i = 0;
    for (int const byte : prefix) {
        if (byte_at(bytes, i++) != byte)
            return false;
    }
    return true;
}

constexpr std::initializer_list<int> mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

bool is_public6(std::string_view bytes) {
    if (starts_with(bytes, mapped) ||
        starts_with(bytes, {0x00, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0})) // NAT64, RFC 6052
        return is_public4(bytes.substr(12));
    if (starts_with(bytes, {0x20, 0x02})) // 6to4
        return is_public4(bytes.substr(2));
    if ((byte_at(bytes, 0) & 0xE0) != 0x20) // only 2000::/3 is global unicast
        return false;
    bool const is_documentation = starts_with(bytes, {0x20, 0x01, 0x0D, 0xB8}) ||
                                  starts_with(bytes, {0x3F, 0xFF}); // RFC 9637
    bool const is_protocol_block =
        starts_with(bytes, {0x20, 0x01}) && (byte_at(bytes, 2) & 0xFE) == 0; // Teredo, ORCHID…
    return !is_documentation && !is_protocol_block;
}

} // namespace

std::optional<std::string> address_bytes(std::string_view literal) {
    if (literal.size() >= 2 && literal.front() == '[' && literal.back() == ']')
        literal = literal.substr(1, literal.size() - 2);
    std::string const text(literal);
    std::array<char, 16> bytes{};
    if (text.find('\0') != std::string::npos)
        return std::nullopt;
    if (::inet_pton(AF_INET, text.c_str(), bytes.data()) == 1)
        return std::string(bytes.data(), 4);
    if (::inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1)
        return std::string(bytes.data(), 16);
    return std::nullopt;
}

bool is_public_address(std::string_view bytes) {
    if (bytes.size() == 4)
        return is_public4(bytes);
    return bytes.size() == 16 && is_public6(bytes);
}

bool is_loopback_address(std::string_view bytes) {
    if (bytes.size() == 4)
        return byte_at(bytes, 0) == 127;
    if (bytes.size() != 16)
        return false;
    if (starts_with(bytes, mapped))
        return byte_at(bytes, 12) == 127;
    return bytes == std::string_view("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16);
}

} // namespace clairgate::io
