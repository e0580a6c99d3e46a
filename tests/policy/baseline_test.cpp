#include "policy/sample_scan.hpp"
#include <clairgate/base/text.hpp>
#include <clairgate/policy/baseline.hpp>

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

TEST(Baseline, KnowsAFindingByItsStableNames) {
    auto const known = sample::finding(finding::Severity::high);
    Baseline const baseline(sample::scan({known}));
    EXPECT_TRUE(baseline.holds(known));
    auto upgraded = known;
    upgraded.package.version = "9";
    upgraded.fixed_version = "10";
    EXPECT_TRUE(baseline.holds(upgraded)) << "an upgrade that mends nothing is nothing new";
    for (auto change : {+[](finding::Finding& f) { f.id = "CVE-2024-0002"; },
                        +[](finding::Finding& f) { f.package.name = "curl"; },
                        +[](finding::Finding& f) { f.package.ecosystem = "pypi"; },
                        +[](finding::Finding& f) { f.package.repository = "other"; },
                        +[](finding::Finding& f) { f.platform = "linux/arm64"; }}) {
        auto other = known;
        change(other);
        EXPECT_FALSE(baseline.holds(other));
    }
}

TEST(Baseline, KnowsAnAdvisoryByItsCve) {
    auto advisory = sample::finding(finding::Severity::high);
    advisory.id = "GHSA-aaaa-bbbb-cccc";
    advisory.aliases = {"CVE-2024-0001"};
    Baseline const baseline(sample::scan({advisory, advisory}));
    EXPECT_EQ(baseline.size(), 1U);
    EXPECT_TRUE(baseline.holds(sample::finding(finding::Severity::low)));
}

TEST(Baseline, SaysSinceWhenOnlyWhereItIsVerified) {
    auto known = sample::finding(finding::Severity::high);
    known.fixed_version = "2";
    SystemTime const scanned{std::chrono::seconds(1'700'000'000)};
    EXPECT_FALSE(Baseline(sample::scan({known})).dates(known).first_seen.has_value());
    Baseline const verified(sample::scan({known}), scanned);
    EXPECT_EQ(verified.dates(known).first_seen, scanned);
    EXPECT_EQ(verified.dates(known).fix_first_seen, scanned);
    auto other = known;
    other.id = "CVE-2024-9999";
    EXPECT_FALSE(verified.dates(other).first_seen.has_value());
}

TEST(Baseline, KeepsTheDatesThatEvidenceAlreadyHolds) {
    auto known = sample::finding(finding::Severity::high);
    known.fixed_version = "";
    SystemTime const scanned{std::chrono::seconds(1'700'000'000)};
    known.first_seen = scanned - std::chrono::hours(24);
    Baseline const verified(sample::scan({known}), scanned);
    EXPECT_EQ(verified.dates(known).first_seen, known.first_seen);
    EXPECT_FALSE(verified.dates(known).fix_first_seen.has_value()) << "there was no fix then";
}

} // namespace
} // namespace clairgate::policy
