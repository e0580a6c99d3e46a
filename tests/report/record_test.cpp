#include "report/sample_report.hpp"
#include <clairgate/report/record.hpp>

#include <gtest/gtest.h>

namespace clairgate::report {
namespace {

TEST(AccountOf, SaysInWordsWhatTheVerdictIs) {
    auto const report = sample::report(sample::policy("[severity]\nhigh = \"block\"\n"));
    auto const account = account_of(report);
    EXPECT_EQ(account.effect, policy::Effect::block);
    EXPECT_EQ(account.summary.block, 3U);
    EXPECT_EQ(account.summary.warn, 2U);
    ASSERT_EQ(account.decisions.size(), report.scan.findings.size());
    for (std::size_t i = 0; i < account.decisions.size(); ++i) {
        auto const& decided = account.decisions[i];
        auto const& decision = report.verdict->decisions()[i];
        EXPECT_EQ(decided.action, decision.effect);
        EXPECT_EQ(account.rules.at(decided.rule).origin,
                  policy::origin_of(*report.policy, decision.by));
        EXPECT_EQ(decided.exception.empty(), decided.action != policy::Effect::block);
    }
    EXPECT_EQ(account.rules.size(), 4U); // each once: critical, high, low, unknown
    EXPECT_EQ(account.policy.files.size(), 1U);
}

TEST(AccountOf, AnUndecidedReportHasNoDecisions) {
    auto const report = sample::undecided_report();
    auto const account = account_of(report);
    EXPECT_FALSE(account.effect.has_value());
    EXPECT_TRUE(account.decisions.empty());
    EXPECT_TRUE(account.rules.empty());
}

TEST(AccountOf, SaysWhichLockPinsABlock) {
    auto const report = sample::report(sample::policy(
        "[severity]\ncritical = \"block\"\n[[lock]]\nkey = \"severity.critical\"\n"));
    auto const account = account_of(report);
    for (std::size_t i = 0; i < account.decisions.size(); ++i) {
        bool const is_critical = report.scan.findings[i].severity == finding::Severity::critical;
        EXPECT_EQ(!account.decisions[i].pinned.empty(), is_critical) << i;
        if (is_critical) {
            EXPECT_NE(account.decisions[i].pinned.find("global.toml:"), std::string::npos)
                << account.decisions[i].pinned;
        }
    }
}

TEST(RecordOf, FindsTheInstructionOfALayer) {
    auto report = sample::report();
    auto const layer = image::Digest::of("layer");
    report.image.layers["linux/amd64"] = {{image::Digest::of("base"), "FROM scratch"},
                                          {layer, "RUN apt-get install openssl"}};
    Record const record(report);
    for (auto const& finding : report.scan.findings)
        EXPECT_EQ(record.instruction(finding),
                  finding.layer == layer ? "RUN apt-get install openssl" : "");
}

TEST(RecordOf, AnswersForBothKinds) {
    auto const report = sample::report();
    auto const undecided = sample::undecided_report();
    EXPECT_EQ(Record(report).verdict_word(), "block");
    EXPECT_EQ(Record(undecided).verdict_word(), "undecided");
    EXPECT_NE(Record(report).decision(0), nullptr);
    EXPECT_EQ(Record(undecided).decision(0), nullptr);
    EXPECT_EQ(Record(undecided).rule(0), nullptr);
    EXPECT_EQ(Record(report).digest(), image::Digest::of("index").text());
    EXPECT_EQ(Record(report).data_date(), sample::time("2026-11-24T06:00:00Z"));
}

TEST(RecordDeathTest, AnAccountOfAnotherReportIsAProgrammersError) {
    auto const report = sample::report();
    Account account;
    account.effect = policy::Effect::allow;
    EXPECT_DEATH(Record(report, account), "decisions");
}

} // namespace
} // namespace clairgate::report
