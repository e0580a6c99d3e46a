#include "policy/sample_scan.hpp"
#include <clairgate/base/text.hpp>
#include <clairgate/policy/waiver_ledger.hpp>

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

using finding::Severity;
using State = WaiverUse::State;

std::string allow(std::string const& more, std::string const& expires = "2026-12-31") {
    return cat("[[allow]]\nid = \"CVE-2024-0001\"\nreason = \"r\"\nowner = \"team\"\nexpires = ",
               expires,
               "\n",
               more);
}

std::string break_glass(std::string const& issued, std::string const& expires) {
    return cat("[[allow]]\nbreak_glass = true\nticket = \"INC-1\"\nreason = \"r\"\nowner = "
               "\"team\"\nissued = ",
               issued,
               "\nexpires = ",
               expires,
               "\n");
}

State state_at(std::string const& text, char const* now) {
    auto const policy = sample::policy(text);
    return waiver_state(policy, policy.layers.back().waivers.front(), sample::time(now));
}

WaiverUse use_in(Policy const& policy, std::vector<finding::Finding> findings) {
    return sample::judge(policy, sample::scan(std::move(findings))).waivers().front();
}

TEST(WaiverState, HoldsThroughItsLastDayInUtc) {
    struct {
        char const* now;
        State state;
    } const cases[] = {{"2026-12-30T23:59:59Z", State::active},
                       {"2026-12-31T00:00:00Z", State::active},
                       {"2026-12-31T23:59:59Z", State::active},
                       {"2027-01-01T00:00:00Z", State::expired},
                       {"2027-01-01T00:59:59+01:00", State::active}, // still the 31st in UTC
                       {"2027-01-01T01:00:00+01:00", State::expired},
                       {"2026-12-31T13:59:59-10:00", State::active},
                       {"2026-12-31T14:00:00-10:00", State::expired},
                       {"2099-01-01T00:00:00Z", State::expired}};
    for (auto const& c : cases)
        EXPECT_EQ(state_at(allow(""), c.now), c.state) << c.now;
}

TEST(WaiverState, LeapDaysAndFarYearsAreDays) {
    EXPECT_EQ(state_at(allow("", "2028-02-29"), "2028-02-29T23:59:59Z"), State::active);
    EXPECT_EQ(state_at(allow("", "2028-02-29"), "2028-03-01T00:00:00Z"), State::expired);
    EXPECT_EQ(state_at(allow("", "2038-01-19"), "2038-01-19T23:59:59Z"), State::active);
    EXPECT_EQ(state_at(allow("", "2100-02-28"), "2100-03-01T00:00:00Z"), State::expired);
    EXPECT_EQ(state_at(allow("", "9999-12-31"), "9999-12-31T23:59:59Z"), State::active);
}

TEST(WaiverState, BreakGlassHoldsFromItsIssueToItsEnd) {
    auto const text = break_glass("2026-11-24T10:00:00Z", "2026-11-24T18:00:00+02:00");
    EXPECT_EQ(state_at(text, "2026-11-24T09:59:59Z"), State::not_yet);
    EXPECT_EQ(state_at(text, "2026-11-24T10:00:00Z"), State::active);
    EXPECT_EQ(state_at(text, "2026-11-24T15:59:59Z"), State::active);
    EXPECT_EQ(state_at(text, "2026-11-24T16:00:00Z"), State::expired);
}

TEST(WaiverState, MaxDaysRefusesTheFirstDayThatIsTooFar) {
    auto const text = [](char const* expires) {
        return "[exceptions]\nmax_days = 30\n" + allow("", expires);
    };
    for (auto const* now :
         {"2026-11-24T00:00:00Z", "2026-11-24T12:00:00Z", "2026-11-24T23:59:59Z"}) {
        EXPECT_EQ(state_at(text("2026-12-24"), now), State::active) << now;
        EXPECT_EQ(state_at(text("2026-12-25"), now), State::refused) << now;
    }
}

struct Days {
    char const* sentence;
    char const* global;
    char const* application;
    State of_global; ///< of the global file's exception, which ends in 100 days
    State of_application;
};

TEST(WaiverState, NobodyRevivesWhatAnOuterLevelRefuses) {
    Days const cases[] = {
        {"without a limit, any length counts", "", "", State::active, State::active},
        {"a limit of the global file is for all", "30", "", State::refused, State::refused},
        {"a nearer one replaces it for its own", "30", "200", State::refused, State::active},
        {"a stricter nearer one is for all here", "200", "30", State::refused, State::refused},
        {"also where outer levels have none", "", "30", State::refused, State::refused},
    };
    auto const limit = [](std::string const& days) {
        return "schema = 1\n" + (days.empty() ? "" : "[exceptions]\nmax_days = " + days + "\n");
    };
    for (auto const& c : cases) {
        auto const policy =
            load({{"global.toml", limit(c.global) + allow("", "2027-03-04")},
                  {"application/shop.toml", limit(c.application) + allow("", "2027-03-04")}},
                 {"", "", "shop"})
                .value();
        auto const state = [&](std::size_t layer) {
            return waiver_state(policy, policy.layers[layer].waivers.front(), sample::now());
        };
        EXPECT_EQ(state(1), c.of_global) << c.sentence;
        EXPECT_EQ(state(2), c.of_application) << c.sentence;
    }
}

TEST(WaiverLedger, CountsWhatAnExceptionSpeaksOfAndLifts) {
    auto const use =
        use_in(sample::policy(allow("package = \"openssl\"\n")),
               {sample::finding(Severity::high, "2"), sample::finding(Severity::low), [] {
                    auto other = sample::finding(Severity::low);
                    other.package.name = "curl";
                    return other;
                }()});
    EXPECT_EQ(use.matched, 2U);
    EXPECT_EQ(use.waived, 2U);
    EXPECT_EQ(use.sentence, "");
}

struct Sentence {
    std::string text;
    char const* said;
};

TEST(WaiverLedger, SaysWhatIsWorthSaying) {
    Sentence const cases[] = {
        {allow(""), ""},
        {allow("", "2026-11-23"),
         "allow CVE-2024-0001 (global.toml:2:1) expired on 2026-11-23; 1 finding it speaks of"},
        {allow("", "2026-12-07"),
         "allow CVE-2024-0001 (global.toml:2:1) ends on 2026-12-07: 1 finding then without it"},
        {allow("", "2026-12-08"), ""}, // 14 days and twelve hours
        {allow("package = \"curl\"\n"),
         "allow CVE-2024-0001 (global.toml:2:1) matches nothing in this image"},
        {allow("until = \"fixable\"\n"),
         "allow CVE-2024-0001 (global.toml:2:1) has ended, since a fix is known: 1 finding"},
        {"[exceptions]\nmax_days = 7\n" + allow(""),
         "allow CVE-2024-0001 (global.toml:4:1) ends on 2026-12-31, longer than "
         "exceptions.max_days (global.toml:3:1) allows: it does not count"},
        {break_glass("2026-11-24T10:00:00Z", "2026-11-25T10:00:00Z"),
         "allow of any id (global.toml:2:1) is BREAK-GLASS until 2026-11-25T10:00:00Z, ticket "
         "INC-1: 1 finding let through"},
        {break_glass("2026-11-25T10:00:00Z", "2026-11-26T10:00:00Z"),
         "allow of any id (global.toml:2:1) begins at 2026-11-25T10:00:00Z"},
    };
    for (auto const& c : cases)
        EXPECT_EQ(use_in(sample::policy(c.text), {sample::finding(Severity::high, "2")}).sentence,
                  c.said)
            << c.text;
}

TEST(WaiverLedger, NamesWhatShadowsAnException) {
    auto const policy = load({{"global.toml", "schema = 1\n" + allow("")},
                              {"application/shop.toml",
                               "schema = 1\n[[rule]]\nname = \"mine\"\nwhen = { fixed = true }\n"
                               "action = \"warn\"\n"}},
                             {"", "", "shop"})
                            .value();
    auto const use = use_in(policy, {sample::finding(Severity::high, "2")});
    EXPECT_TRUE(use.is_shadowed);
    EXPECT_EQ(use.sentence,
              "allow CVE-2024-0001 (global.toml:2:1) has no effect: rule.mine "
              "(application/shop.toml:2:1) decides");
    EXPECT_FALSE(use_in(policy, {sample::finding(Severity::high)}).is_shadowed);
}

TEST(WaiverLedger, TellsOfAnExceptionThatLiftsManyPackages) {
    std::vector<finding::Finding> findings;
    for (std::size_t i = 0; i <= packages_per_waiver_max; ++i) {
        findings.push_back(sample::finding(Severity::high));
        findings.back().package.name = cat("package", i);
    }
    auto const policy = sample::policy(allow(""));
    EXPECT_TRUE(use_in(policy, findings).is_over_broad);
    EXPECT_NE(use_in(policy, findings).sentence.find("more than 10 packages"), std::string::npos);
    EXPECT_FALSE(use_in(sample::policy(allow("package = \"pack*\"\n")), findings).is_over_broad);
    findings.pop_back();
    EXPECT_FALSE(use_in(policy, findings).is_over_broad);
}

TEST(WaiverLedger, HasOneEntryPerExceptionOutermostFirst) {
    auto const policy = load({{"application/shop.toml", "schema = 1\n" + allow("") + allow("")},
                              {"global.toml", "schema = 1\n" + allow("")}},
                             {"", "", "shop"})
                            .value();
    auto const uses = sample::judge(policy, sample::scan()).waivers();
    ASSERT_EQ(uses.size(), 3U);
    EXPECT_EQ(origin_of(policy, uses[0].waiver).file, "global.toml");
    EXPECT_EQ(origin_of(policy, uses[1].waiver).line, 2U);
    EXPECT_EQ(origin_of(policy, uses[2].waiver).line, 7U);
}

} // namespace
} // namespace clairgate::policy
