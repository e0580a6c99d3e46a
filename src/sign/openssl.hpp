#pragma once

#include <clairgate/base/error.hpp>

#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <memory>
#include <string>
#include <string_view>

/// What the files of this room that call libcrypto share. Nobody else includes it.
namespace clairgate::sign {

template <auto function>
struct FreeWith {
    template <class Thing>
    void operator()(Thing* thing) const {
        function(thing);
    }
};
using KeyPointer = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using NumberPointer = std::unique_ptr<BIGNUM, FreeWith<BN_clear_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, FreeWith<EVP_MD_CTX_free>>;

/// Takes back what OpenSSL put on the thread's error queue meanwhile: curl and Asio read it too.
class ErrorMark {
  public:
    ErrorMark() { ERR_set_mark(); }
    ErrorMark(ErrorMark const&) = delete;
    ErrorMark& operator=(ErrorMark const&) = delete;
    ~ErrorMark() { ERR_pop_to_mark(); }
};

inline unsigned char const* bytes_of(std::string_view text) {
    return reinterpret_cast<unsigned char const*>(text.data());
}

/// What one of OpenSSL's i2d functions writes; its own copy is wiped. "" when it fails.
template <class Thing>
std::string encoded(int (*encode)(Thing const*, unsigned char**), Thing const* thing) {
    unsigned char* bytes = nullptr;
    int const size = encode(thing, &bytes);
    if (size <= 0)
        return {};
    std::string der(reinterpret_cast<char const*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_clear_free(bytes, static_cast<std::size_t>(size));
    return der;
}

} // namespace clairgate::sign
