#include "policy/levels.hpp"

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

using finding::Severity;

std::string scan(std::string const& settings) {
    return settings.empty() ? "" : "[scan]\n" + settings + "\n";
}

// The settings in effect, as one line.
std::string effective(Policy const& policy) {
    auto const& s = policy.scan;
    auto out = cat("uncovered ",
                   to_string(s.uncovered.value),
                   ", partly ",
                   to_string(s.partly_covered.value),
                   ", data ",
                   s.max_data_age ? clairgate::to_string(s.max_data_age->value) : "any",
                   ", report ",
                   clairgate::to_string(s.max_report_age.value),
                   s.require_signature.value ? ", signed" : "",
                   s.enforce.value ? "" : ", report only");
    for (auto const& [fault, action] : s.on_error)
        out += cat(", ", fault, " ", to_string(action.value));
    return out;
}

struct ScanCase {
    char const* sentence;
    std::vector<std::string> levels;
    char const* effective;
};

TEST(Resolve, ScanSettingsOfNearerLevelsOnlyTighten) {
    std::string const loose = "on_error = \"allow\"\nuncovered = \"allow\"\npartly_covered = "
                              "\"allow\"\nmax_data_age = \"30d\"\nmax_report_age = "
                              "\"30d\"\nrequire_signature = false";
    std::string const strict = "on_error = \"block\"\nuncovered = \"block\"\npartly_covered = "
                               "\"block\"\nmax_data_age = \"1d\"\nmax_report_age = "
                               "\"1d\"\nrequire_signature = true";
    char const* const defaults =
        "uncovered block, partly warn, data any, report 7d0h, signed, clair block, registry block";
    char const* const loosest = "uncovered allow, partly allow, data 30d0h, report 30d0h, "
                                "clair allow, registry allow";
    char const* const strictest = "uncovered block, partly block, data 1d0h, report 1d0h, signed, "
                                  "clair block, registry block";
    ScanCase const cases[] = {
        {"nothing is said: the built-in values", {}, defaults},
        {"the global file replaces them, downwards too", {scan(loose)}, loosest},
        {"and upwards", {scan(strict)}, strictest},
        {"a cluster tightens the global file", {scan(loose), scan(strict)}, strictest},
        {"an application tightens it", {scan(loose), "", "", scan(strict)}, strictest},
        {"a cluster cannot loosen it", {scan(strict), scan(loose)}, strictest},
        {"nor an environment", {scan(strict), "", scan(loose)}, strictest},
        {"nor an application at it", {scan(strict), "", "", "", scan(loose)}, strictest},
        {"nor what is built in",
         {"", "", "", scan("uncovered = \"allow\"\nmax_report_age = \"9d\"")},
         defaults},
        {"what a nearer one tightened stays so for the next",
         {scan(loose), scan(strict), scan(loose)},
         strictest},
        {"an age that nobody gave may be given anywhere",
         {"", "", "", scan("max_data_age = \"2d\"")},
         "uncovered block, partly warn, data 2d0h, report 7d0h, signed, clair block, registry "
         "block"},
        {"faults tighten class by class",
         {scan("on_error = \"warn\""), scan("on_error = { clair = \"block\", stale = \"warn\" }")},
         "uncovered block, partly warn, data any, report 7d0h, signed, clair block, registry warn, "
         "stale warn"},
        {"only the global file reports without blocking",
         {scan("enforce = \"report\"")},
         "uncovered block, partly warn, data any, report 7d0h, signed, report only, clair block, "
         "registry block"},
        {"and a nearer level may enforce it",
         {scan("enforce = \"report\""), "", scan("enforce = \"block\"")},
         defaults},
    };
    for (auto const& c : cases)
        EXPECT_EQ(effective(sample::levels(c.levels)), c.effective) << c.sentence;
}

TEST(Resolve, BudgetsAreTheSmallestOfAllLevels) {
    auto const budget = [](std::vector<std::string> const& levels) {
        auto const policy = sample::levels(levels);
        std::string out;
        for (auto const& [severity, allowed] : policy.budget)
            out += cat(finding::to_string(severity), " ", allowed.value, " ");
        return out;
    };
    EXPECT_EQ(budget({}), "");
    EXPECT_EQ(budget({"[budget]\nlow = 9\n", "[budget]\nlow = 3\nhigh = 0\n"}), "low 3 high 0 ");
    EXPECT_EQ(budget({"[budget]\nlow = 3\n", "", "", "[budget]\nlow = 9\n"}), "low 3 ");
    EXPECT_EQ(budget({"", "", "", "", "[budget]\nlow = 9\n"}), "low 9 ");
}

TEST(Resolve, TheNearestSeverityIsInEffectUnlessALockHoldsIt) {
    auto const high = [](std::vector<std::string> const& levels) {
        auto const policy = sample::levels(levels);
        auto const& setting = policy.severity.at(Severity::high);
        return cat(to_string(setting.value), " by ", to_string(setting.origin.level));
    };
    auto const says = [](std::string const& action) {
        return "[severity]\nhigh = \"" + action + "\"\n";
    };
    std::string const lock = "[[lock]]\nkey = \"severity.high\"\n";
    EXPECT_EQ(high({}), "block-if-fixed by built-in");
    EXPECT_EQ(high({says("warn"), "", "", says("allow")}), "allow by application");
    EXPECT_EQ(high({says("warn") + lock, "", "", says("allow")}), "warn by global");
    EXPECT_EQ(high({says("warn") + lock, "", "", says("block")}), "block by application");
    EXPECT_EQ(high({says("warn") + lock, says("block") + lock, says("allow")}), "block by cluster");
    EXPECT_EQ(high({says("block") + lock, says("warn") + lock, says("allow")}), "block by global");
}

struct DaysCase {
    char const* sentence;
    std::vector<std::string> levels;
    std::uint32_t days; ///< 0: any
};

TEST(Resolve, ExceptionSettingsAreTheNearestUnlessALockHoldsThem) {
    auto const says = [](int days) { return cat("[exceptions]\nmax_days = ", days, "\n"); };
    std::string const lock = "[[lock]]\nkey = \"exceptions.max_days\"\n";
    DaysCase const cases[] = {
        {"nobody says it", {}, 0},
        {"the nearest", {says(90), says(30), says(200)}, 200},
        {"a lock holds it", {says(90) + lock, "", says(200)}, 90},
        {"a nearer one may tighten it", {says(90) + lock, "", says(30)}, 30},
        {"tightened without lock is loosened to the lock",
         {says(90) + lock, says(30), says(200)},
         90},
        {"two locks", {says(90) + lock, says(30) + lock, says(200)}, 30},
        {"a looser lock inside of a stricter", {says(30) + lock, says(90) + lock, says(200)}, 30},
    };
    for (auto const& c : cases) {
        auto const days = sample::levels(c.levels).exceptions.max_days;
        EXPECT_EQ(days ? days->value : 0, c.days) << c.sentence;
    }
}

TEST(Resolve, ALockedListOfAuthorsMayOnlyShrink) {
    auto const authors = [](std::vector<std::string> const& levels) {
        auto const policy = sample::levels(levels);
        auto const& trusted = policy.exceptions.vex_authors;
        return trusted ? join(trusted->value, " ") : "nobody said";
    };
    auto const says = [](std::string const& list) {
        return "[exceptions]\nvex_authors = [" + list + "]\n";
    };
    std::string const lock = "[[lock]]\nkey = \"exceptions.vex_authors\"\n";
    EXPECT_EQ(authors({}), "nobody said");
    EXPECT_EQ(authors({says("\"a\""), says("\"b\"")}), "b");
    EXPECT_EQ(authors({says("\"a\", \"b\"") + lock, says("\"b\"")}), "b");
    EXPECT_EQ(authors({says("\"a\", \"b\"") + lock, says("\"b\", \"c\"")}), "a b");
    EXPECT_EQ(authors({says("\"a\"") + lock, says("")}), "");
    EXPECT_EQ(authors({says("\"a\", \"b\"") + lock, says("\"b\"") + lock, says("\"a\"")}), "b");
    auto const from_change = sample::levels({"[exceptions]\nfrom_change = false\n[[lock]]\n"
                                             "key = \"exceptions.from_change\"\n",
                                             "[exceptions]\nfrom_change = true\n"});
    EXPECT_FALSE(from_change.exceptions.from_change.value);
    EXPECT_TRUE(
        sample::levels({"[exceptions]\nfrom_change = true\n"}).exceptions.from_change.value);
}

TEST(Resolve, WhatIsSaidInVainIsNoted) {
    auto const policy =
        sample::levels({"[severity]\nhigh = \"block\"\n[scan]\nuncovered = \"warn\"\n[budget]\n"
                        "low = 1\n[exceptions]\nmax_days = 9\n[[lock]]\nkey = \"severity.high\"\n"
                        "[[lock]]\nkey = \"exceptions.max_days\"\n",
                        "",
                        "",
                        "[severity]\nhigh = \"warn\"\n[scan]\nuncovered = \"allow\"\n"
                        "[budget]\nlow = 2\n[exceptions]\nmax_days = 10\n"});
    std::string notes;
    for (auto const& note : policy.notes)
        notes += place_of(note.origin) + " " + note.text + "\n";
    for (auto const* part :
         {"application/shop.toml:3:1 severity.high has no effect: severity.high (global.toml:3:1)",
          "application/shop.toml:5:1 scan.uncovered has no effect: scan.uncovered "
          "(global.toml:5:1)",
          "application/shop.toml:7:1 budget.low has no effect: budget.low (global.toml:7:1)",
          "application/shop.toml:9:1 exceptions.max_days has no effect: exceptions.max_days "
          "(global.toml:9:1)"})
        EXPECT_NE(notes.find(part), std::string::npos) << part << "\nis not in\n" << notes;
    EXPECT_EQ(policy.notes.size(), 4U);
    EXPECT_TRUE(sample::levels({"[severity]\nhigh = \"warn\"\n", "[severity]\nhigh = \"warn\"\n"})
                    .notes.empty());
}

TEST(Resolve, RequirementsOfAllLevelsAreKeptOutermostFirst) {
    auto const policy = sample::levels({"[[require]]\nname = \"a\"\nscan = \"required\"\n",
                                        "",
                                        "",
                                        "[[require]]\nname = \"a\"\nscan = \"off\"\n"});
    ASSERT_EQ(policy.requirements.size(), 2U);
    EXPECT_EQ(policy.requirements[0].scan, Requirement::Scan::required);
    EXPECT_EQ(policy.requirements[1].origin.level, Level::application);
}

TEST(Resolve, EverySeverityHasAnActionWhateverTheFilesSay) {
    for (auto const& policy : {sample::levels({}), built_in(), resolve({}, {})}) {
        EXPECT_EQ(policy.severity.size(), finding::severities.size());
        EXPECT_EQ(policy.layers.front().level, Level::built_in);
    }
}

} // namespace
} // namespace clairgate::policy
