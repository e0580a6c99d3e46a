#include "report/json_document.hpp"
#include <clairgate/report/alerts.hpp>

#include <gtest/gtest.h>

#include <set>

namespace clairgate::report {
namespace {

using finding::Severity;

std::vector<std::string> ids_of(Alerts const& alerts) {
    std::vector<std::string> out;
    for (auto const& alert : alerts.all())
        out.push_back(alerts.finding(alert).id);
    return out;
}

TEST(Alerts, WhatBlocksIsFirstThenTheWorst) {
    auto const report = report_with({sample::vulnerable("a", "p", "1", Severity::low),
                                     sample::vulnerable("b", "p", "1", Severity::unknown),
                                     sample::vulnerable("c", "p", "1", Severity::high),
                                     sample::vulnerable("d", "p", "1", Severity::high, "2"),
                                     sample::vulnerable("e", "p", "1", Severity::critical)});
    Record const record(report);
    EXPECT_EQ(ids_of(Alerts(record)), (std::vector<std::string>{"e", "d", "c", "b", "a"}));
}

TEST(Alerts, WaivedIsBehindWhatIsAllowed) {
    auto const report = report_with({sample::vulnerable("CVE-2099-0003", "p", "1", Severity::high),
                                     sample::vulnerable("z", "p", "1", Severity::low)},
                                    sample::policy("[severity]\nlow = \"allow\"\n[[allow]]\n"
                                                   "id = [\"CVE-2099-0003\"]\nreason = \"r\"\n"
                                                   "owner = \"o\"\nexpires = 2027-01-31\n"));
    Record const record(report);
    EXPECT_EQ(ids_of(Alerts(record)), (std::vector<std::string>{"z", "CVE-2099-0003"}));
}

TEST(Alerts, PlatformsAndArchitecturesAreOne) {
    auto one = sample::vulnerable("CVE-1", "p", "1", Severity::low);
    auto other = one;
    other.platform = "linux/arm64";
    other.severity = Severity::critical;
    auto third = one;
    third.package.architecture = "i386";
    auto const newer = sample::vulnerable("CVE-1", "p", "2", Severity::low);
    auto const report = report_with({one, other, third, newer});
    Record const record(report);
    Alerts const alerts(record);
    ASSERT_EQ(alerts.all().size(), 2U);
    auto const& first = alerts.all().front();
    EXPECT_EQ(alerts.findings_of(first).size(), 3U);
    EXPECT_EQ(alerts.finding(first).platform, "linux/arm64") << "the strictest speaks for all";
    EXPECT_EQ(alerts.platforms_of(first),
              (std::vector<std::string_view>{"linux/amd64", "linux/arm64"}));
}

TEST(Alerts, AreCutByNumberAndByBytes) {
    auto const report = report_with(many(20, Severity::low));
    Record const record(report);
    Alerts const alerts(record);
    EXPECT_EQ(alerts.front(7, 1'000'000).size(), 7U);
    EXPECT_EQ(alerts.front(100, 1'000'000).size(), 20U);
    EXPECT_EQ(alerts.front(100, 0).size(), 0U);
    auto const some = alerts.front(100, 500).size();
    EXPECT_GT(some, 0U);
    EXPECT_LT(some, 20U);
}

TEST(Alerts, OneHugeTextDoesNotHideTheOthers) {
    auto findings = many(3, Severity::low);
    findings.front().package.version = std::string(1'000'000, 'x');
    auto const report = report_with(findings);
    Record const record(report);
    EXPECT_EQ(Alerts(record).front(100, 10'000).size(), 3U);
}

TEST(Alerts, ADigestIsOfWhatStaysTheSame) {
    auto const report = sample::report();
    auto const again = pushed_again(sample::report());
    Record const record(report);
    Record const later(again);
    std::set<std::string> digests;
    for (std::size_t i = 0; i < record.findings().size(); ++i) {
        digests.insert(alert_digest(record, record.findings()[i]));
        EXPECT_EQ(alert_digest(record, record.findings()[i]),
                  alert_digest(later, later.findings()[i]));
    }
    EXPECT_EQ(digests.size(), Alerts(record).all().size());
    auto elsewhere = record.findings().front();
    elsewhere.platform = "linux/s390x";
    elsewhere.package.architecture = "s390x";
    elsewhere.fixed_version = "9";
    EXPECT_EQ(alert_digest(record, elsewhere), alert_digest(record, record.findings().front()));
}

TEST(Alerts, ADigestTellsNeighboursApart) {
    auto const report = sample::report();
    Record const record(report);
    auto const a = sample::vulnerable("ab", "c", "1", Severity::low);
    auto const b = sample::vulnerable("a", "bc", "1", Severity::low);
    EXPECT_NE(alert_digest(record, a), alert_digest(record, b));
    EXPECT_NE(notice_digest(record, "ab", "c"), notice_digest(record, "a", "bc"));
}

TEST(Alerts, NoticesAreWhatTheVerdictRestsOnBesideFindings) {
    auto const clean = sample::report();
    EXPECT_TRUE(notices_of(Record(clean)).empty());
    auto const partly = sample::report_of_two_platforms();
    Record const record(partly);
    auto const notices = notices_of(record);
    ASSERT_EQ(notices.size(), 1U);
    EXPECT_EQ(notices[0].kind, Notice::Kind::coverage);
    EXPECT_EQ(notices[0].effect, policy::Effect::warn);
    EXPECT_EQ(notices[0].name, "linux/arm64");
    auto const budget = sample::report(sample::policy("[budget]\nlow = 0\n"));
    Record const spent(budget);
    ASSERT_EQ(notices_of(spent).size(), 1U);
    EXPECT_EQ(notices_of(spent)[0].kind, Notice::Kind::budget);
    EXPECT_EQ(notices_of(spent)[0].effect, policy::Effect::block);
}

TEST(Alerts, UndecidedIsANotice) {
    auto const report = sample::undecided_report();
    Record const record(report);
    auto const notices = notices_of(record);
    ASSERT_EQ(notices.size(), 1U);
    EXPECT_EQ(notices[0].kind, Notice::Kind::undecided);
    EXPECT_EQ(notices[0].sentence, report.undecided_reason);
}

} // namespace
} // namespace clairgate::report
