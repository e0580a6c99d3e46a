#include <clairgate/io/address.hpp>

#include <gtest/gtest.h>

namespace clairgate::io {
namespace {

TEST(PublicAddress, IsOneOfTheInternetAndNoSpecialBlock) {
    for (auto const* text : {"8.8.8.8",
                             "1.1.1.1",
                             "172.15.255.255",
                             "172.32.0.0",
                             "100.63.255.255",
                             "100.128.0.0",
                             "169.253.255.255",
                             "223.255.255.255",
                             "2606:4700::1111",
                             "2a00::1",
                             "::ffff:8.8.8.8",
                             "64:ff9b::8.8.8.8",
                             "2002:0808:0808::1"})
        EXPECT_TRUE(is_public_address(address_bytes(text).value())) << text;
    for (auto const* text : {"0.0.0.0",
                             "10.0.0.1",
                             "100.64.0.1",
                             "127.0.0.1",
                             "127.255.255.255",
                             "169.254.169.254",
                             "172.16.0.1",
                             "172.31.255.255",
                             "192.168.1.1",
                             "192.0.0.1",
                             "192.0.2.1",
                             "198.18.0.1",
                             "198.19.255.255",
                             "198.51.100.1",
                             "203.0.113.1",
                             "224.0.0.1",
                             "240.0.0.1",
                             "255.255.255.255",
                             "::",
                             "::1",
                             "fe80::1",
                             "fc00::1",
                             "fd12::1",
                             "ff02::1",
                             "2001:db8::1",
                             "2001::1",
                             "3fff::1",
                             "::ffff:127.0.0.1",
                             "::ffff:10.0.0.1",
                             "64:ff9b::169.254.169.254",
                             "2002:7f00:0001::1",
                             "2002:a9fe:a9fe::",
                             "100::1",
                             "::127.0.0.1"})
        EXPECT_FALSE(is_public_address(address_bytes(text).value())) << text;
    EXPECT_FALSE(is_public_address(""));
    EXPECT_FALSE(is_public_address("12345"));
}

TEST(LoopbackAddress, IsAlsoTheMappedForm) {
    for (auto const* text : {"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"})
        EXPECT_TRUE(is_loopback_address(address_bytes(text).value())) << text;
    for (auto const* text : {"128.0.0.1", "::2", "::", "10.0.0.1"})
        EXPECT_FALSE(is_loopback_address(address_bytes(text).value())) << text;
    EXPECT_FALSE(is_loopback_address(""));
}

TEST(AddressBytes, AreNoneForNamesAndOddSpellings) {
    for (auto const* text : {"localhost",
                             "",
                             "1.2.3",
                             "01.2.3.4",
                             "0x7f.0.0.1",
                             "1.2.3.4.5",
                             "[::1",
                             "::1%eth0",
                             "1.2.3.4 "})
        EXPECT_EQ(address_bytes(text), std::nullopt) << text;
    EXPECT_EQ(address_bytes("[::1]"), address_bytes("::1"));
    EXPECT_EQ(address_bytes("1.2.3.4"), std::string("\1\2\3\4"));
    EXPECT_EQ(address_bytes(std::string_view("1.2.3.4\0", 8)), std::nullopt);
}

} // namespace
} // namespace clairgate::io
