#include "policy/mistakes.hpp"

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

using sample::expect_mistakes;
using sample::layer_of;
using sample::Mistake;

TEST(SectionReader, OnErrorIsOneActionOrOnePerClass) {
    auto const one = layer_of("[scan]\non_error = \"warn\"\n").value().scan.on_error;
    ASSERT_EQ(one.size(), 2U);
    EXPECT_EQ(one.at("registry").value, Action::warn);
    EXPECT_EQ(one.at("clair").value, Action::warn);
    auto const table =
        layer_of("[scan]\non_error = { clair = \"allow\", stale = \"block\" }\n").value();
    auto const& classes = table.scan.on_error;
    ASSERT_EQ(classes.size(), 2U);
    EXPECT_EQ(classes.at("clair").value, Action::allow);
    EXPECT_EQ(classes.at("stale").value, Action::block);
    EXPECT_EQ(classes.at("stale").origin.rule, "scan.on_error.stale");
    Mistake const cases[] = {
        {"[scan]\non_error = { clare = \"warn\" }\n", "did you mean clair?"},
        {"[scan]\non_error = { clair = 1 }\n", "clair must be a string"},
        {"[scan]\non_error = \"block-if-fixed\"\n", "unknown action \"block-if-fixed\""},
        {"[scan]\non_error = [\"warn\"]\n", "on_error must be a string"},
    };
    expect_mistakes(cases);
}

TEST(SectionReader, EnforceIsOnlyLoosenedByTheGlobalFile) {
    EXPECT_FALSE(layer_of("[scan]\nenforce = \"report\"\n").value().scan.enforce->value);
    EXPECT_TRUE(layer_of("[scan]\nenforce = \"block\"\n").value().scan.enforce->value);
    for (auto const* path : {"cluster/eu.toml",
                             "environment/prod.toml",
                             "application/shop.toml",
                             "application/shop@prod.toml"}) {
        EXPECT_TRUE(layer_of("[scan]\nenforce = \"block\"\n", path).has_value()) << path;
        Mistake const cases[] = {
            {"[scan]\nenforce = \"report\"\n", ":3:11: scan.enforce = \"report\" of a nearer"}};
        expect_mistakes(cases, path);
    }
    Mistake const cases[] = {
        {"[scan]\nenforce = \"raport\"\n", "unknown word \"raport\" for scan.enforce"},
        {"[scan]\nenforce = false\n", "enforce must be a string"}};
    expect_mistakes(cases);
}

TEST(SectionReader, ExceptionSettingsHaveTheirTypesAndBounds) {
    auto const read =
        layer_of("[exceptions]\nmax_days = 3650\nfrom_change = true\nvex_authors = \"a\"\n")
            .value()
            .exceptions;
    EXPECT_EQ(read.max_days->value, 3650U);
    EXPECT_TRUE(read.from_change->value);
    EXPECT_EQ(read.vex_authors->value, std::vector<std::string>{"a"});
    EXPECT_EQ(read.max_days->origin.rule, "exceptions.max_days");
    Mistake const cases[] = {
        {"[exceptions]\nmax_days = 0\n", "global.toml:3:12: max_days is between 1 and 3650"},
        {"[exceptions]\nmax_days = -1\n", "max_days is between 1 and 3650"},
        {"[exceptions]\nmax_days = 3651\n", "max_days is between 1 and 3650"},
        {"[exceptions]\nmax_days = 9223372036854775807\n", "max_days is between 1 and 3650"},
        {"[exceptions]\nmax_days = 9223372036854775808\n", "not valid TOML"},
        {"[exceptions]\nmax_days = 30.0\n", "max_days must be a whole number"},
        {"[exceptions]\nmax_days = \"30\"\n", "max_days must be a whole number"},
        {"[exceptions]\nfrom_change = 1\n", "from_change must be true or false"},
        {"[exceptions]\nvex_authors = [1]\n", "must be a string or an array of strings"},
        {"[exceptions]\nmax_day = 3\n", "did you mean max_days?"},
    };
    expect_mistakes(cases);
}

TEST(SectionReader, BudgetsAreWholeNumbersPerSeverity) {
    auto const budget = layer_of("[budget]\nmoderate = 20\nlow = 0\n").value().budget;
    EXPECT_EQ(budget.at(finding::Severity::medium).value, 20U);
    EXPECT_EQ(budget.at(finding::Severity::low).value, 0U);
    EXPECT_EQ(budget.at(finding::Severity::medium).origin.rule, "budget.medium");
    Mistake const cases[] = {
        {"[budget]\nlow = -1\n", "global.toml:3:7: a budget is not negative"},
        {"[budget]\nlow = 1.5\n", "low must be a whole number"},
        {"[budget]\nlow = \"1\"\n", "low must be a whole number"},
        {"[budget]\nmedium = 1\nmoderate = 2\n", "two budgets for medium"},
        {"[budget]\nlwo = 1\n", "did you mean low?"},
        {"[budget]\nnone = 1\n", "unknown key none in [budget]"},
    };
    expect_mistakes(cases);
}

TEST(SectionReader, SeverityKeysAreTheirLowerCaseWords) {
    Mistake const cases[] = {
        {"[severity]\nCritical = \"warn\"\n", "unknown key Critical in [severity]"},
        {"[severity]\ndefcon1 = \"warn\"\n", "unknown key defcon1 in [severity]"},
        {"[severity]\nnone = \"warn\"\n", "unknown key none in [severity]"},
        {"[severity]\nsevere = \"warn\"\n", "unknown key severe in [severity]"},
        {"[severity]\nhigh = \"warn\"\nhigh = \"block\"\n", "not valid TOML"},
        {"[severity]\nhigh = \"warn\"\n\"high\" = \"block\"\n", "not valid TOML"},
        {"[severity]\nhigh = \"warn\"\n[severity]\nlow = \"warn\"\n", "not valid TOML"},
    };
    expect_mistakes(cases);
}

TEST(SectionReader, AnAgeIsSomeTime) {
    Mistake const cases[] = {
        {"[scan]\nmax_report_age = \"0d\"\n", "max_report_age must be more than nothing"},
        {"[scan]\nmax_report_age = \"9999d\"\n", "not a duration"},
        {"[scan]\nrequire_signature = \"true\"\n", "require_signature must be true or false"},
    };
    expect_mistakes(cases);
    EXPECT_EQ(layer_of("[scan]\nmax_report_age = \"1d12h\"\n").value().scan.max_report_age->value,
              std::chrono::hours(36));
}

} // namespace
} // namespace clairgate::policy
