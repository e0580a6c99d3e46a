#include "report/rendered.hpp"
#include "report/sample_report.hpp"
#include <clairgate/base/text.hpp>

#include <gtest/gtest.h>

namespace clairgate::report {
namespace {

using finding::Severity;

bool has(std::string const& text, std::string_view piece) {
    return text.find(piece) != std::string::npos;
}

Report report_of(std::vector<finding::Finding> findings, std::string policy = {}) {
    return sample::report_of(sample::scan(std::move(findings)),
                             policy.empty() ? policy::built_in() : sample::policy(policy));
}

std::vector<finding::Finding> many(std::size_t count, Severity severity) {
    std::vector<finding::Finding> out;
    for (std::size_t i = 0; i < count; ++i)
        out.push_back(
            sample::vulnerable(cat("CVE-2099-", 1000 + i), cat("p", 100 + i / 2), "1", severity));
    return out;
}

TEST(TableFindings, OneLineOfAPackageSaysWhatClearsHowMuch) {
    auto const text = table_of(sample::report());
    EXPECT_TRUE(has(text, "\n  openssl 3.0.11-1~deb12u1 → 3.0.17-1~deb12u2 fixes 2 (high)\n"))
        << text;
    EXPECT_TRUE(has(text, "\n      installed as libssl3, openssl\n")) << text;
    EXPECT_TRUE(has(text, "\n  zlib1g 1:1.2.13.dfsg-1: no fix known (critical)\n")) << text;
    EXPECT_TRUE(has(text, "\n    high       CVE-2099-0001\n")) << text;
}

TEST(TableFindings, SaysWhichInstructionOrBaseBroughtAPackageIn) {
    auto report = sample::report();
    report.image.layers["linux/amd64"] = {
        {image::Digest::of("layer"), "RUN apt-get install openssl"}};
    EXPECT_TRUE(has(table_of(report), "\n      from RUN apt-get install openssl\n"));
    for (auto& finding : report.scan.findings)
        finding.is_base_layer = true;
    EXPECT_TRUE(has(table_of(report), "\n      from the base image\n"));
}

TEST(TableFindings, ShowsEverythingThatBlocksAndOnlySomeOfWhatWarns) {
    auto const blocked = table_of(report_of(many(150, Severity::critical)));
    EXPECT_TRUE(has(blocked, "Blocking (150)"));
    EXPECT_TRUE(has(blocked, "CVE-2099-1149"));
    EXPECT_FALSE(has(blocked, "more package"));
    auto const warned = table_of(report_of(many(152, Severity::medium)));
    EXPECT_TRUE(has(warned, "Warnings (152)"));
    EXPECT_TRUE(has(warned, "p139"));
    EXPECT_FALSE(has(warned, "p140"));
    EXPECT_FALSE(has(warned, "CVE-2099-"));
    EXPECT_TRUE(has(warned, "\n  and 36 more packages (see -o json=FILE or -o html=FILE)\n"));
    auto const few = table_of(report_of(many(4, Severity::medium)));
    EXPECT_TRUE(has(few, "CVE-2099-1003"));
}

TEST(TableFindings, NamesARuleThatIsNotTheSeveritysOwn) {
    auto const text = table_of(report_of({sample::finding(Severity::low, "2")},
                                         "[[rule]]\nname = \"fixable\"\nwhen = { fixed = true }\n"
                                         "action = \"block\"\nreason = \"ours\"\n"));
    EXPECT_TRUE(has(text, " [rule.fixable]\n")) << text;
    EXPECT_FALSE(has(table_of(sample::report()), "[severity."));
}

TEST(TableFindings, NamesPlatformsOnlyWhereNotAllHaveIt) {
    auto const text = table_of(sample::report_of_two_platforms());
    EXPECT_TRUE(has(text, "CVE-2099-0009 on linux/arm64")) << text;
    EXPECT_TRUE(has(text, "CVE-2099-0003\n") || has(text, "CVE-2099-0001\n")) << text;
    EXPECT_FALSE(has(table_of(sample::report()), " on linux/amd64\n    "));
}

TEST(TableComparison, SaysWhatIsNewFixedAndUnchanged) {
    auto report = sample::report();
    EXPECT_FALSE(has(table_of(report), "compared with"));
    for (auto& finding : report.scan.findings)
        finding.is_new = finding.severity == Severity::critical;
    report.comparison = Comparison{"registry.example/team/shop@sha256:0",
                                   {{"CVE-2098-1", "linux/amd64", "gone", "1.0", Severity::high}}};
    auto const text = table_of(report);
    EXPECT_TRUE(has(text, "1 new, 1 fixed, 4 unchanged")) << text;
    EXPECT_TRUE(has(text, "\n  fixed: CVE-2098-1 in gone\n")) << text;
    EXPECT_TRUE(has(text, "CVE-2099-0003 (new)\n")) << text;
    EXPECT_FALSE(has(text, "CVE-2099-0001 (new)")) << text;
}

} // namespace
} // namespace clairgate::report
