#include "policy/conditions/asked.hpp"

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

using sample::Words;

Truth of(std::string_view repository, Words const& patterns) {
    auto const finding = sample::high();
    return parse_condition("image", patterns)
        .value()
        .test({finding, repository, "prod", sample::now()});
}

TEST(ImageCondition, MatchesTheRepository) {
    EXPECT_EQ(of("registry.example/team/app", {"registry.example/**"}), Truth::yes);
    EXPECT_EQ(of("registry.example/team/app", {"registry.example/*"}), Truth::no);
    EXPECT_EQ(of("registry.example/team/app", {"registry.example/team/ap?"}), Truth::yes);
    EXPECT_EQ(of("registry.example.evil/team/app", {"registry.example/**"}), Truth::no);
}

TEST(ImageCondition, OfAnImageWithoutNameNobodyKnows) {
    EXPECT_EQ(of("", {"**"}), Truth::unknown);
    EXPECT_EQ(of("", {"registry.example/**"}), Truth::unknown);
}

TEST(ImageCondition, RefusesWhatIsNoPattern) {
    EXPECT_NE(sample::refusal("image", Words{}), "");
    EXPECT_NE(sample::refusal("image", true), "");
}

} // namespace
} // namespace clairgate::policy
