#include "policy/conditions/asked.hpp"

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

using sample::asked;
using sample::Words;

TEST(LayerCondition, AsksWhoBroughtThePackage) {
    auto finding = sample::high();
    EXPECT_EQ(asked("layer", Words{"base"}, finding), Truth::unknown);
    EXPECT_EQ(asked("layer", Words{"application"}, finding), Truth::unknown);
    finding.is_base_layer = true;
    EXPECT_EQ(asked("layer", Words{"base"}, finding), Truth::yes);
    EXPECT_EQ(asked("layer", Words{"application"}, finding), Truth::no);
    finding.is_base_layer = false;
    EXPECT_EQ(asked("layer", Words{"base"}, finding), Truth::no);
    EXPECT_EQ(asked("layer", Words{"application"}, finding), Truth::yes);
}

TEST(LayerCondition, KnowsTwoWords) {
    for (auto const& words : {Words{"Base"}, Words{"app"}, Words{"base", "application"}, Words{}})
        EXPECT_NE(sample::refusal("layer", words), "");
    EXPECT_NE(sample::refusal("layer", true), "");
}

} // namespace
} // namespace clairgate::policy
