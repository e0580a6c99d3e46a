#include "policy/conditions/asked.hpp"

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

using sample::asked;

finding::Finding on(std::string distribution) {
    auto finding = sample::high();
    finding.distribution = std::move(distribution);
    return finding;
}

TEST(EndOfLifeCondition, AsksForTheEndOfTheDistribution) {
    EXPECT_EQ(asked("end-of-life", true, on("debian 8 (jessie)")), Truth::yes);
    EXPECT_EQ(asked("end_of_life", false, on("debian 8 (jessie)")), Truth::no);
    EXPECT_EQ(asked("end-of-life", true, on("debian 12 (bookworm)")), Truth::no);
    EXPECT_EQ(asked("end-of-life", false, on("debian 12 (bookworm)")), Truth::yes);
}

TEST(EndOfLifeCondition, TheLastDayIsStillInSupport) {
    auto const finding = on("debian 12 (bookworm)"); // until 2028-06-30
    auto const condition = parse_condition("end-of-life", true).value();
    EXPECT_EQ(condition.test({finding, "", "", sample::time("2028-06-30T23:59:59Z")}), Truth::no);
    EXPECT_EQ(condition.test({finding, "", "", sample::time("2028-07-01T00:00:00Z")}), Truth::yes);
}

TEST(EndOfLifeCondition, OfADistributionWithoutDateNobodyKnows) {
    for (auto const* distribution : {"debian 99", "arch", "debian"})
        for (bool const wanted : {true, false})
            EXPECT_EQ(asked("end-of-life", wanted, on(distribution)), Truth::unknown)
                << distribution;
}

TEST(EndOfLifeCondition, PackagesOfALanguageHaveNoneToEnd) {
    EXPECT_EQ(asked("end-of-life", true, on("")), Truth::no);
    EXPECT_EQ(asked("end-of-life", false, on("")), Truth::yes);
}

TEST(EndOfLifeCondition, IsTrueOrFalse) {
    EXPECT_NE(sample::refusal("end-of-life", sample::Words{"true"}), "");
}

} // namespace
} // namespace clairgate::policy
