#include "policy/mistakes.hpp"

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

using sample::expect_mistakes;
using sample::Mistake;

std::string rule(std::string const& when) {
    return "[[rule]]\nname = \"r\"\naction = \"block\"\nwhen = " + when + "\n";
}

TEST(RuleReader, ReadsAllThatARuleSays) {
    auto const layer = sample::layer_of("[[rule]]\nname = \"known exploited\"\n"
                                        "when = { kev = true, severity = [\"high\", \"low\"] }\n"
                                        "action = \"block-if-fixed\"\nreason = \"CISA\"\n")
                           .value();
    ASSERT_EQ(layer.rules.size(), 1U);
    auto const& read = layer.rules.front();
    EXPECT_EQ(read.name, "known exploited");
    EXPECT_EQ(read.when.size(), 2U);
    EXPECT_EQ(read.action, Action::block_if_fixed);
    EXPECT_EQ(read.reason, "CISA");
    EXPECT_EQ(read.origin, (Origin{Level::global, "global.toml", 2, 1, "rule.known exploited"}));
}

TEST(RuleReader, SaysWhatIsWrongWithARule) {
    Mistake const cases[] = {
        {"[[rule]]\naction = \"warn\"\nwhen = { kev = true }\n",
         "global.toml:2:1: [[rule]] without name"},
        {"[[rule]]\nname = \"r\"\nwhen = { kev = true }\n",
         "global.toml:2:1: [[rule]] without action"},
        {"[[rule]]\nname = \"r\"\naction = \"warn\"\n", "global.toml:2:1: [[rule]] without when"},
        {"[[rule]]\nname = \"\"\naction = \"warn\"\nwhen = { kev = true }\n", "name is empty"},
        {"[[rule]]\nname = \"" + std::string(101, 'n') +
             "\"\naction = \"warn\"\nwhen = { kev = true }\n",
         "a name has at most 100 bytes"},
        {"[[rule]]\nname = \"r\"\naction = \"inherit\"\nwhen = { kev = true }\n",
         "unknown action \"inherit\" for the rule's action"},
        {"[[rule]]\nname = \"r\"\naction = \"blok\"\nwhen = { kev = true }\n",
         "did you mean block?"},
        {"[[rule]]\nname = \"r\"\naction = \"warn\"\nwhen = { kev = true }\nwen = 1\n",
         "global.toml:6:1: unknown key wen in [[rule]] (did you mean when?)"},
        {"[rule]\nname = \"r\"\n", "rule is a list of tables: [[rule]]"},
        {"rule = [1]\n", "rule is a list of tables: [[rule]]"},
        {rule("{ kev = true }") + rule("{ kev = true }"),
         "global.toml:6:1: two of [[rule]] are named \"r\""},
    };
    expect_mistakes(cases);
}

TEST(RuleReader, SaysWhatIsWrongWithItsConditions) {
    Mistake const cases[] = {
        {rule("{}"), "global.toml:5:1: when must hold at least one condition"},
        {rule("true"), "when must hold at least one condition"},
        {rule("{ kve = true }"), "global.toml:5:10: unknown condition kve (did you mean kev?)"},
        {rule("{ kev = \"true\" }"), "kev is true or false, without quotes"},
        {rule("{ kev = [] }"), "kev is true or false"},
        {rule("{ cvss = 9.0 }"), "global.toml:5:17: cvss must be a comparison"},
        {rule("{ cvss = \"9.0\" }"), "cvss: \"9.0\" does not say on which side"},
        {rule("{ severity = \"hihg\" }"), "unknown severity \"hihg\" (did you mean high?)"},
        {rule("{ severity = [\"high\", 1] }"), "severity must be a string or an array of strings"},
        {rule("{ id = \"CVE-2024-*\" }"), "is no vulnerability id"},
        {rule("{ fixed = { since = 1 } }"), "fixed must be a string or an array of strings"},
        {rule("{ age = 2026-01-01 }"), "age must be a string or an array of strings"},
        {rule("{ \"\\u001b[2J\" = 1 }"), "\\x1b[2J must be a comparison"},
        {rule("{ fixed-for = \">= 7d\", fixed_for = \">= 9d\" }"), "two conditions of fixed-for"},
        {rule("{ kev = true, kev = false }"), "not valid TOML"},
    };
    expect_mistakes(cases);
}

TEST(RuleReader, RequirementsNameImagesAndWhatTheyNeed) {
    auto const layer =
        sample::layer_of("[[require]]\nname = \"prod\"\nimage = \"registry.example/**\"\n"
                         "scan = \"recommended\"\n[[require]]\nname = \"all\"\nscan = \"off\"\n")
            .value();
    ASSERT_EQ(layer.requirements.size(), 2U);
    EXPECT_TRUE(layer.requirements[0].image->matches("registry.example/team/app"));
    EXPECT_EQ(layer.requirements[0].scan, Requirement::Scan::recommended);
    EXPECT_FALSE(layer.requirements[1].image.has_value());
    EXPECT_EQ(layer.requirements[1].origin.rule, "require.all");
    Mistake const cases[] = {
        {"[[require]]\nscan = \"off\"\n", "global.toml:2:1: [[require]] without name"},
        {"[[require]]\nname = \"x\"\n", "global.toml:2:1: [[require]] without scan"},
        {"[[require]]\nname = \"x\"\nscan = \"on\"\n", "unknown word \"on\" for scan"},
        {"[[require]]\nname = \"x\"\nscan = true\n", "scan must be a string"},
        {"[[require]]\nname = \"x\"\nscan = \"off\"\nimage = \"\"\n", "global.toml:5:9: "},
        {"[[require]]\nname = \"x\"\nscan = \"off\"\nimages = \"a\"\n", "did you mean image?"},
        {"[[require]]\nname = \"x\"\nscan = \"off\"\n[[require]]\nname = \"x\"\nscan = \"off\"\n",
         "two of [[require]] are named \"x\""},
    };
    expect_mistakes(cases);
}

} // namespace
} // namespace clairgate::policy
