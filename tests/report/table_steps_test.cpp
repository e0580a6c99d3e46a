#include "report/rendered.hpp"
#include "report/sample_report.hpp"
#include <clairgate/base/text.hpp>

#include <gtest/gtest.h>

namespace clairgate::report {
namespace {

using finding::Severity;

// Also where a line was broken.
bool has(std::string text, std::string_view piece) {
    if (text.find(piece) != std::string::npos)
        return true;
    for (auto at = text.find("\n    "); at != std::string::npos; at = text.find("\n    "))
        text.replace(at, 5, " ");
    return text.find(piece) != std::string::npos;
}

Report report_of(std::vector<finding::Finding> findings) {
    return sample::report_of(sample::scan(std::move(findings)), policy::built_in());
}

TEST(TableSteps, SaysWhatToDoNext) {
    auto const text = table_of(sample::report());
    EXPECT_TRUE(has(text, "\n  upgrade openssl to 3.0.17-1~deb12u2 (clears 2 of 3)\n")) << text;
    EXPECT_TRUE(has(text, "\n  1 blocking finding has no known fix")) << text;
    EXPECT_TRUE(has(text, "\n    [[allow]]\n")) << text;
    EXPECT_FALSE(has(table_of(report_of({sample::finding(Severity::low, "2")})), "Next"));
    std::vector<finding::Finding> findings;
    for (int i = 0; i < 9; ++i)
        findings.push_back(sample::vulnerable("CVE-1", cat("p", i), "1", Severity::critical, "2"));
    EXPECT_TRUE(has(table_of(report_of(findings)), "\n  and 4 more packages\n"));
}

TEST(TableSteps, PointsAtANewerBaseImage) {
    auto report = sample::report();
    for (auto& finding : report.scan.findings)
        finding.is_base_layer = true;
    auto const old = image::Digest::of("old").text();
    report.image.base = BaseImage{"registry.example/base:1@" + old, image::Digest::of("new"), true};
    auto const text = table_of(report);
    EXPECT_TRUE(has(text, "build again on the newer base image: 5 findings come from the old one"))
        << text;
    EXPECT_TRUE(has(text, "a newer one is there: ")) << text;
    report.image.base->newest = image::Digest::of("old");
    EXPECT_FALSE(has(table_of(report), "build again"));
    EXPECT_TRUE(has(table_of(report), "(the newest of its tag)"));
    report.image.base->is_below = false;
    EXPECT_TRUE(has(table_of(report), "does not begin with its layers"));
    report.image.base.reset();
    EXPECT_TRUE(has(table_of(report), "Base image: unknown"));
}

TEST(TableSteps, SaysWhenWhatIsLetThroughTodayWillBlock) {
    auto report = sample::report(sample::policy("[severity]\nhigh = \"warn\"\n"));
    auto account = account_of(report);
    for (auto& decided : account.decisions)
        if (decided.action == policy::Effect::warn)
            decided.turns_red = sample::now() + std::chrono::hours(24 * 30);
    auto const text = rendered(*find_format("table").value(), Record(report, account));
    EXPECT_TRUE(has(text, "Allowed today, blocking from\n")) << text;
    EXPECT_TRUE(has(text, " (in 30 days): ") || has(text, " (in 29 days): ")) << text;
    EXPECT_TRUE(has(text, "CVE-2099-0001 in libssl3")) << text;
}

} // namespace
} // namespace clairgate::report
