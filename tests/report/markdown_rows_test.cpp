#include "report/written_samples.hpp"
#include <clairgate/report/markdown_rows.hpp>

#include <gtest/gtest.h>

namespace clairgate::report {
namespace {

TEST(MarkdownRows, AreWorstFirst) {
    auto const report = sample::report();
    Record const record(report);
    std::vector<std::string> names;
    for (auto const i : worst_first(record, policy::Effect::block, std::nullopt))
        names.push_back(record.findings()[i].package.name);
    EXPECT_EQ(names, (std::vector<std::string>{"zlib1g", "libssl3", "openssl"}));
    EXPECT_EQ(worst_first(record, policy::Effect::warn, std::nullopt).size(), 2U);
}

TEST(MarkdownRows, AreNewOrNotWhereThatIsAsked) {
    auto const report = sample::report_with_everything();
    Record const record(report);
    auto const fresh = worst_first(record, policy::Effect::block, true);
    auto const known = worst_first(record, policy::Effect::block, false);
    ASSERT_EQ(fresh.size(), 1U);
    ASSERT_EQ(known.size(), 1U);
    EXPECT_EQ(record.findings()[fresh[0]].package.name, "libssl3");
    EXPECT_EQ(record.findings()[known[0]].package.name, "openssl");
}

TEST(MarkdownRows, FoldPlatforms) {
    auto const report = sample::report_of_two_platforms();
    Record const record(report);
    auto const positions = worst_first(record, policy::Effect::block, std::nullopt);
    ASSERT_EQ(positions.size(), 4U);
    EXPECT_EQ(alike(record, positions), 1U);
    auto const rest = std::span(positions).subspan(1);
    EXPECT_EQ(record.findings()[rest[0]].package.name, "libssl3");
    EXPECT_EQ(alike(record, rest), 2U);
    EXPECT_EQ(alike(record, rest.subspan(2)), 1U);
}

TEST(MarkdownRows, AreNoneWhereNothingWasDecided) {
    auto const report = sample::undecided_with_findings();
    Record const record(report);
    EXPECT_TRUE(worst_first(record, policy::Effect::block, std::nullopt).empty());
    EXPECT_TRUE(worst_first(record, policy::Effect::allow, std::nullopt).empty());
}

} // namespace
} // namespace clairgate::report
