#include <clairgate/policy/policy.hpp>

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

TEST(BuiltIn, BlocksCriticalAndFixableHighAndWarnsOfTheRest) {
    auto const policy = built_in();
    EXPECT_EQ(policy.severity.at(finding::Severity::critical).value, Action::block);
    EXPECT_EQ(policy.severity.at(finding::Severity::high).value, Action::block_if_fixed);
    for (auto const severity : {finding::Severity::medium,
                                finding::Severity::low,
                                finding::Severity::negligible,
                                finding::Severity::unknown})
        EXPECT_EQ(policy.severity.at(severity).value, Action::warn);
}

TEST(BuiltIn, FailsClosedAndJudgesNoAge) {
    auto const policy = built_in();
    EXPECT_EQ(policy.scan.on_error.at("clair").value, Action::block);
    EXPECT_EQ(policy.scan.uncovered.value, Action::block);
    EXPECT_EQ(policy.scan.partly_covered.value, Action::warn);
    EXPECT_FALSE(policy.scan.max_data_age.has_value());
}

TEST(BuiltIn, SaysThatItIsBuiltInAndNeverTrusted) {
    auto const policy = built_in();
    EXPECT_EQ(policy.source, "built-in");
    EXPECT_FALSE(policy.is_trusted);
    EXPECT_TRUE(policy.files.empty());
    for (auto const severity : finding::severities) {
        auto const& origin = policy.severity.at(severity).origin;
        EXPECT_EQ(to_string(origin.level), "built-in");
        EXPECT_EQ(origin.file, "");
        EXPECT_EQ(origin.rule, "severity." + std::string(finding::to_string(severity)));
    }
}

} // namespace
} // namespace clairgate::policy
