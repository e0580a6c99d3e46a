#include <clairgate/base/text.hpp>
#include <clairgate/sign/pem.hpp>

#include <gtest/gtest.h>

namespace clairgate::sign {
namespace {

std::string const body(100, 'x');

TEST(Pem, ReadsWhatItWrites) {
    for (std::size_t size = 1; size < 100; ++size) {
        auto const text = write_pem("SOME KEY", body.substr(0, size));
        auto const block = read_pem(text);
        ASSERT_TRUE(block.has_value()) << block.error().text();
        EXPECT_EQ(block->label, "SOME KEY");
        EXPECT_EQ(block->bytes.reveal(), body.substr(0, size));
    }
}

TEST(Pem, WritesLinesOf64Characters) {
    EXPECT_EQ(write_pem("X", std::string(49, '\0')),
              cat("-----BEGIN X-----\n", std::string(64, 'A'), "\nAA==\n-----END X-----\n"));
}

TEST(Pem, AllowsWhiteSpaceAroundAndWindowsLines) {
    EXPECT_TRUE(
        read_pem("\n  -----BEGIN X-----\r\nAAAA\r\nAAAA \r\n-----END X-----\r\n \n").has_value());
}

TEST(Pem, RefusesWhatIsNotExactlyOneBlock) {
    auto const block = write_pem("X", body);
    auto const one = std::string("-----BEGIN X-----\nAAAA\n-----END X-----\n");
    for (auto const& text :
         {std::string(),
          std::string("AAAA"),
          cat("Bag Attributes\n", block),
          cat(block, "trailing"),
          cat(block, block),
          cat(one, "A"),
          block.substr(0, block.size() / 2),
          std::string("-----BEGIN X-----\n-----END X-----\n"),
          std::string("-----BEGIN X-----\n\n-----END X-----\n"),
          std::string("-----BEGIN X-----\nAAA\n-----END X-----\n"),
          std::string("-----BEGIN X-----\nAAAA\n-----END Y-----\n"),
          std::string("-----BEGIN X-----\nAA-_\n-----END X-----\n"),
          std::string("-----BEGIN X-----AAAA\n-----END X-----\n"),
          std::string("-----BEGIN X-----\\nAAAA\\n-----END X-----\\n"),
          std::string("-----BEGIN -----\nAAAA\n-----END -----\n"),
          cat("\xEF\xBB\xBF", one),
          cat("-----BEGIN ", body, body, "-----\nAAAA\n"),
          std::string("-----BEGIN X-----\nProc-Type: 4,ENCRYPTED\n"
                      "DEK-Info: AES-256-CBC,00\n\nAAAA\n-----END X-----\n"),
          cat("-----BEGIN X-----\n", std::string(70'000, 'A'), "\n-----END X-----\n")}) {
        auto const read = read_pem(text);
        ASSERT_FALSE(read.has_value()) << text;
        EXPECT_EQ(read.error().kind(), ErrorKind::config);
    }
}

TEST(Pem, NeverQuotesTheBody) {
    auto const read = read_pem("-----BEGIN X-----\nc2VjcmV0!\n-----END X-----\n");
    ASSERT_FALSE(read.has_value());
    EXPECT_EQ(read.error().text().find("c2Vj"), std::string::npos);
}

TEST(Pem, TellsTheLabelOfWhateverFollows) {
    EXPECT_EQ(pem_label("\n-----BEGIN EC PARAMETERS-----\n?"), "EC PARAMETERS");
    EXPECT_EQ(pem_label("text"), "");
    EXPECT_EQ(pem_label("-----BEGIN "), "");
    EXPECT_EQ(pem_label(cat("-----BEGIN ", body, "-----")), "");
}

} // namespace
} // namespace clairgate::sign
