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

std::uint32_t byte_at(std::string_view bytes, std::size_t i) {
    return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U;
}

std::string encode(std::string_view bytes, std::string_view alphabet) {
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        auto const group =
            (byte_at(bytes, i) << 16U) | (byte_at(bytes, i + 1) << 8U) | byte_at(bytes, i + 2);
        std::size_t const characters = std::min<std::size_t>(bytes.size() - i, 3) + 1;
        for (std::size_t k = 0; k < characters; ++k)
            out += alphabet[(group >> (18U - 6U * k)) & 0x3FU];
    }
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
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        out += digits[byte_at(bytes, i) >> 4U];
        out += digits[byte_at(bytes, i) & 0xFU];
    }
    return out;
}

std::string to_base64(std::string_view bytes) {
    auto out = encode(bytes, standard);
    out.append((4 - out.size() % 4) % 4, '=');
    return out;
}

std::string to_base64url(std::string_view bytes) {
    return encode(bytes, url_safe);
}

Result<std::string> from_base64(std::string_view text) {
    auto const refuse = [] { return Error(ErrorKind::protocol, "not valid base64"); };
    if (text.size() % 4 != 0)
        return refuse();
    std::string out;
    out.reserve(text.size() / 4 * 3);
    for (std::size_t i = 0; i < text.size(); i += 4) {
        bool const last = i + 4 == text.size();
        std::size_t const padding = !last ? 0 : text[i + 3] != '=' ? 0 : text[i + 2] != '=' ? 1 : 2;
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 4 - padding; ++k) {
            auto const value = standard.find(text[i + k]);
            if (value == std::string_view::npos)
                return refuse();
            group |= static_cast<std::uint32_t>(value) << (18U - 6U * k);
        }
        for (std::size_t k = 0; k < 3 - padding; ++k)
            out += static_cast<char>((group >> (16U - 8U * k)) & 0xFFU);
    }
    return out;
}

std::string sha256(std::string_view bytes) {
    return digest(EVP_sha256(), bytes);
}

std::string sha512(std::string_view bytes) {
    return digest(EVP_sha512(), bytes);
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
