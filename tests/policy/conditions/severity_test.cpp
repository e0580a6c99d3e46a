#include "policy/conditions/asked.hpp"

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

using finding::Severity;
using sample::asked;
using sample::Words;

TEST(SeverityCondition, MatchesEachOfItsWords) {
    Words const words{"critical", "Important", "moderate"};
    for (auto const severity : finding::severities) {
        bool const is_wanted = severity == Severity::critical || severity == Severity::high ||
                               severity == Severity::medium;
        EXPECT_EQ(asked("severity", words, sample::finding(severity)), truth_of(is_wanted))
            << finding::to_string(severity);
    }
}

TEST(SeverityCondition, UnknownIsASeverityAndNoUnknownFact) {
    EXPECT_EQ(asked("severity", Words{"unknown"}, sample::finding(Severity::unknown)), Truth::yes);
    EXPECT_EQ(asked("severity", Words{"high"}, sample::finding(Severity::unknown)), Truth::no);
}

TEST(SeverityCondition, RefusesOtherWords) {
    EXPECT_EQ(sample::refusal("severity", Words{"hihg"}),
              "unknown severity \"hihg\" (did you mean high?)");
    EXPECT_EQ(sample::refusal("severity", Words{"\x1b[31m"}), "unknown severity \"\\x1b[31m\"");
    EXPECT_LT(sample::refusal("severity", Words{std::string(100'000, 'x')}).size(), 200U);
    EXPECT_NE(sample::refusal("severity", false), "");
    EXPECT_NE(sample::refusal("severity", Words{"high", ""}), "");
}

} // namespace
} // namespace clairgate::policy
