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

} // namespace
} // namespace clairgate::policy
