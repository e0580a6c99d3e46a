#include "policy/conditions/asked.hpp"
#include <clairgate/policy/rule.hpp>

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

Condition saying(Truth truth) {
    return {"fixed", "", [truth](Facts const&) { return truth; }};
}

Truth all_of(std::vector<Truth> const& truths) {
    Rule rule;
    for (auto const truth : truths)
        rule.when.push_back(saying(truth));
    auto const finding = sample::high();
    return rule.matches({finding, "", "", sample::now()});
}

bool covers(std::vector<Truth> const& truths) {
    Waiver waiver;
    for (auto const truth : truths)
        waiver.scope.push_back(saying(truth));
    auto const finding = sample::high();
    return waiver.covers({finding, "", "", sample::now()});
}

constexpr auto no = Truth::no;
constexpr auto yes = Truth::yes;
constexpr auto unknown = Truth::unknown;

TEST(Rule, MatchesWhenAllConditionsHold) {
    EXPECT_EQ(all_of({yes}), yes);
    EXPECT_EQ(all_of({yes, yes}), yes);
    EXPECT_EQ(all_of({yes, no}), no);
}

TEST(Rule, OneNoIsStrongerThanWhatIsNotKnown) {
    EXPECT_EQ(all_of({unknown, no}), no);
    EXPECT_EQ(all_of({no, unknown}), no);
    EXPECT_EQ(all_of({yes, unknown}), unknown);
    EXPECT_EQ(all_of({unknown, unknown}), unknown);
}

TEST(Rule, NamesIdsWhenOneConditionDoes) {
    Rule rule;
    rule.when.push_back(parse_condition("kev", true).value());
    EXPECT_FALSE(rule.names_ids());
    rule.when.push_back(parse_condition("id", sample::Words{"CVE-2024-0001"}).value());
    EXPECT_TRUE(rule.names_ids());
}

TEST(Waiver, AnUnknownFactOfItsScopeIsNo) {
    EXPECT_TRUE(covers({}));
    EXPECT_TRUE(covers({yes, yes}));
    EXPECT_FALSE(covers({yes, unknown}));
    EXPECT_FALSE(covers({no}));
}

TEST(Requirement, HasWords) {
    EXPECT_EQ(to_string(Requirement::Scan::off), "off");
    EXPECT_EQ(to_string(Requirement::Scan::recommended), "recommended");
    EXPECT_EQ(to_string(Requirement::Scan::required), "required");
    EXPECT_LT(Requirement::Scan::recommended, Requirement::Scan::required);
}

} // namespace
} // namespace clairgate::policy
