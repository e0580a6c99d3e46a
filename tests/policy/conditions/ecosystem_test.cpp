#include "policy/conditions/asked.hpp"

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

using sample::asked;
using sample::Words;

finding::Finding of(std::string text) {
    auto finding = sample::high();
    finding.package.ecosystem = std::move(text);
    return finding;
}

TEST(EcosystemCondition, MatchesTheWholeText) {
    auto const* const text = "debian";
    EXPECT_EQ(asked("ecosystem", Words{"deb*"}, of(text)), Truth::yes);
    EXPECT_EQ(asked("ecosystem", Words{"deb"}, of(text)), Truth::no);
    EXPECT_EQ(asked("ecosystem", Words{"deb", "deb*"}, of(text)), Truth::yes);
}

TEST(EcosystemCondition, WhereThereIsNoneNobodyKnows) {
    EXPECT_EQ(asked("ecosystem", Words{"**"}, of("")), Truth::unknown);
    EXPECT_EQ(asked("ecosystem", Words{"x"}, of("")), Truth::unknown);
}

TEST(EcosystemCondition, RefusesWhatIsNoPattern) {
    EXPECT_NE(sample::refusal("ecosystem", Words{}), "");
    EXPECT_NE(sample::refusal("ecosystem", Words{"x "}), "");
    EXPECT_NE(sample::refusal("ecosystem", true), "");
    EXPECT_EQ(sample::text_of("ecosystem", Words{"a", "b"}), "ecosystem a or b");
}

} // namespace
} // namespace clairgate::policy
