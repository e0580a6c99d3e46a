#include <clairgate/base/bytes.hpp>

#include <gtest/gtest.h>

namespace clairgate {
namespace {

TEST(Base64, AgreesWithTheVectorsOfRfc4648) {
    std::pair<char const*, char const*> const vectors[] = {{"", ""},
                                                           {"f", "Zg=="},
                                                           {"fo", "Zm8="},
                                                           {"foo", "Zm9v"},
                                                           {"foob", "Zm9vYg=="},
                                                           {"fooba", "Zm9vYmE="},
                                                           {"foobar", "Zm9vYmFy"}};
    for (auto const& [plain, encoded] : vectors) {
        EXPECT_EQ(to_base64(plain), encoded);
        EXPECT_EQ(from_base64(encoded).value(), plain);
    }
    EXPECT_EQ(to_base64url("\xFB\xFF"), "-_8");
    std::string out = "payload: ";
    append_base64(out, "fo");
    EXPECT_EQ(out, "payload: Zm8=");
}

TEST(Base64, RefusesWhatIsNotBase64) {
    for (auto const* bad : {"Zg", "Zg=", "Z===", "Zm9v\n", "Zm9v Zm8=", "Zg==Zg==", "Zm-v", "===="})
        EXPECT_FALSE(from_base64(bad).has_value()) << bad;
}

TEST(Base64, BothAlphabetsAreReadWhereBothAreAllowed) {
    EXPECT_EQ(from_base64_any("+/8=").value(), "\xFB\xFF");
    EXPECT_EQ(from_base64_any("-_8=").value(), "\xFB\xFF");
    EXPECT_EQ(from_base64_any("").value(), "");
    for (auto const* bad : {"-_8", "+_8=", "-/8=", "Zg", "Z===", "====", "Zm9v\n", "Zg==Zg=="})
        EXPECT_FALSE(from_base64_any(bad).has_value()) << bad;
}

TEST(Base64, EveryByteAtEveryPlaceComesBack) {
    std::string bytes;
    for (int round = 0; round < 3; ++round) {
        for (int byte = 0; byte < 256; ++byte)
            bytes += static_cast<char>(byte);
        EXPECT_EQ(from_base64(to_base64(bytes)).value(), bytes);
        bytes += '!';
    }
    // Each character that is no digit is refused wherever it stands.
    for (int byte = 0; byte < 256; ++byte) {
        bool const is_digit = to_base64(bytes).find(static_cast<char>(byte)) != std::string::npos;
        for (std::size_t place = 0; place < 7; ++place) {
            std::string text = "AAAAAAA=";
            text[place] = static_cast<char>(byte);
            bool const is_padding = byte == '=' && place == 6;
            EXPECT_EQ(from_base64(text).has_value(), (is_digit && byte != '=') || is_padding)
                << byte << " at " << place;
        }
    }
}

TEST(Sha256, AgreesWithFips180) {
    EXPECT_EQ(to_hex(sha256("abc")),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(to_hex(sha512("")).substr(0, 16), "cf83e1357eefb8bd");
}

TEST(HmacSha256, AgreesWithRfc4231Case2) {
    EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(EqualInConstantTime, ComparesBytes) {
    EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
    EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
    EXPECT_FALSE(equal_in_constant_time("abc", "ab"));
}

} // namespace
} // namespace clairgate
