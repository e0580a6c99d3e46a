#include <clairgate/base/text.hpp>
#include <clairgate/policy/id_index.hpp>

#include <gtest/gtest.h>

#include <map>

namespace clairgate::policy {
namespace {

using Numbers = std::vector<std::uint32_t>;

Numbers found(IdIndex const& index, std::string_view id) {
    auto const numbers = index.find(id);
    return {numbers.begin(), numbers.end()};
}

TEST(IdIndex, AnEmptyOneHoldsNothing) {
    IdIndex const index;
    EXPECT_EQ(found(index, "CVE-2024-0001"), Numbers{});
    EXPECT_EQ(found(index, ""), Numbers{});
}

TEST(IdIndex, GivesAllNumbersOfAnIdInTheirOrder) {
    IdIndex index;
    index.add("CVE-2024-0001", 7);
    index.add("CVE-2024-0002", 1);
    index.add("CVE-2024-0001", 3);
    EXPECT_EQ(found(index, "CVE-2024-0001"), (Numbers{7, 3}));
    EXPECT_EQ(found(index, "CVE-2024-0002"), Numbers{1});
    EXPECT_EQ(found(index, "CVE-2024-0003"), Numbers{});
}

TEST(IdIndex, LettersOfEitherCaseAreAlike) {
    IdIndex index;
    index.add("GHSA-abcd-EFGH-2345", 1);
    index.add("ghsa-ABCD-efgh-2345", 2);
    index.add("Pysec", 3);
    EXPECT_EQ(found(index, "ghsa-abcd-efgh-2345"), (Numbers{1, 2}));
    EXPECT_EQ(found(index, "GHSA-ABCD-EFGH-2345"), (Numbers{1, 2}));
    EXPECT_EQ(found(index, "pYSEC"), Numbers{3});
}

// Bytes that differ in the bit that tells letters' cases apart have one hash, and are two ids.
TEST(IdIndex, OnlyLettersHaveCases) {
    IdIndex index;
    index.add("a@-------", 1);
    EXPECT_EQ(found(index, "A@-------"), Numbers{1});
    EXPECT_EQ(found(index, "a`-------"), Numbers{});
    EXPECT_EQ(found(index, std::string("a@\r------")), Numbers{});
}

TEST(IdIndex, EveryLengthAndEveryByteCounts) {
    std::string const text = "CVE-2024-10000-and-more-of-it";
    IdIndex index;
    for (std::uint32_t length = 0; length <= text.size(); ++length)
        index.add(text.substr(0, length), length);
    for (std::uint32_t length = 0; length <= text.size(); ++length) {
        EXPECT_EQ(found(index, text.substr(0, length)), Numbers{length});
        for (std::size_t at = 0; at < length; ++at) {
            auto other = text.substr(0, length);
            other[at] = '!';
            EXPECT_EQ(found(index, other), Numbers{}) << other;
        }
    }
}

TEST(IdIndex, HoldsWhatAMapHolds) {
    IdIndex index;
    std::map<std::string, Numbers> expected;
    for (std::uint32_t i = 0; i < 20'000; ++i) {
        auto const id = cat("CVE-20", 10 + i % 15, "-", i * 7919 % 9'000);
        index.add(id, i);
        expected[id].push_back(i);
    }
    for (auto const& [id, numbers] : expected) {
        EXPECT_EQ(found(index, id), numbers) << id;
        EXPECT_EQ(found(index, cat(id, "x")), Numbers{}) << id;
    }
}

} // namespace
} // namespace clairgate::policy
