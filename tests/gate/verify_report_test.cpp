#include <clairgate/gate/verify_report.hpp>
#include <clairgate/policy/load.hpp>
#include <clairgate/report/formats.hpp>

#include <gtest/gtest.h>

#include <gate/signed_report.hpp>

namespace clairgate::gate {
namespace {

using policy::Effect;
using test::report_that;
using test::scan_time;

policy::Policy policy_of(std::string const& text) {
    return policy::load({{"global.toml", "schema = 1\n" + text}}).value();
}

ProvenReport proven(test::Says const& says) {
    auto const report = report_that(says);
    Demand const demand{report.reference.digest().value(), {}, false};
    return *prove_report(test::statement_of(report), demand, "here");
}

Result<Verified> judge(test::Says const& says,
                       policy::Policy policy = policy::built_in(),
                       bool may_be_untrusted = false) {
    return judge_proven(proven(says), std::move(policy), may_be_untrusted, scan_time());
}

TEST(IsOwn, IsAPolicyThatSomebodyWrote) {
    EXPECT_FALSE(is_own(policy::built_in()));
    EXPECT_TRUE(is_own(policy_of("")));
}

TEST(AgeMax, OfAFlagNeverLoosensAStatedOne) {
    using std::chrono::hours;
    auto const flag = [](Duration age_max) {
        TrustChoice trust;
        trust.age_max = age_max;
        return trust;
    };
    auto const built_in = policy::built_in();
    auto const stated = policy_of("[scan]\nmax_report_age = \"2h\"\n");
    EXPECT_EQ(age_max_for({}, built_in), built_in.scan.max_report_age.value);
    EXPECT_EQ(age_max_for({}, stated), hours(2));
    EXPECT_EQ(age_max_for(flag(hours(1)), stated), hours(1));
    EXPECT_EQ(age_max_for(flag(hours(2)), stated), hours(2));
    EXPECT_EQ(age_max_for(flag(hours(3)), stated), hours(2));
    // What nobody wrote gives way in both directions.
    EXPECT_EQ(age_max_for(flag(hours(1)), built_in), hours(1));
    EXPECT_EQ(age_max_for(flag(hours(9999)), built_in), hours(9999));
    EXPECT_EQ(age_max_for(flag(hours(9999)), policy_of("")), hours(9999));
}

TEST(JudgeProven, JudgesByThePolicyHereWhateverWasRecorded) {
    auto const strict = policy_of("[severity]\nlow = \"block\"\n");
    auto const verified = judge({.verdict = "warn", .is_trusted = false}, strict);
    ASSERT_TRUE(verified.has_value()) << verified.error().text();
    EXPECT_EQ(verified->effect, Effect::block);
    EXPECT_TRUE(verified->is_judged_here);
    EXPECT_EQ(verified->recorded_verdict, "warn");
    ASSERT_TRUE(verified->report.verdict.has_value());
    EXPECT_EQ(verified->report.verdict->effect(), Effect::block);
    EXPECT_NE(verified->sentence.find("recorded verdict: warn under an untrusted policy"),
              std::string::npos)
        << verified->sentence;
    EXPECT_NE(verified->sentence.find("by the policy here: block"), std::string::npos);

    auto const mild = policy_of("[severity]\ncritical = \"allow\"\n");
    EXPECT_EQ(judge({.verdict = "block"}, mild).value().effect, Effect::allow);
    auto const reporting = policy_of("[scan]\nenforce = \"report\"\n");
    EXPECT_EQ(judge({.verdict = "block"}, reporting).value().effect, Effect::warn);
}

TEST(JudgeProven, JudgesAtThisMoment) {
    auto const policy = policy_of("[[allow]]\nid = \"CVE-2099-0001\"\nreason = \"r\"\n"
                                  "owner = \"team\"\nexpires = 2026-11-25\n");
    auto const effect = [&](SystemTime now) {
        return judge_proven(proven({.verdict = "block"}), policy, false, now).value().effect;
    };
    EXPECT_EQ(effect(scan_time()), Effect::allow);
    EXPECT_EQ(effect(scan_time() + std::chrono::hours(48)), Effect::block);
}

TEST(JudgeProven, TakesTheRecordedVerdictOfATrustedPolicy) {
    EXPECT_EQ(judge({.verdict = "pass"}).value().effect, Effect::allow);
    EXPECT_EQ(judge({.verdict = "warn"}).value().effect, Effect::warn);
    EXPECT_EQ(judge({.verdict = "block"}).value().effect, Effect::block);
    // Recorded under `[scan] enforce = "report"`: told, but nothing stops.
    EXPECT_EQ(judge({.verdict = "block", .is_enforced = false}).value().effect, Effect::warn);
    EXPECT_EQ(judge({.verdict = "pass", .is_enforced = false}).value().effect, Effect::allow);
    auto const verified = judge({.verdict = "warn"}).value();
    EXPECT_FALSE(verified.is_judged_here);
    EXPECT_FALSE(verified.report.verdict.has_value());
    EXPECT_EQ(verified.recorded_json, report::json_of(report_that({.verdict = "warn"})));
    EXPECT_NE(verified.sentence.find("evidence here: scanned 2026-11-24T12:00:00Z"),
              std::string::npos)
        << verified.sentence;
    EXPECT_NE(verified.sentence.find("recorded verdict: warn under a trusted policy"),
              std::string::npos);
    EXPECT_NE(verified.sentence.find("no policy here"), std::string::npos);
}

TEST(RecordedText, SaysWholeWhatCounts) {
    auto evidence = proven({.verdict = "warn"});
    evidence.where = "/" + std::string(250, 'a') + "\x1b[2J##[error]/report.json";
    auto const verified = judge_proven(evidence, policy::built_in(), false, scan_time()).value();
    auto const text = recorded_text(verified);
    EXPECT_TRUE(text.starts_with("RECORDED: warn  " + verified.report.reference.text() + "\n"))
        << text;
    EXPECT_NE(text.find(std::string(250, 'a')), std::string::npos);
    EXPECT_NE(text.find(" counts\n"), std::string::npos) << text; // to its end
    EXPECT_EQ(text.find("##["), std::string::npos) << text;
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(JudgeProven, BelievesAnUntrustedPolicyOnlyWhenTold) {
    for (auto const* const verdict : {"pass", "warn", "block"}) {
        auto const refused = judge({.verdict = verdict, .is_trusted = false});
        ASSERT_FALSE(refused.has_value());
        EXPECT_EQ(refused.error().kind(), ErrorKind::denied);
        EXPECT_NE(refused.error().remedy().find("--allow-untrusted-policy"), std::string::npos);
    }
    auto const believed = [](char const* verdict) {
        return judge({.verdict = verdict, .is_trusted = false}, policy::built_in(), true)
            .value()
            .effect;
    };
    EXPECT_EQ(believed("pass"), Effect::allow);
    EXPECT_EQ(believed("block"), Effect::block);
}

TEST(JudgeProven, NeverPassesWhatCouldNotBeDecided) {
    auto const mild = policy_of("[severity]\ncritical = \"allow\"\n[scan]\nenforce = \"report\"\n");
    for (auto const& policy : {policy::built_in(), mild})
        for (bool const may_be_untrusted : {false, true})
            EXPECT_EQ(judge({.verdict = "undecided"}, policy, may_be_untrusted).error().kind(),
                      ErrorKind::denied);
    // A reason for having no verdict, beside a verdict.
    auto contradiction = proven({.verdict = "pass"});
    contradiction.stored.report.undecided_reason = "Clair went away";
    EXPECT_FALSE(judge_proven(contradiction, mild, true, scan_time()).has_value());
    // A word from nowhere blocks.
    auto unknown = proven({.verdict = "pass"});
    unknown.stored.verdict = "fine";
    EXPECT_EQ(judge_proven(unknown, policy::built_in(), true, scan_time()).value().effect,
              Effect::block);
}

} // namespace
} // namespace clairgate::gate
