#include "policy/mistakes.hpp"

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

using sample::expect_mistakes;
using sample::Mistake;

std::string lock(std::string const& key, std::string const& more = {}) {
    return "[[lock]]\nkey = \"" + key + "\"\n" + more;
}

constexpr char const* everything =
    "[severity]\ncritical = \"block\"\nmedium = \"warn\"\n"
    "[scan]\non_error = \"block\"\nuncovered = \"block\"\npartly_covered = \"warn\"\n"
    "max_data_age = \"2d\"\nmax_report_age = \"7d\"\nrequire_signature = true\nenforce = "
    "\"block\"\n"
    "[exceptions]\nmax_days = 90\nfrom_change = false\nvex_authors = [\"a\"]\n"
    "[budget]\nlow = 3\n"
    "[[rule]]\nname = \"a.b c\"\nwhen = { kev = true }\naction = \"block\"\n"
    "[[require]]\nname = \"prod\"\nscan = \"required\"\n";

TEST(LockReader, ReadsEachKindOfKey) {
    for (auto const* key : {"severity.critical",
                            "severity.medium",
                            "scan.on_error",
                            "scan.uncovered",
                            "scan.partly_covered",
                            "scan.max_data_age",
                            "scan.max_report_age",
                            "scan.require_signature",
                            "scan.enforce",
                            "exceptions.max_days",
                            "exceptions.from_change",
                            "exceptions.vex_authors",
                            "budget.low",
                            "rule.a.b c",
                            "require.prod"}) {
        auto const layer = sample::layer_of(everything + lock(key));
        ASSERT_TRUE(layer.has_value()) << key << sample::mistakes_of(layer);
        ASSERT_EQ(layer->locks.size(), 1U);
        EXPECT_EQ(layer->locks[0].origin.rule, "lock " + std::string(key));
        EXPECT_FALSE(layer->locks[0].is_waivable);
    }
}

TEST(LockReader, SpellingsOfASeverityAreOneLock) {
    auto const layer = sample::layer_of(everything + lock("severity.moderate")).value();
    EXPECT_EQ(layer.locks[0].name, "medium");
    Mistake const cases[] = {{everything + lock("severity.moderate") + lock("severity.MEDIUM"),
                              "two of lock severity.medium"}};
    expect_mistakes(cases);
}

TEST(LockReader, AWaivableLockIsOfSeverityOrRule) {
    auto const layer =
        sample::layer_of(everything + lock("severity.critical", "waivable = true\n") +
                         lock("rule.a.b c", "waivable = true\n"))
            .value();
    EXPECT_TRUE(layer.locks[0].is_waivable);
    EXPECT_TRUE(layer.locks[1].is_waivable);
    Mistake const cases[] = {
        {everything + lock("scan.uncovered", "waivable = true\n"),
         "only locks of severity and rule can be waivable"},
        {everything + lock("severity.critical", "waivable = \"yes\"\n"),
         "waivable must be true or false"},
    };
    expect_mistakes(cases);
}

TEST(LockReader, RefusesImpossibleLocks) {
    Mistake const cases[] = {
        {lock("severity.critical"),
         "global.toml:2:1: lock severity.critical locks what this file does not say"},
        {everything + lock("severity.high"), "locks what this file does not say"},
        {everything + lock("severity.severe"), "locks what this file does not say"},
        {everything + lock("rule.other"), "lock rule.other locks what this file does not say"},
        {everything + lock("budget.high"), "locks what this file does not say"},
        {everything + lock("require.other"), "locks what this file does not say"},
        {everything + lock("scan.uncoverd"), "locks what this file does not say"},
        {everything + lock("exceptions.days"), "locks what this file does not say"},
        {"[severity]\nhigh = \"inherit\"\n" + lock("severity.high"),
         "locks what this file does not say"},
        {everything + lock("sevrity.high"), "did you mean severity?"},
        {everything + lock("severity"), "a lock's key is severity.X"},
        {everything + lock(""), "a lock's key is severity.X"},
        {everything + lock("."), "a lock's key is severity.X"},
        {everything + lock("severity."), "a lock's key is severity.X"},
        {everything + lock("rule."), "a lock's key is severity.X"},
        {"[[lock]]\n", "global.toml:2:1: [[lock]] without key"},
        {"[[lock]]\nkey = 1\n", "key must be a string"},
        {"[[lock]]\nkey = \"severity.high\"\nwaivabel = true\n", "did you mean waivable?"},
        {everything + lock("rule.a.b c") + lock("rule.a.b c"), "two of lock rule.a.b c"},
    };
    expect_mistakes(cases);
}

} // namespace
} // namespace clairgate::policy
