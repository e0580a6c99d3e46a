#include "report/json_document.hpp"
#include <clairgate/report/alert_words.hpp>

#include <gtest/gtest.h>

namespace clairgate::report {
namespace {

using finding::Severity;

std::string decision_on_first(Report const& report) {
    Record const record(report);
    Alerts const alerts(record);
    Prose prose(Prose::Kind::plain);
    say_decision(prose, alerts, alerts.all().front(), record);
    return std::string(prose.text());
}

TEST(AlertWords, ADecisionNamesItsRuleAndItsPlace) {
    auto const high = sample::vulnerable("CVE-1", "p", "1", Severity::high, "2");
    EXPECT_EQ(decision_on_first(report_with({high})),
              "Blocked: high, fixed in 2: severity.high is block-if-fixed (built-in).");
    EXPECT_EQ(
        decision_on_first(report_with({high}, sample::policy("[severity]\nhigh = \"warn\"\n"))),
        "Warned: high, fixed in 2: severity.high is warn (global.toml:3:1).");
    EXPECT_EQ(
        decision_on_first(report_with({high}, sample::policy("[severity]\nhigh = \"allow\"\n"))),
        "Allowed: high, fixed in 2: severity.high is allow (global.toml:3:1).");
}

TEST(AlertWords, AnExceptionIsToldWithItsReason) {
    auto const critical = sample::vulnerable("CVE-2099-0003", "p", "1", Severity::critical);
    auto const words = decision_on_first(report_with({critical}, policy_with_exception()));
    EXPECT_TRUE(words.starts_with("Allowed by an exception: critical")) << words;
    EXPECT_NE(words.find("not reachable: [see](x) {0}"), std::string::npos) << words;
    EXPECT_NE(words.find("It blocks from 2027-02-01T00:00:00Z."), std::string::npos) << words;
}

TEST(AlertWords, WhereNothingWasDecidedThatIsSaid) {
    auto report = report_with({sample::vulnerable("CVE-1", "p", "1", Severity::low)});
    report.verdict.reset();
    EXPECT_EQ(decision_on_first(report), "Nothing was decided: low, no fix known.");
}

TEST(AlertWords, ASubjectWithoutNamesIsStillASentence) {
    Prose prose(Prose::Kind::plain);
    finding::Finding finding;
    say_subject(prose, finding);
    EXPECT_EQ(prose.text(), "A package without a name has a vulnerability without an id.");
    finding.id = "CVE-1";
    finding.package.name = "zlib1g";
    finding.package.version = "1.2";
    say_subject(prose.clear(), finding);
    EXPECT_EQ(prose.text(), "zlib1g 1.2 has CVE-1.");
}

TEST(AlertWords, PlatformsAreToldWhereThereAreSeveral) {
    auto const one = sample::report();
    auto const two = sample::report_of_two_platforms();
    for (auto const* const report : {&one, &two}) {
        Record const record(*report);
        Alerts const alerts(record);
        Prose prose(Prose::Kind::plain);
        for (auto const& alert : alerts.all())
            say_platforms(prose, alerts, alert, record);
        EXPECT_EQ(prose.text().empty(), report == &one) << prose.text();
        EXPECT_EQ(prose.text().find(" On linux/amd64, linux/arm64.") == std::string::npos,
                  report == &one);
    }
}

TEST(AlertWords, ManyPlatformsAreCounted) {
    std::vector<finding::Finding> findings;
    for (int i = 0; i < 7; ++i) {
        findings.push_back(sample::vulnerable("CVE-1", "p", "1", Severity::low));
        findings.back().platform = "linux/p" + std::to_string(i);
    }
    auto const report = report_with(findings);
    Record const record(report);
    Alerts const alerts(record);
    Prose prose(Prose::Kind::plain);
    list_platforms(prose, alerts, alerts.all().front());
    EXPECT_EQ(prose.text(), "linux/p0, linux/p1, linux/p2, linux/p3 and 3 more");
}

TEST(AlertWords, NoticesAndCutsAreSentences) {
    auto const report = sample::undecided_report();
    Record const record(report);
    Prose prose(Prose::Kind::plain);
    say_notice(prose, notices_of(record).at(0));
    EXPECT_EQ(prose.text(),
              "clairgate could not decide about this image, so it must not pass: " +
                  report.undecided_reason);
    say_cut(prose.clear(), 1);
    EXPECT_TRUE(prose.text().starts_with("1 finding is not shown here"));
    say_cut(prose.clear(), 1234);
    EXPECT_TRUE(prose.text().starts_with("1234 findings are not shown here"));
    EXPECT_NE(prose.text().find("-o json=FILE"), std::string::npos);
}

} // namespace
} // namespace clairgate::report
