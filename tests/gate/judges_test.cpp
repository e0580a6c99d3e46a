#include "gate/sample_report.hpp"
#include <clairgate/gate/judges.hpp>

#include <gtest/gtest.h>

namespace clairgate::gate {
namespace {

PolicyFiles files() {
    PolicyFiles out;
    out.files = {{"global.toml", "schema = 1\n[severity]\nlow = \"warn\"\n"},
                 {"environment/prod.toml", "schema = 1\n[severity]\nlow = \"block\"\n"}};
    return out;
}

policy::Action low(Judge const& judge) {
    return judge.policy().severity.at(finding::Severity::low).value;
}

TEST(Judges, ResolveThePolicyOfEachContextOnce) {
    FactFiles const facts;
    Judges judges(files(), facts);
    auto const prod = judges.of({"", "prod", ""});
    ASSERT_TRUE(prod.has_value());
    EXPECT_EQ(low(**prod), policy::Action::block);
    EXPECT_EQ(low(**judges.of({})), policy::Action::warn);
    EXPECT_EQ(judges.of({"", "prod", ""})->get(), prod->get());
    EXPECT_FALSE(judges.of({"", "none", ""}).has_value());
    EXPECT_FALSE(judges.of({"", "none", ""}).has_value());
}

TEST(Judges, KeepThoseInUseWhateverElseIsAsked) {
    FactFiles const facts;
    Judges judges(files(), facts);
    auto const first = judges.of({}).value();
    for (int i = 0; i < 300; ++i)
        EXPECT_TRUE(judges.of({"", "", "app" + std::to_string(i)}).has_value());
    EXPECT_EQ(low(*first), policy::Action::warn);
}

TEST(ContextsFor, AreThoseAskedForElseTheReports) {
    auto report = test::sample_report(finding::Severity::low, "");
    report.context = {{"application", "shop"}, {"environment", "prod"}};
    PolicyChoice choice;
    EXPECT_EQ(contexts_for(choice, report), (std::vector<policy::Context>{{"", "prod", "shop"}}));
    choice.contexts = {{"", "test", ""}};
    EXPECT_EQ(contexts_for(choice, report), choice.contexts);
    choice.contexts = {{"", "a", ""}, {"", "b", ""}};
    EXPECT_EQ(contexts_for(choice, report), choice.contexts);
}

} // namespace
} // namespace clairgate::gate
