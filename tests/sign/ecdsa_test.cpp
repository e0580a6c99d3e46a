#include <clairgate/base/text.hpp>
#include <clairgate/sign/ecdsa.hpp>

#include <gtest/gtest.h>

#include <vector>

namespace clairgate::sign {
namespace {

std::string from_hex(std::string_view hex) {
    std::string bytes;
    for (std::size_t i = 0; i < hex.size(); i += 2)
        bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
    return bytes;
}

// A DER value of fewer than 128 bytes.
std::string value(char tag, std::string_view content) {
    return cat(tag, static_cast<char>(content.size()), content);
}
std::string integers(std::string_view r, std::string_view s) {
    return value('\x30', cat(value('\x02', r), value('\x02', s)));
}

// n and n - 1 of P-256, with the zero that keeps them positive.
std::string const order =
    from_hex("00FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
std::string const last =
    from_hex("00FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632550");
std::string const order_of_p384 =
    from_hex("00FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D"
             "81F4372DDF581A0DB248B0A77AECEC196ACCC52973");
std::string const last_of_p384 =
    from_hex("00FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D8"
             "1F4372DDF581A0DB248B0A77AECEC196ACCC52972");

void expect_refused(std::string const& der, KeyType type, std::string const& why) {
    auto const checked = check_ecdsa_signature(der, type);
    ASSERT_FALSE(checked.has_value()) << why;
    EXPECT_EQ(checked.error().kind(), ErrorKind::integrity) << why;
}

TEST(EcdsaSignature, MayHoldAnyNumbersBelowTheOrder) {
    EXPECT_TRUE(check_ecdsa_signature(integers("\1", "\1"), KeyType::ecdsa_p256).has_value());
    EXPECT_TRUE(check_ecdsa_signature(integers(last, last), KeyType::ecdsa_p256).has_value());
    EXPECT_TRUE(check_ecdsa_signature(integers(order, order), KeyType::ecdsa_p384).has_value());
    EXPECT_TRUE(check_ecdsa_signature(integers(last_of_p384, last_of_p384), KeyType::ecdsa_p384)
                    .has_value());
}

TEST(EcdsaSignature, MayNotHoldZeroTheOrderOrANegativeNumber) {
    std::string const zero(1, '\0');
    expect_refused(integers(zero, "\1"), KeyType::ecdsa_p256, "r = 0");
    expect_refused(integers("\1", zero), KeyType::ecdsa_p256, "s = 0");
    expect_refused(integers(order, "\1"), KeyType::ecdsa_p256, "r = n");
    expect_refused(integers("\1", order), KeyType::ecdsa_p256, "s = n");
    expect_refused(integers("\xFF", "\1"), KeyType::ecdsa_p256, "r = -1");
    expect_refused(integers("\1", "\x80"), KeyType::ecdsa_p256, "s = -128");
    expect_refused(integers(order_of_p384, "\1"), KeyType::ecdsa_p384, "r = n of P-384");
    expect_refused(integers("\1", order_of_p384), KeyType::ecdsa_p384, "s = n of P-384");
    expect_refused(integers(last_of_p384, "\1"), KeyType::ecdsa_p256, "r over n");
}

TEST(EcdsaSignature, HasOneEncoding) {
    auto const one = value('\x02', "\1");
    expect_refused("", KeyType::ecdsa_p256, "nothing");
    expect_refused(cat(integers("\1", "\1"), '\0'), KeyType::ecdsa_p256, "a byte behind");
    expect_refused(value('\x30', cat(one, one, '\0')), KeyType::ecdsa_p256, "a byte inside");
    expect_refused(value('\x30', cat(one, one, one)), KeyType::ecdsa_p256, "a third integer");
    expect_refused(value('\x30', one), KeyType::ecdsa_p256, "one integer");
    expect_refused(value('\x31', cat(one, one)), KeyType::ecdsa_p256, "a set");
    expect_refused(integers({"\0\1", 2}, "\1"), KeyType::ecdsa_p256, "a zero in front of r");
    expect_refused(integers("\1", {"\0\1", 2}), KeyType::ecdsa_p256, "a zero in front of s");
    expect_refused(integers("", "\1"), KeyType::ecdsa_p256, "an integer without bytes");
    expect_refused(cat("\x30\x81\x06", one, one), KeyType::ecdsa_p256, "a length in long form");
    expect_refused(cat("\x30\x80", one, one, '\0', '\0'), KeyType::ecdsa_p256, "no length");
    expect_refused(value('\x30', cat(value('\x0A', "\1"), one)), KeyType::ecdsa_p256, "no integer");
    expect_refused(std::string(64, '\1'), KeyType::ecdsa_p256, "r and s without DER");
    expect_refused(std::string(4096, '\x30'), KeyType::ecdsa_p256, "too long");
}

TEST(EcdsaSignature, IsRefusedWhereverItIsCut) {
    auto const whole = integers(last, last);
    for (std::size_t size = 0; size < whole.size(); ++size)
        expect_refused(whole.substr(0, size), KeyType::ecdsa_p256, cat(size, " bytes"));
}

} // namespace
} // namespace clairgate::sign
