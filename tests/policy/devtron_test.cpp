// The worked examples of Devtron's model in both orders: CVE-1 is critical.
#include "policy/levels.hpp"

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

using finding::Severity;
using sample::allow;
using sample::lock;
using sample::rule;
using sample::severity;

// Devtron allows by default.
constexpr char const* defaults = "[severity]\ncritical = \"allow\"\nhigh = \"allow\"\n"
                                 "medium = \"allow\"\nlow = \"allow\"\n";

std::string cve(std::string const& action) {
    return rule("CVE-1 is " + action, "id = \"CVE-1\"", action);
}

struct Row {
    char const* sentence;
    std::vector<std::string> levels; ///< global, cluster, environment, application, at environment
    char const* devtron;             ///< its effect with a fix, and without
    char const* nearest;             ///< in our own order
};

std::string effects(std::vector<std::string> levels, bool is_devtron) {
    if (is_devtron)
        levels.front().insert(0, "precedence = \"devtron\"\n");
    auto const policy = sample::levels(levels);
    EXPECT_EQ(policy.is_devtron, is_devtron);
    std::string out;
    for (auto const* fixed_version : {"2", ""}) {
        auto finding = sample::finding(Severity::critical, fixed_version);
        finding.id = "CVE-1";
        auto const verdict = sample::judge(policy, sample::scan({finding}));
        out += cat(out.empty() ? "" : " / ", to_string(verdict.decisions().front().effect));
    }
    return out;
}

TEST(Devtron, TheWorkedExamplesHoldInItsOrderAndDifferInOursWhereDocumented) {
    auto const blocks = severity("block");
    auto const allows = severity("allow");
    std::string const d = defaults;
    // Where Devtron allows a finding of blockiffixed without fix, block-if-fixed warns.
    Row const rows[] = {
        {"1: the defaults", {d}, "allow / allow", "allow / allow"},
        {"2: global critical=block", {blocks}, "block / block", "block / block"},
        {"3: and cluster critical=allow", {blocks, allows}, "allow / allow", "allow / allow"},
        {"4: and environment critical=blockiffixed",
         {blocks, allows, severity("block-if-fixed")},
         "block / warn",
         "block / warn"},
        {"5: environment critical=block, application at it critical=allow",
         {d, "", blocks, "", allows},
         "allow / allow",
         "allow / allow"},
        {"6: global CVE-1=allow, application at environment critical=block: the CVE beats severity "
         "at any level there, the nearest level here",
         {d + cve("allow"), "", "", "", blocks},
         "allow / allow",
         "block / block"},
        {"7: environment CVE-1=block", {d, "", cve("block")}, "block / block", "block / block"},
        {"8: global CVE-1=block, application at environment CVE-1=allow",
         {d + cve("block"), "", "", "", cve("allow")},
         "allow / allow",
         "allow / allow"},
        {"12: application critical=block", {d, "", "", blocks}, "block / block", "block / block"},
        {"13: global critical=block, environment CVE-1=blockiffixed",
         {blocks, "", cve("block-if-fixed")},
         "block / warn",
         "block / warn"},
        {"an exception is an entry of its CVE too",
         {d + allow("", "CVE-1"), "", "", blocks},
         "allow / allow",
         "block / block"},
        {"a rule without id is none",
         {d + rule("r", "severity = \"critical\"", "allow"), "", "", blocks},
         "block / block",
         "block / block"},
        {"severity of the same level yields to the CVE",
         {d + cve("block")},
         "block / block",
         "block / block"},
        {"a nearer rule that matches by other facts yields to a farther CVE",
         {d + cve("allow"), "", "", rule("r", "severity = \"critical\"", "block")},
         "allow / allow",
         "block / block"},
    };
    for (auto const& row : rows) {
        EXPECT_EQ(effects(row.levels, true), row.devtron) << row.sentence;
        EXPECT_EQ(effects(row.levels, false), row.nearest) << row.sentence;
    }
}

TEST(Devtron, AnotherEnvironmentIsNotBlockedByTheRowOfTheFirst) {
    for (auto const* precedence : {"", "precedence = \"devtron\"\n"}) {
        std::vector<SourceFile> const files{
            {"global.toml", cat("schema = 1\n", precedence, defaults)},
            {"environment/prod.toml", "schema = 1\n" + cve("block")},
            {"environment/test.toml", "schema = 1\n"}};
        for (auto const* environment : {"prod", "test"}) {
            auto const policy = load(files, {"", environment, "shop"}).value();
            auto finding = sample::finding(Severity::critical);
            finding.id = "CVE-1";
            auto const verdict = sample::judge(policy, sample::scan({finding}));
            EXPECT_EQ(verdict.effect(),
                      environment == std::string("prod") ? Effect::block : Effect::allow);
        }
    }
}

TEST(Devtron, LocksStillApplyWhereverTheDecisionIsFrom) {
    std::string const d = defaults;
    auto const floor = severity("block") + lock("severity.critical");
    Row const rows[] = {
        {"a nearer CVE does not loosen a locked severity",
         {floor, "", "", cve("allow")},
         "block / block",
         "block / block"},
        {"nor a farther one, which decides only in that order",
         {d + cve("allow"), floor},
         "block / block",
         "block / block"},
        {"with a further exception it stays so",
         {d + cve("allow"), floor, "", allow("", "CVE-1")},
         "block / block",
         "block / block"},
        {"the lock's own level may speak of the CVE",
         {floor + cve("allow"), "", "", cve("warn")},
         "warn / warn",
         "warn / warn"},
        {"also before its own locked rule: in that order alone",
         {d + rule("r", "severity = \"critical\"", "block") + lock("rule.r") + cve("allow")},
         "allow / allow",
         "block / block"},
        {"a locked rule that names the CVE is a floor",
         {d + cve("block") + lock("rule.CVE-1 is block"), "", "", cve("allow")},
         "block / block",
         "block / block"},
    };
    for (auto const& row : rows) {
        EXPECT_EQ(effects(row.levels, true), row.devtron) << row.sentence;
        EXPECT_EQ(effects(row.levels, false), row.nearest) << row.sentence;
    }
}

} // namespace
} // namespace clairgate::policy
