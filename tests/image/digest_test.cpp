#include <clairgate/base/text.hpp>
#include <clairgate/image/digest.hpp>

#include <gtest/gtest.h>

namespace clairgate::image {
namespace {

std::string const hex64(64, 'a');
constexpr std::string_view sha256_of_abc =
    "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST(Digest, ReadsBothAlgorithms) {
    auto const short_one = Digest::parse("sha256:" + hex64).value();
    EXPECT_EQ(short_one.text(), "sha256:" + hex64);
    EXPECT_EQ(short_one.algorithm(), "sha256");
    EXPECT_EQ(short_one.hex(), hex64);
    EXPECT_EQ(Digest::parse(cat("sha512:", hex64, hex64)).value().algorithm(), "sha512");
}

TEST(Digest, RefusesTheRestAndSaysWhy) {
    std::pair<std::string, std::string> const rows[] = {
        {"", "no algorithm"},
        {hex64, "no algorithm"},
        {"sha256:", "0 characters in place of 64"},
        {"sha256:" + hex64 + "a", "65 characters in place of 64"},
        {"sha256:" + hex64.substr(1), "63 characters in place of 64"},
        {"sha512:" + hex64, "64 characters in place of 128"},
        {"sha256:" + std::string(64, 'A'), "upper case"},
        {"sha256:" + std::string(64, 'g'), "not hexadecimal"},
        {"sha256:" + hex64.substr(1) + "\n", "not hexadecimal"},
        {"sha256:" + hex64 + " ", "65 characters"},
        {"sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709", "neither sha256 nor sha512"},
        {"SHA256:" + hex64, "neither sha256 nor sha512"},
        {"md5:d41d8cd98f00b204e9800998ecf8427e", "neither sha256 nor sha512"},
    };
    for (auto const& [text, reason] : rows) {
        auto const digest = Digest::parse(text);
        ASSERT_FALSE(digest.has_value()) << text;
        EXPECT_EQ(digest.error().kind(), ErrorKind::usage) << text;
        EXPECT_NE(digest.error().message().find(reason), std::string::npos)
            << digest.error().message();
        EXPECT_FALSE(digest.error().remedy().empty());
    }
}

TEST(Digest, QuotesNoEndlessInput) {
    EXPECT_LT(Digest::parse(std::string(1 << 20, 'x')).error().message().size(), 300U);
}

TEST(Digest, OfBytesIsTheirSha256) {
    EXPECT_EQ(Digest::of("abc").text(), sha256_of_abc);
}

TEST(Digest, MatchesOnlyItsOwnBytesUnderItsOwnAlgorithm) {
    EXPECT_TRUE(Digest::of("abc").matches("abc"));
    EXPECT_FALSE(Digest::of("abc").matches("abd"));
    EXPECT_FALSE(Digest::of("abc").matches(""));
    auto const long_one =
        Digest::parse("sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                      "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f")
            .value();
    EXPECT_TRUE(long_one.matches("abc"));
    EXPECT_FALSE(long_one.matches("abcd"));
}

TEST(Digest, OrdersByItsText) {
    EXPECT_LT(Digest::parse("sha256:" + std::string(64, '0')).value(),
              Digest::parse("sha256:" + hex64).value());
    EXPECT_EQ(Digest::of("a"), Digest::of("a"));
    EXPECT_NE(Digest::of("a"), Digest::of("b"));
}

} // namespace
} // namespace clairgate::image
