#include "policy/mistakes.hpp"
#include <clairgate/base/text.hpp>
#include <clairgate/image/digest.hpp>
#include <clairgate/policy/load.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace clairgate::policy {
namespace {

using finding::Severity;
using sample::mistakes_of;

Result<Policy> load_text(std::string text) {
    return load({{"global.toml", std::move(text)}});
}

TEST(Load, NoFileIsTheBuiltInPolicy) {
    auto const policy = load({}).value();
    EXPECT_EQ(policy.source, "built-in");
    EXPECT_TRUE(policy.files.empty());
}

TEST(Load, AFileThatOnlyHasItsSchemaChangesNothingButTheSource) {
    auto const policy = load_text("schema = 1\n").value();
    EXPECT_EQ(policy.source, "folder");
    EXPECT_FALSE(policy.is_trusted);
    for (auto const severity : finding::severities) {
        EXPECT_EQ(policy.severity.at(severity).value, built_in().severity.at(severity).value);
        EXPECT_EQ(policy.severity.at(severity).origin.level, Level::built_in);
    }
    ASSERT_EQ(policy.files.size(), 1U);
    EXPECT_EQ(policy.files[0].path, "global.toml");
    EXPECT_EQ(policy.files[0].digest, image::Digest::of("schema = 1\n").text());
}

TEST(Load, EachSeverityTakesEachAction) {
    for (auto const severity : finding::severities) {
        for (auto const action :
             {Action::allow, Action::warn, Action::block_if_fixed, Action::block}) {
            auto const policy = load_text(cat("schema = 1\n[severity]\n",
                                              finding::to_string(severity),
                                              " = \"",
                                              to_string(action),
                                              "\"\n"));
            ASSERT_TRUE(policy.has_value()) << mistakes_of(policy);
            EXPECT_EQ(policy->severity.at(severity).value, action);
            EXPECT_EQ(policy->severity.at(severity).origin,
                      (Origin{Level::global,
                              "global.toml",
                              3,
                              1,
                              cat("severity.", finding::to_string(severity))}));
        }
    }
}

TEST(Load, OtherWordsOfVendorsNameTheSameSeverity) {
    auto const policy =
        load_text("schema = 1\nseverity.moderate = \"allow\"\nseverity.important = \"warn\"\n")
            .value();
    EXPECT_EQ(policy.severity.at(Severity::medium).value, Action::allow);
    EXPECT_EQ(policy.severity.at(Severity::medium).origin.rule, "severity.medium");
    EXPECT_EQ(policy.severity.at(Severity::medium).origin.line, 2U);
    EXPECT_EQ(policy.severity.at(Severity::high).value, Action::warn);
}

TEST(Load, InheritIsTheSameAsAbsent) {
    auto const policy = load_text("schema = 1\n[severity]\ncritical = \"inherit\"\n").value();
    EXPECT_EQ(policy.severity.at(Severity::critical).value, Action::block);
    EXPECT_EQ(policy.severity.at(Severity::critical).origin.level, Level::built_in);
}

TEST(Load, ScanSettingsCarryTheirPlace) {
    auto const policy = load_text("schema = 1\n[scan]\n  on_error = \"warn\"\nuncovered = "
                                  "\"allow\"\npartly_covered = \"block\"\nmax_data_age = \"48h\"\n")
                            .value();
    EXPECT_EQ(policy.scan.on_error.at("registry").value, Action::warn);
    EXPECT_EQ(policy.scan.on_error.at("registry").origin,
              (Origin{Level::global, "global.toml", 3, 3, "scan.on_error"}));
    EXPECT_EQ(policy.scan.uncovered.value, Action::allow);
    EXPECT_EQ(policy.scan.partly_covered.value, Action::block);
    ASSERT_TRUE(policy.scan.max_data_age.has_value());
    EXPECT_EQ(policy.scan.max_data_age->value, std::chrono::hours(48));
    EXPECT_EQ(policy.scan.max_data_age->origin.rule, "scan.max_data_age");
    EXPECT_EQ(policy.scan.max_data_age->origin.line, 6U);
}

struct Mistake {
    char const* text; ///< after "schema = 1\n"
    char const* said;
};

TEST(Load, EveryMistakeSaysWhereAndWhatIsMeant) {
    Mistake const cases[] = {
        {"[sevrity]\n", "global.toml:2:2: unknown key sevrity (did you mean severity?)"},
        {"[severity]\ncritcal = \"block\"\n",
         "global.toml:3:1: unknown key critcal in [severity] (did you mean critical?)"},
        {"[severity]\nCRITICAL = \"block\"\n",
         "global.toml:3:1: unknown key CRITICAL in [severity] (did you mean critical?)"},
        {"[severity]\n\"cr\xD1\x96tical\" = \"allow\"\n", "U+0456, which is no ASCII letter"},
        {"[severity]\nhigh = \"blok\"\n",
         "global.toml:3:8: unknown action \"blok\" for severity.high (did you mean block?)"},
        {"[severity]\nhigh = \"\"\n", "global.toml:3:8: unknown action \"\" for severity.high"},
        {"[severity]\nhigh = 1\n", "global.toml:3:1: high must be a string"},
        {"[severity]\nhigh = [\"block\"]\n", "global.toml:3:1: high must be a string"},
        {"[severity]\nhigh = { fixed = \"block\" }\n", "global.toml:3:1: high must be a string"},
        {"[severity]\nmedium = \"warn\"\nmoderate = \"allow\"\n",
         "global.toml:4:1: moderate and medium are the same severity"},
        {"[severity]\nhigh = \"inherit\"\nimportant = \"allow\"\n",
         "important and high are the same severity"},
        {"[severity]\nlow = \"warn\"\nlow = \"allow\"\n", "global.toml:4:"},
        {"severity = \"block\"\n", "global.toml:2:1: severity must be a table: [severity]"},
        {"[[severity]]\nhigh = \"block\"\n", "severity must be a table"},
        {"[scan]\nuncoverd = \"allow\"\n",
         "global.toml:3:1: unknown key uncoverd in [scan] (did you mean uncovered?)"},
        {"[scan]\nuncovered = \"block-if-fixed\"\n",
         "global.toml:3:13: unknown action \"block-if-fixed\" for scan.uncovered"},
        {"[scan]\nuncovered = \"inherit\"\n", "unknown action \"inherit\" for scan.uncovered"},
        {"[scan]\non_error = { registri = \"warn\" }\n", "did you mean registry?"},
        {"[scan]\nmax_data_age = \"2 days\"\n", "global.toml:3:16: not a duration: \"2 days\""},
        {"[scan]\nmax_data_age = 48\n", "global.toml:3:1: max_data_age must be a string"},
        {"[scan]\nmax_data_age = \"0h\"\n", "max_data_age must be more than nothing"},
        {"[scan]\nmax_data_age = \"-1h\"\n", "not a duration"},
        {"[scan]\nmax_data_age = \"99999999999999999999h\"\n", "not a duration"},
        {"[scan\n", "global.toml:2:6: not valid TOML"},
        {"[=scan]\n", "global.toml:2:2: not valid TOML"},
        {"[é]\n", "global.toml:2:2: U+00E9 outside of strings and comments"},
        {"[.scan]\n", "global.toml:2:2: not valid TOML"},
        {"x = \"\"\"a\\\n  é\"\"\"\n", "global.toml:2:1: unknown key x"},
        {"x = [1979-05-27T07:32:00d=\"é\"]\n", "global.toml:2:"},
        {"x = \"\xE2\x80\xAE\"\n", "global.toml:2:6: invisible character U+202E"},
    };
    for (auto const& c : cases) {
        auto const said = mistakes_of(load_text(std::string("schema = 1\n") + c.text));
        EXPECT_NE(said.find(c.said), std::string::npos) << c.text << "gave\n" << said;
    }
}

TEST(Load, TheSchemaIsRequiredAndOnlyOneIsKnown) {
    Mistake const cases[] = {
        {"", "global.toml: schema is missing"},
        {"[severity]\nhigh = \"block\"\n", "global.toml: schema is missing"},
        {"schema = 2\n", "global.toml:1:10: schema 2 is not known to this version"},
        {"schema = \"1\"\n", "global.toml:1:1: schema must be the number 1"},
        {"schema = 1.0\n", "schema must be the number 1"},
        {"schema = true\n", "schema must be the number 1"},
        {"[scan]\nschema = 1\n", "global.toml: schema is missing"},
    };
    for (auto const& c : cases) {
        auto const said = mistakes_of(load_text(c.text));
        EXPECT_NE(said.find(c.said), std::string::npos) << c.text << "gave\n" << said;
    }
}

TEST(Load, AllMistakesAreToldAtOnceInTheOrderOfTheText) {
    auto const said = mistakes_of(load_text("schema = 1\n"
                                            "zebra = 1\n"
                                            "[severity]\n"
                                            "low = \"wrn\"\n"
                                            "hihg = \"block\"\n"
                                            "[scan]\n"
                                            "uncovered = 7\n"
                                            "[budget]\n"
                                            "meduim = 1\n"));
    auto const lines = split(said, '\n');
    ASSERT_EQ(lines.size(), 6U) << said;
    EXPECT_TRUE(lines[0].starts_with("global.toml:2:1: unknown key zebra"));
    EXPECT_TRUE(lines[1].starts_with("global.toml:4:7: unknown action \"wrn\""));
    EXPECT_TRUE(lines[2].starts_with("global.toml:5:1: unknown key hihg"));
    EXPECT_TRUE(lines[3].starts_with("global.toml:7:1: uncovered must be a string"));
    EXPECT_TRUE(lines[4].starts_with("global.toml:9:1: unknown key meduim in [budget]"));
}

TEST(Load, EveryMistakeOfAKeyNamesARemedy) {
    auto const loaded = load_text("schema = 1\n[severity]\ncritcal = \"blok\"\n");
    ASSERT_FALSE(loaded.has_value());
    EXPECT_EQ(loaded.error().remedy(),
              "known: critical, high, medium, low, negligible, unknown, moderate or important");
}

TEST(Load, OtherFilesAreRefusedByName) {
    for (auto const* path : {"environment/Prod.toml",
                             "environment/prod.tml",
                             "enviroment/prod.toml",
                             "environment/../prod.toml",
                             "environment/a@b.toml",
                             "application/a@b@c.toml",
                             "application/a/b.toml",
                             "application/.toml",
                             "application/-a.toml",
                             "globl.toml",
                             "/global.toml",
                             ""}) {
        auto const loaded = load({{"global.toml", "schema = 1\n"}, {path, "schema = 1\n"}});
        auto const said = mistakes_of(loaded);
        EXPECT_NE(said.find(cat(path, ": is no policy file")), std::string::npos) << said;
    }
    EXPECT_NE(mistakes_of(load({{"globl.toml", ""}})).find("did you mean global.toml?"),
              std::string::npos);
    EXPECT_NE(mistakes_of(load({{"global.toml", "schema = 1"}, {"global.toml", "schema = 1"}}))
                  .find("given twice"),
              std::string::npos);
}

constexpr char const* empty = "schema = 1\n";

std::vector<SourceFile> tree() {
    return {{"global.toml", "schema = 1\n[severity]\nlow = \"warn\"\n"},
            {"cluster/eu.toml", "schema = 1\n[severity]\nlow = \"allow\"\n"},
            {"cluster/us.toml", empty},
            {"environment/prod.toml", "cluster = \"eu\"\nschema = 1\n"},
            {"environment/test.toml", empty},
            {"environment/lost.toml", "schema = 1\ncluster = \"asia\"\n"},
            {"application/shop.toml", empty},
            {"application/shop@prod.toml", empty},
            {"application/only@prod.toml", empty},
            {"tests/cases.toml", "not read here"}};
}

std::string levels_of(Context const& context) {
    auto const loaded = load(tree(), context);
    if (!loaded.has_value())
        return mistakes_of(loaded);
    std::string out;
    for (auto const& file : loaded->files)
        out += cat(file.path, " ");
    for (auto const& note : loaded->notes)
        out += cat("(", note.text, ")");
    return out;
}

TEST(Load, AContextPicksTheFilesOfItsLevels) {
    struct {
        Context context;
        char const* levels;
    } const cases[] = {
        {{}, "global.toml "},
        {{"us", "", ""}, "cluster/us.toml global.toml "},
        {{"", "prod", ""}, "cluster/eu.toml environment/prod.toml global.toml "},
        {{"eu", "prod", ""}, "cluster/eu.toml environment/prod.toml global.toml "},
        {{"us", "test", ""}, "cluster/us.toml environment/test.toml global.toml "},
        {{"", "test", ""}, "environment/test.toml global.toml "},
        {{"", "test", "shop"}, "application/shop.toml environment/test.toml global.toml "},
        {{"", "prod", "shop"},
         "application/shop.toml application/shop@prod.toml cluster/eu.toml "
         "environment/prod.toml global.toml "},
        {{"", "prod", "only"},
         "application/only@prod.toml cluster/eu.toml environment/prod.toml global.toml "},
        {{"", "", "shop"}, "application/shop.toml global.toml "},
        {{"", "", "other"},
         "global.toml (there is no application/other.toml: the application inherits everything)"},
    };
    for (auto const& c : cases)
        EXPECT_EQ(levels_of(c.context), c.levels);
}

TEST(Load, AContextThatTheFilesDoNotHaveIsRefused) {
    struct {
        Context context;
        char const* said;
    } const cases[] = {
        {{"", "stage", ""}, "there is no environment/stage.toml in the policy folder"},
        {{"", "prd", ""},
         "there is no environment/prd.toml in the policy folder (did you mean prod?)"},
        {{"asia", "", ""}, "there is no cluster/asia.toml in the policy folder"},
        {{"us", "prod", ""},
         "environment/prod.toml:1:1: environment prod is on cluster eu, not on us"},
        {{"", "lost", ""}, "environment/lost.toml:2:1: there is no cluster/asia.toml"},
    };
    for (auto const& c : cases)
        EXPECT_EQ(levels_of(c.context), cat(c.said, "\n"));
    for (auto const* name : {"Prod", "../prod", "a/b", "-a", ".a", "a b", "prod\n"}) {
        auto const loaded = load(tree(), {"", name, ""});
        ASSERT_FALSE(loaded.has_value()) << name;
        EXPECT_EQ(loaded.error().kind(), ErrorKind::usage) << name;
    }
    EXPECT_TRUE(is_level_name(std::string(128, 'a')));
    EXPECT_FALSE(is_level_name(std::string(129, 'a')));
    EXPECT_FALSE(is_level_name(""));
}

TEST(Load, WithoutAnyFileAnEnvironmentOrClusterIsRefusedAndAnApplicationInherits) {
    EXPECT_FALSE(load({}, {"", "prod", ""}).has_value());
    EXPECT_FALSE(load({}, {"eu", "", ""}).has_value());
    auto const policy = load({}, {"", "", "shop"}).value();
    EXPECT_EQ(policy.source, "built-in");
    EXPECT_EQ(policy.notes.size(), 1U);
}

TEST(Load, MistakesOfAllFilesOfAContextAreToldTogether) {
    auto files = tree();
    files[0].bytes += "zebra = 1\n";
    files[3].bytes = "schema = 1\ncluster = \"nowhere\"\n";
    files[6].bytes = "";
    auto const said = mistakes_of(load(files, {"", "prod", "shop"}));
    for (auto const* part : {"application/shop.toml: schema is missing",
                             "environment/prod.toml:2:1: there is no cluster/nowhere.toml",
                             "global.toml:4:1: unknown key zebra"})
        EXPECT_NE(said.find(part), std::string::npos) << part << " is not in\n" << said;
}

TEST(Load, TheSourceIsThatOfTheFilesThatCount) {
    auto files = tree();
    for (auto& file : files)
        file.source = file.path == "global.toml" ? "oci:org/policy@sha256:1" : "git:abc";
    EXPECT_EQ(load(files).value().source, "oci:org/policy@sha256:1");
    EXPECT_EQ(load(files, {"", "test", ""}).value().source, "git:abc, oci:org/policy@sha256:1");
    files = {{"application/other.toml", empty, "folder"}};
    EXPECT_EQ(load(files, {"", "", "shop"}).value().source, "built-in");
}

TEST(Load, MistakesOfATreeAreThoseOfEveryContext) {
    auto files = tree();
    files.push_back({"application/shop@stage.toml", empty});
    files.push_back({"application/bad.toml", "schema = 1\n[severity]\nhigh = 1\nlow = 2\n"});
    files.push_back({"stray.toml", empty});
    files.push_back({"cluster/eu.toml", empty});
    std::vector<std::string> said;
    for (auto const& mistake : mistakes_of_tree(files))
        said.push_back(mistake.text());
    std::sort(said.begin(), said.end());
    std::vector<std::string> const expected{
        "application/bad.toml:3:1: high must be a string",
        "application/bad.toml:4:1: low must be a string",
        "application/shop@stage.toml: there is no environment/stage.toml",
        "cluster/eu.toml: is given twice",
        "environment/lost.toml:2:1: there is no cluster/asia.toml",
        "stray.toml: is no policy file"};
    EXPECT_EQ(said, expected);
    EXPECT_TRUE(mistakes_of_tree({}).empty());
}

TEST(Load, AFloodOfMistakesIsCutAndCounted) {
    std::string text = "schema = 1\n";
    for (int i = 0; i < 3'000; ++i)
        text += cat("key", i, " = 1\n");
    auto const loaded = load_text(text);
    ASSERT_FALSE(loaded.has_value());
    EXPECT_EQ(loaded.error().also().size(), 100U);
    EXPECT_EQ(loaded.error().also().back().message(), "and 2900 more mistakes");
}

TEST(Load, HostileNestingEndsAsAMistake) {
    std::string arrays(100'000, '[');
    std::string tables;
    for (int i = 0; i < 50'000; ++i)
        tables += "{a=";
    std::string dotted = "a";
    for (int i = 0; i < 100'000; ++i)
        dotted += ".a";
    // Inline tables hold line breaks inside multi-line strings only: each line adds its own dots.
    std::string lines;
    for (int i = 0; i < 2'000; ++i)
        lines += "{ k = \"\"\"\n\"\"\", a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a = ";
    for (auto const& text : {"x = " + arrays,
                             "x = " + tables,
                             dotted + " = 1",
                             "[" + dotted + "]",
                             "x = {\"" + std::string(900'000, 'k') + "\" = 1}",
                             "x = " + lines})
        EXPECT_NE(mistakes_of(load_text("schema = 1\n" + text + "\n")), "none");
}

TEST(Load, WrongWordsAreShownShortAndHarmless) {
    auto const said = mistakes_of(load_text("schema = 1\n\"" + std::string(100'000, 'k') +
                                            "\" = 1\n[severity]\nhigh = \"\\u001b[31m" +
                                            std::string(9000, 'x') + "\"\n"));
    EXPECT_LT(said.size(), 1000U);
    EXPECT_EQ(said.find('\x1b'), std::string::npos);
    EXPECT_NE(said.find("\\x1b[31m"), std::string::npos) << said;
}

TEST(Load, EveryTruncationOfAPolicyIsAPolicyOrAMistakeNeverACrash) {
    std::string const whole = "schema = 1\n[severity]\ncritical = \"block\" # über\n"
                              "[scan]\nmax_data_age = \"48h\"\n";
    for (std::size_t bytes = 0; bytes <= whole.size(); ++bytes)
        (void)mistakes_of(load_text(whole.substr(0, bytes)));
    EXPECT_TRUE(load_text(whole).has_value());
}

TEST(Load, FlippedBytesAreAPolicyOrAMistakeNeverACrash) {
    std::string const whole = "schema = 1\n[severity]\ncritical = \"block\" # über\n"
                              "[scan]\nmax_data_age = \"48h\"\nuncovered = 'warn'\n";
    std::mt19937 random(20261124);
    constexpr std::string_view spice = "[]{}\"'=.#\n\\\t \x01\xE2\x80\xAE,1eE_+-:TZ";
    for (int round = 0; round < 5'000; ++round) {
        auto text = whole;
        for (int flips = 0; flips < 4; ++flips)
            text[random() % text.size()] = spice[random() % spice.size()];
        (void)mistakes_of(load_text(text));
    }
}

} // namespace
} // namespace clairgate::policy
