#include "openssl.hpp"
#include <clairgate/base/text.hpp>
#include <clairgate/sign/ecdsa.hpp>

#include <openssl/ecdsa.h>

namespace clairgate::sign {

namespace {

// The orders of the groups (FIPS 186-5 by SP 800-186 section 3.2.1).
constexpr char const* p256_order =
    "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551";
constexpr char const* p384_order =
    "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196A"
    "CCC52973";

// Two integers of 49 bytes and their headers.
constexpr std::size_t signature_bytes_max = 104;

Error malformed(std::string_view reason) {
    return {ErrorKind::integrity, cat("the ECDSA signature is malformed: ", reason)};
}

NumberPointer order_of(KeyType type) {
    BIGNUM* number = nullptr;
    auto const* text = type == KeyType::ecdsa_p384 ? p384_order : p256_order;
    CLAIRGATE_ASSERT(BN_hex2bn(&number, text) != 0); // fails for lack of memory alone
    return NumberPointer(number);
}

bool is_scalar(BIGNUM const* number, BIGNUM const* order) {
    return BN_is_zero(number) == 0 && BN_is_negative(number) == 0 && BN_cmp(number, order) < 0;
}

} // namespace

Result<void> check_ecdsa_signature(std::string_view der, KeyType type) {
    ErrorMark const mark;
    if (der.size() > signature_bytes_max)
        return malformed("it is too long");
    auto const* at = bytes_of(der);
    std::unique_ptr<ECDSA_SIG, FreeWith<ECDSA_SIG_free>> const signature(
        d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
    if (!signature || encoded<ECDSA_SIG>(&i2d_ECDSA_SIG, signature.get()) != der)
        return malformed("it is not the DER of two integers");
    auto const order = order_of(type);
    if (!is_scalar(ECDSA_SIG_get0_r(signature.get()), order.get()) ||
        !is_scalar(ECDSA_SIG_get0_s(signature.get()), order.get()))
        return malformed("r or s is not between 1 and the order of the group");
    return ok();
}

} // namespace clairgate::sign
