#include "report/json_document.hpp"
#include <clairgate/base/text.hpp>
#include <clairgate/report/sarif_parts.hpp>

#include <gtest/gtest.h>

namespace clairgate::report {
namespace {

std::string help_of(Report const& report, Prose::Kind kind) {
    Record const record(report);
    SarifPlan const plan(record, {});
    Prose prose(kind);
    say_help(prose, plan, plan.rules().front());
    return std::string(prose.text());
}

finding::Finding openssl() {
    auto finding =
        sample::vulnerable("CVE-2099-0001", "libssl3", "3.0.11", finding::Severity::high, "3.0.17");
    finding.description = "An error *somewhere*.";
    finding.cvss = {{"3.1", "", 7.5}};
    finding.links = {"http://a.test/x", "javascript:alert(1)", "https://b.test/y"};
    return finding;
}

TEST(SarifHelp, SaysWhatItIsAndHowItIsFixed) {
    EXPECT_EQ(help_of(report_with({openssl()}), Prose::Kind::markdown),
              "What it is: `An error *somewhere*.`\n"
              "\n"
              "Severity: `high`, CVSS `3.1` score `7.5`\n"
              "\n"
              "Installed → fixed in:\n"
              "\n"
              "- `libssl3` `3.0.11` → `3.0.17`\n"
              "\n"
              "How to fix: upgrade to the version behind the arrow, or build on a newer base image "
              "that has it; then push and scan the image again.\n"
              "\n"
              "More: <https://b.test/y>");
}

TEST(SarifHelp, IsTheSameInPlainText) {
    auto const text = help_of(report_with({openssl()}), Prose::Kind::plain);
    EXPECT_NE(text.find("- libssl3 3.0.11 → 3.0.17\n"), std::string::npos) << text;
    EXPECT_NE(text.find("An error *somewhere*."), std::string::npos) << text;
    EXPECT_TRUE(text.ends_with("More: https://b.test/y")) << text;
}

TEST(SarifHelp, SaysSoWhereNoFixIsKnown) {
    auto finding = openssl();
    finding.fixed_version.clear();
    finding.description = " ";
    finding.links.clear();
    auto const text = help_of(report_with({finding}), Prose::Kind::plain);
    EXPECT_NE(text.find("no fixed version is known"), std::string::npos) << text;
    EXPECT_NE(text.find("has no description of it"), std::string::npos) << text;
    EXPECT_TRUE(text.ends_with("https://nvd.nist.gov/vuln/detail/CVE-2099-0001")) << text;
}

TEST(SarifHelp, CountsThePackagesItDoesNotList) {
    std::vector<finding::Finding> findings;
    for (int i = 0; i < 14; ++i) {
        findings.push_back(openssl());
        findings.back().package.name = "package" + std::to_string(i);
    }
    auto const text = help_of(report_with(findings), Prose::Kind::plain);
    EXPECT_NE(text.find("- and 4 more\n"), std::string::npos) << text;
}

TEST(SarifHelp, NoLineOfMarkdownBeginsWithTextFromOutside) {
    for (auto const& hostile : hostile_texts()) {
        auto finding = openssl();
        finding.description = hostile;
        finding.package.name = hostile;
        finding.package.version = hostile;
        finding.fixed_version = hostile;
        finding.cvss = {{hostile, "", 7.5}};
        std::string const help = help_of(report_with({finding}), Prose::Kind::markdown);
        for (auto const line : split(help, '\n')) {
            bool const is_ours = line.empty() || line.starts_with("What it is: ") ||
                                 line.starts_with("Severity: ") || line.starts_with("Installed ") ||
                                 line.starts_with("- `") || line.starts_with("How to fix: ") ||
                                 line.starts_with("More: ");
            EXPECT_TRUE(is_ours) << line;
        }
    }
}

TEST(SarifHelp, TheInstructionOfTheLayerIsTold) {
    auto finding = openssl();
    finding.layer = image::Digest::of("layer");
    auto report = report_with({finding});
    report.image.layers["linux/amd64"] = {{image::Digest::of("layer"), "RUN apt-get `x`"}};
    auto const text = help_of(report, Prose::Kind::markdown);
    EXPECT_NE(text.find(", brought in by `` RUN apt-get `x` ``\n"), std::string::npos) << text;
}

} // namespace
} // namespace clairgate::report
