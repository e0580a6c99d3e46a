// Design section 8, "Resolution", a sentence a case.
#include "policy/levels.hpp"

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

using finding::Severity;
using sample::allow;
using sample::break_glass;
using sample::lock;
using sample::rule;
using sample::severity;

finding::Finding critical(std::string fixed_version = {}) {
    return sample::finding(Severity::critical, std::move(fixed_version));
}

struct Case {
    char const* sentence;
    std::vector<std::string> levels; ///< global, cluster, environment, application, at environment
    finding::Finding finding;
    char const* outcome;
};

void expect(std::vector<Case> const& cases) {
    for (auto const& c : cases)
        EXPECT_EQ(sample::told(sample::levels(c.levels), c.finding), c.outcome) << c.sentence;
}

TEST(Resolution, TheNearestLevelWithAnOpinionDecides) {
    auto const w = severity("warn");
    auto const a = severity("allow");
    expect({
        {"nobody says anything: built-in", {}, critical(), "block by built-in severity.critical"},
        {"global", {w}, critical(), "warn by global severity.critical"},
        {"cluster before global", {w, a}, critical(), "allow by cluster severity.critical"},
        {"environment before cluster",
         {w, w, a},
         critical(),
         "allow by environment severity.critical"},
        {"application before environment",
         {w, w, w, a},
         critical(),
         "allow by application severity.critical"},
        {"application@environment before all",
         {a, a, a, a, w},
         critical(),
         "warn by application@environment severity.critical"},
        {"a level without opinion on this severity is passed over",
         {w, "", "", "[severity]\nlow = \"allow\"\n"},
         critical(),
         "warn by global severity.critical"},
        {"inherit is no opinion",
         {w, severity("inherit"), "", severity("inherit")},
         critical(),
         "warn by global severity.critical"},
        {"a nearer one may loosen what is not locked",
         {severity("block"), "", "", severity("allow")},
         critical(),
         "allow by application severity.critical"},
        {"a rule of a farther level yields to a nearer severity",
         {rule("r", "fixed = false", "block"), "", "", w},
         critical(),
         "warn by application severity.critical"},
        {"an exception of a farther level yields to a nearer severity",
         {allow(), "", "", w},
         critical(),
         "warn by application severity.critical"},
        {"an exception of a farther level yields to a nearer rule that matches",
         {allow(), "", "", rule("r", "fixed = false", "block")},
         critical(),
         "block by application rule.r"},
        {"but not to one that does not",
         {allow(), "", "", rule("r", "fixed = true", "block")},
         critical(),
         "allow, waived by global allow CVE-2024-0001"},
    });
}

TEST(Resolution, InsideALevelExceptionsBeatRulesAndRulesBeatSeverity) {
    auto const warns = rule("w", "severity = \"critical\"", "warn");
    auto const blocks = rule("b", "fixed = false", "block");
    expect({
        {"an exception beats a rule and the severity",
         {severity("block") + blocks + allow()},
         critical(),
         "allow, waived by global allow CVE-2024-0001"},
        {"whatever their order in the file",
         {allow() + blocks + severity("block")},
         critical(),
         "allow, waived by global allow CVE-2024-0001"},
        {"a rule beats the severity, also a stricter one",
         {severity("block") + warns},
         critical(),
         "warn by global rule.w"},
        {"the strictest matching rule wins",
         {warns + blocks},
         critical(),
         "block by global rule.b"},
        {"whatever their order", {blocks + warns}, critical(), "block by global rule.b"},
        {"a rule that does not match has no say",
         {warns + blocks},
         critical("2"),
         "warn by global rule.w"},
        {"all conditions of a rule must hold",
         {rule("r", "fixed = true, severity = \"low\"", "allow")},
         critical("2"),
         "block by built-in severity.critical"},
        {"block-if-fixed warns while no fix is known",
         {rule("r", "severity = \"critical\"", "block-if-fixed")},
         critical(),
         "warn by global rule.r"},
        {"and blocks then",
         {rule("r", "severity = \"critical\"", "block-if-fixed")},
         critical("2"),
         "block by global rule.r"},
        {"strictest is judged by the effect: warn ties with block-if-fixed, the first is named",
         {rule("a", "fixed = false", "block-if-fixed") + warns},
         critical(),
         "warn by global rule.a"},
    });
}

TEST(Resolution, AnExceptionNeedsItsIdItsScopeAndItsTime) {
    auto const curl = [] {
        auto finding = critical();
        finding.package.name = "curl";
        return finding;
    }();
    auto const based = [] {
        auto finding = critical();
        finding.is_base_layer = true;
        return finding;
    }();
    char const* const lifted = "allow, waived by application allow CVE-2024-0001";
    char const* const blocked = "block by built-in severity.critical";
    auto const expired = "[[allow]]\nid = \"CVE-2024-0001\"\nreason = \"r\"\nowner = \"o\"\n"
                         "expires = 2026-11-23\n";
    expect({
        {"it fits", {"", "", "", allow()}, critical(), lifted},
        {"another id", {"", "", "", allow("", "CVE-2024-0002")}, critical(), blocked},
        {"its package", {"", "", "", allow("package = \"open*\"\n")}, critical(), lifted},
        {"another package", {"", "", "", allow("package = \"open*\"\n")}, curl, blocked},
        {"its image", {"", "", "", allow("image = \"registry.example/**\"\n")}, critical(), lifted},
        {"another image", {"", "", "", allow("image = \"other/**\"\n")}, critical(), blocked},
        {"its environment", {"", "", "", allow("environment = \"prod\"\n")}, critical(), lifted},
        {"another one", {"", "", "", allow("environment = \"test\"\n")}, critical(), blocked},
        {"its layer", {"", "", "", allow("layer = \"base\"\n")}, based, lifted},
        {"another layer", {"", "", "", allow("layer = \"application\"\n")}, based, blocked},
        {"an unknown layer is false",
         {"", "", "", allow("layer = \"base\"\n")},
         critical(),
         blocked},
        {"a purl that cannot be formed",
         {"", "", "", allow("purl = \"pkg:**\"\n")},
         critical(),
         blocked},
        {"all scopes must hold",
         {"", "", "", allow("package = \"open*\"\nenvironment = \"test\"\n")},
         critical(),
         blocked},
        {"expired", {"", "", "", expired}, critical(), blocked},
        {"one that has expired beside one that has not",
         {"", "", "", expired + allow()},
         critical(),
         lifted},
        {"until fixable, before", {"", "", "", allow("until = \"fixable\"\n")}, critical(), lifted},
        {"until fixable, after",
         {"", "", "", allow("until = \"fixable\"\n")},
         critical("2"),
         blocked},
    });
}

TEST(Resolution, ALockIsAFloorOnTheOutcome) {
    auto const floor = severity("block") + lock("severity.critical");
    auto const warns = severity("warn") + lock("severity.critical");
    auto const fixable = severity("block-if-fixed") + lock("severity.critical");
    auto const ruled = rule("r", "severity = \"critical\"", "block") + lock("rule.r");
    auto const held = ", held by global lock severity.critical";
    auto const outcome = [&](std::string const& by) { return by + held; };
    auto const app = outcome("block by application severity.critical");
    auto const waiver = outcome("block by application allow CVE-2024-0001");
    auto const app_rule = outcome("block by application rule.r");
    auto const at_cluster = outcome("warn by cluster severity.critical");
    auto const built = std::string("block by global severity.critical");
    expect({
        {"its own level needs no lock to say so", {floor}, critical(), built.c_str()},
        {"a nearer severity does not loosen it",
         {floor, "", "", severity("allow")},
         critical(),
         app.c_str()},
        {"nor a nearer rule",
         {floor, "", "", rule("r", "fixed = false", "allow")},
         critical(),
         app_rule.c_str()},
        {"nor a nearer exception", {floor, "", "", allow()}, critical(), waiver.c_str()},
        {"a nearer level may tighten it",
         {warns, "", "", severity("block")},
         critical(),
         "block by application severity.critical"},
        {"an unlocked level between does not matter",
         {warns, severity("allow")},
         critical(),
         at_cluster.c_str()},
        {"it is about its severity alone",
         {floor, "", "", "[severity]\nhigh = \"allow\"\n"},
         sample::finding(Severity::high, "2"),
         "allow by application severity.high"},
        {"block-if-fixed holds at warn while no fix is known",
         {fixable, "", "", severity("allow")},
         critical(),
         "warn by application severity.critical, held by global lock severity.critical"},
        {"and at block then", {fixable, "", "", severity("allow")}, critical("2"), app.c_str()},
        {"a locked rule is a floor where it matches",
         {ruled, "", "", allow()},
         critical(),
         "block by application allow CVE-2024-0001, held by global lock rule.r"},
        {"and none where it does not",
         {ruled, "", "", "[severity]\nlow = \"allow\"\n"},
         sample::finding(Severity::low),
         "allow by application severity.low"},
        {"a rule that nearer levels give the same name does not replace it",
         {ruled, "", "", rule("r", "severity = \"critical\"", "allow")},
         critical(),
         "block by application rule.r, held by global lock rule.r"},
        {"the stricter of two locks counts",
         {warns, severity("block") + lock("severity.critical"), "", severity("allow")},
         critical(),
         "block by application severity.critical, held by cluster lock severity.critical"},
        {"a nearer lock does not loosen an outer one",
         {floor, severity("allow") + lock("severity.critical")},
         critical(),
         "block by cluster severity.critical, held by global lock severity.critical"},
    });
}

TEST(Resolution, ALockHoldsWhatItsOwnLevelSays) {
    auto const floor = severity("block") + lock("severity.critical");
    expect({
        {"its own exception is part of what it says",
         {floor + allow(), "", "", severity("warn")},
         critical(),
         "warn by application severity.critical"},
        {"so is its own rule, before its severity",
         {floor + rule("r", "fixed = false", "warn"), "", "", severity("allow")},
         critical(),
         "allow by application severity.critical"},
        {"which can be locked itself",
         {floor + rule("r", "fixed = false", "warn") + lock("rule.r"), "", "", severity("allow")},
         critical(),
         "warn by application severity.critical, held by global lock rule.r"},
        {"an exception of a farther level is not",
         {allow(), floor},
         critical(),
         "block by cluster severity.critical"},
        {"nor where a nearer level has one too",
         {allow(), floor, "", allow()},
         critical(),
         "block by application allow CVE-2024-0001, held by cluster lock severity.critical"},
    });
}

TEST(Resolution, AWaivableLockIsLiftedByAnExceptionOfANearerLevel) {
    auto const floor = severity("block") + lock("severity.critical", true);
    auto const ruled = rule("r", "severity = \"critical\"", "block") + lock("rule.r", true);
    expect({
        {"the nearer exception lifts it, and is told",
         {floor, "", "", allow()},
         critical(),
         "allow, waived by application allow CVE-2024-0001"},
        {"of a rule too",
         {ruled, "", "", allow()},
         critical(),
         "allow, waived by application allow CVE-2024-0001"},
        {"a severity or a rule does not",
         {floor, "", "", severity("allow")},
         critical(),
         "block by application severity.critical, held by global lock severity.critical"},
        {"an exception for another finding does not",
         {floor, "", "", severity("allow") + allow("", "CVE-2024-0002")},
         critical(),
         "block by application severity.critical, held by global lock severity.critical"},
        {"an exception between lifts it even where a nearer level decides",
         {floor, "", allow(), severity("warn")},
         critical(),
         "warn by application severity.critical"},
        {"an exception of a farther level does not",
         {allow(), floor, "", severity("warn")},
         critical(),
         "block by application severity.critical, held by cluster lock severity.critical"},
        {"another lock that is not waivable still holds",
         {severity("block") + lock("severity.critical"), floor, "", allow()},
         critical(),
         "block by application allow CVE-2024-0001, held by global lock severity.critical"},
    });
}

TEST(Resolution, BreakGlassNeverLiftsALockThatIsNotWaivable) {
    auto const floor = severity("block") + lock("severity.critical");
    auto const waivable = severity("block") + lock("severity.critical", true);
    expect({
        {"without a lock it lets everything through",
         {severity("block"), "", "", break_glass()},
         critical(),
         "allow, waived by application allow of any id"},
        {"a lock holds against it",
         {floor, "", "", break_glass()},
         critical(),
         "block by application allow of any id, held by global lock severity.critical"},
        {"also where it stands beside the lock",
         {floor + break_glass()},
         critical(),
         "block by global allow of any id, held by global lock severity.critical"},
        {"a waivable one does not",
         {waivable, "", "", break_glass()},
         critical(),
         "allow, waived by application allow of any id"},
        {"wherever it stands",
         {waivable + break_glass()},
         critical(),
         "allow, waived by global allow of any id"},
    });
}

TEST(Resolution, AnUnknownFactIsTriedBothWaysAndTheStricterCounts) {
    auto const blocks = rule("r", "kev = true", "block");
    auto const allows = rule("r", "kev = false", "allow");
    auto const known = [](bool is_exploited) {
        auto finding = critical();
        finding.is_known_exploited = is_exploited;
        return finding;
    };
    auto const w = severity("warn");
    expect({
        {"known, it matches", {w + blocks}, known(true), "block by global rule.r"},
        {"known, it does not", {w + blocks}, known(false), "warn by global severity.critical"},
        {"unknown: the rule is stricter",
         {w + blocks},
         critical(),
         "block by global rule.r, assumed"},
        {"unknown: the severity is stricter",
         {w + allows},
         critical(),
         "warn by global severity.critical, assumed"},
        {"unknown in a nearer level: what farther ones say counts where it is stricter",
         {severity("block"), "", "", allows},
         critical(),
         "block by global severity.critical, assumed"},
        {"and the nearer one where that is",
         {w, "", "", blocks},
         critical(),
         "block by application rule.r, assumed"},
        {"a certain no of another condition needs no assumption",
         {w + rule("r", "kev = true, fixed = true", "block")},
         critical(),
         "warn by global severity.critical"},
        {"a certain rule of the level is the least it says",
         {"", "", "", blocks + rule("s", "fixed = false", "warn")},
         critical(),
         "block by application rule.r, assumed"},
        {"a locked rule is a floor both ways",
         {w + blocks + lock("rule.r"), "", "", severity("allow")},
         critical(),
         "block by application severity.critical, held by global lock rule.r, assumed"},
        {"a rule that may not match does not take a lock from its severity",
         {severity("block") + lock("severity.critical") + allows, "", "", severity("allow")},
         critical(),
         "block by application severity.critical, held by global lock severity.critical, assumed"},
        {"two rules that ask for one fact are answered separately: conservative",
         {severity("block"),
          "",
          "",
          rule("a", "cvss = \">= 7\"", "allow") + rule("b", "cvss = \"< 7\"", "allow")},
         critical(),
         "block by global severity.critical, assumed"},
    });
}

} // namespace
} // namespace clairgate::policy
