#include "policy/conditions/asked.hpp"

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

using sample::asked;
using sample::Words;

finding::Finding of(std::string text) {
    auto finding = sample::high();
    finding.package.purl = std::move(text);
    return finding;
}

TEST(PurlCondition, MatchesTheWholeText) {
    auto const* const text = "pkg:deb/debian/openssl@3.0.11?arch=amd64";
    EXPECT_EQ(asked("purl", Words{"pkg:deb/**"}, of(text)), Truth::yes);
    EXPECT_EQ(asked("purl", Words{"pkg:deb/*"}, of(text)), Truth::no);
    EXPECT_EQ(asked("purl", Words{"pkg:deb/*", "pkg:deb/**"}, of(text)), Truth::yes);
}

TEST(PurlCondition, WhereThereIsNoneNobodyKnows) {
    EXPECT_EQ(asked("purl", Words{"**"}, of("")), Truth::unknown);
    EXPECT_EQ(asked("purl", Words{"x"}, of("")), Truth::unknown);
}

TEST(PurlCondition, RefusesWhatIsNoPattern) {
    EXPECT_NE(sample::refusal("purl", Words{}), "");
    EXPECT_NE(sample::refusal("purl", Words{"x "}), "");
    EXPECT_NE(sample::refusal("purl", true), "");
    EXPECT_EQ(sample::text_of("purl", Words{"a", "b"}), "purl a or b");
}

} // namespace
} // namespace clairgate::policy
