#include <clairgate/base/bytes.hpp>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>

namespace clairgate {

namespace {

constexpr std::string_view standard =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_safe =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::uint8_t no_digit = 0x80;
using Digits = std::array<std::uint8_t, 256>;

constexpr Digits digits_of(std::string_view alphabet) {
    Digits digits{};
    digits.fill(no_digit);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        digits[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    return digits;
}
constexpr Digits standard_digits = digits_of(standard);
constexpr Digits url_safe_digits = digits_of(url_safe);

unsigned char const* unsigned_bytes(std::string_view bytes) {
    return reinterpret_cast<unsigned char const*>(bytes.data());
}

// Without padding. Megabytes of evidence pass through here, hence pointers and tables.
void append_encoded(std::string& out, std::string_view bytes, std::string_view alphabet) {
    auto const before = out.size();
    out.resize(before + (bytes.size() * 4 + 2) / 3);
    auto const* from = unsigned_bytes(bytes);
    auto const* const end = from + bytes.size() / 3 * 3;
    char const* const letters = alphabet.data();
    char* to = out.data() + before;
    for (; from != end; from += 3, to += 4) {
        std::uint32_t const group =
            std::uint32_t{from[0]} << 16U | std::uint32_t{from[1]} << 8U | std::uint32_t{from[2]};
        to[0] = letters[group >> 18U];
        to[1] = letters[(group >> 12U) & 0x3FU];
        to[2] = letters[(group >> 6U) & 0x3FU];
        to[3] = letters[group & 0x3FU];
    }
    auto const rest = bytes.size() % 3;
    if (rest == 0)
        return;
    unsigned const second = rest == 2 ? from[1] : 0U;
    to[0] = letters[from[0] >> 2U];
    to[1] = letters[(from[0] & 0x3U) << 4U | second >> 4U];
    if (rest == 2)
        to[2] = letters[(second & 0xFU) << 2U];
}

Result<std::string> decode(std::string_view text, Digits const& digits) {
    auto const refuse = [] { return Error(ErrorKind::protocol, "not valid base64"); };
    if (text.size() % 4 != 0)
        return refuse();
    std::size_t const padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    auto const size = text.size() - padding;
    std::string out(size * 3 / 4, '\0');
    auto const* from = unsigned_bytes(text);
    auto const* const end = from + size / 4 * 4;
    char* to = out.data();
    unsigned seen = 0; // all digits, or-ed: shows whether one was none
    for (; from != end; from += 4, to += 3) {
        unsigned const a = digits[from[0]], b = digits[from[1]], c = digits[from[2]],
                       d = digits[from[3]];
        seen |= a | b | c | d;
        to[0] = static_cast<char>(a << 2U | b >> 4U);
        to[1] = static_cast<char>(b << 4U | c >> 2U);
        to[2] = static_cast<char>(c << 6U | d);
    }
    if (padding != 0) {
        unsigned const a = digits[from[0]], b = digits[from[1]];
        unsigned const c = padding == 1 ? digits[from[2]] : 0U;
        seen |= a | b | c;
        to[0] = static_cast<char>(a << 2U | b >> 4U);
        if (padding == 1)
            to[1] = static_cast<char>(b << 4U | c >> 2U);
    }
    if ((seen & no_digit) != 0)
        return refuse();
    return out;
}

std::string digest(EVP_MD const* algorithm, std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned size = 0;
    int const done = EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, algorithm, nullptr);
    CLAIRGATE_ASSERT(done == 1); // only fails when libcrypto itself is broken
    return {reinterpret_cast<char const*>(out.data()), size};
}

} // namespace

std::string to_hex(std::string_view bytes) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(bytes.size() * 2);
    for (char const c : bytes) {
        auto const byte = static_cast<unsigned char>(c);
        out += digits[byte >> 4U];
        out += digits[byte & 0xFU];
    }
    return out;
}

void append_base64(std::string& out, std::string_view bytes) {
    append_encoded(out, bytes, standard);
    out.append((3 - bytes.size() % 3) % 3, '=');
}

std::string to_base64(std::string_view bytes) {
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    append_base64(out, bytes);
    return out;
}

std::string to_base64url(std::string_view bytes) {
    std::string out;
    append_encoded(out, bytes, url_safe);
    return out;
}

Result<std::string> from_base64(std::string_view text) {
    return decode(text, standard_digits);
}

Result<std::string> from_base64_any(std::string_view text) {
    bool const is_url_safe =
        text.find('-') != std::string_view::npos || text.find('_') != std::string_view::npos;
    return decode(text, is_url_safe ? url_safe_digits : standard_digits);
}

// Fetched once and kept for good: libcrypto looks an implicit one up at every call, which takes
// longer than the digest of a short text.
std::string sha256(std::string_view bytes) {
    static EVP_MD const* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    CLAIRGATE_ASSERT(algorithm != nullptr);
    return digest(algorithm, bytes);
}

std::string sha512(std::string_view bytes) {
    static EVP_MD const* const algorithm = EVP_MD_fetch(nullptr, "SHA512", nullptr);
    CLAIRGATE_ASSERT(algorithm != nullptr);
    return digest(algorithm, bytes);
}

std::string hmac_sha256(std::string_view key, std::string_view message) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned size = 0;
    auto const* done = HMAC(EVP_sha256(),
                            key.data(),
                            static_cast<int>(key.size()),
                            reinterpret_cast<unsigned char const*>(message.data()),
                            message.size(),
                            out.data(),
                            &size);
    CLAIRGATE_ASSERT(done != nullptr);
    return {reinterpret_cast<char const*>(out.data()), size};
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace clairgate
