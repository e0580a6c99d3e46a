#include "report/golden.hpp"
#include "report/rendered.hpp"
#include "report/sample_report.hpp"
#include <clairgate/base/text.hpp>
#include <clairgate/report/columns.hpp>
#include <clairgate/report/formats.hpp>

#include <gtest/gtest.h>

namespace clairgate::report {
namespace {

using finding::Severity;

std::string table_of_width(Report const& report, std::size_t columns) {
    RenderOptions options;
    options.columns = columns;
    return table_of(report, options);
}

bool has(std::string const& text, std::string_view piece) {
    return text.find(piece) != std::string::npos;
}

// Without the line breaks of wrapping.
std::string flat(std::string text) {
    for (auto at = text.find("\n    "); at != std::string::npos; at = text.find("\n    "))
        text.replace(at, 5, " ");
    return text;
}

Report report_of(std::vector<finding::Finding> findings, std::string policy = {}) {
    return sample::report_of(sample::scan(std::move(findings)),
                             policy.empty() ? policy::built_in() : sample::policy(policy));
}

TEST(Table, LooksAsItShould) {
    expect_golden("blocked.table", table_of(sample::report()));
    expect_golden("blocked_80.table", table_of_width(sample::report(), 80));
    expect_golden("platforms.table",
                  table_of(sample::report_of_two_platforms(
                      sample::policy("[severity]\nhigh = \"block\"\nlow = \"allow\"\n"
                                     "[scan]\npartly_covered = \"block\"\n"))));
    expect_golden("undecided.table", table_of(sample::undecided_report()));
    expect_golden("clean.table", table_of(report_of({})));
    RenderOptions ascii;
    ascii.columns = 80;
    ascii.is_utf8 = false;
    expect_golden("ascii.table", table_of(sample::report_of_two_platforms(), ascii));
}

TEST(Table, SaysTheVerdictAndTheImageFirst) {
    auto const digest = image::Digest::of("index").text();
    EXPECT_TRUE(table_of(sample::report())
                    .starts_with(cat("BLOCKED  registry.example/team/shop@", digest, "\n")));
    EXPECT_TRUE(table_of(report_of({sample::finding(Severity::low)}))
                    .starts_with("ALLOWED with warnings  registry.example/team/shop@"));
    EXPECT_TRUE(table_of(report_of({})).starts_with("ALLOWED  registry.example/team/shop@"));
    EXPECT_TRUE(
        table_of(sample::undecided_report()).starts_with("UNDECIDED  registry.example/team/shop@"));
}

TEST(Table, CountsInOneSentence) {
    EXPECT_TRUE(has(table_of(sample::report()),
                    "\n  5 findings: 3 block, 2 warn, 0 allowed; 100 packages on linux/amd64\n"));
    EXPECT_TRUE(has(table_of(report_of({sample::finding(Severity::low)})),
                    "\n  1 finding: 0 block, 1 warn, 0 allowed; 88 packages on linux/amd64\n"));
}

TEST(Table, ShowsWhatBlocksBeforeWhatWarnsAndOnlyCountsWhatIsAllowed) {
    auto const text = table_of(report_of({sample::vulnerable("CVE-1", "a", "1", Severity::low),
                                          sample::vulnerable("CVE-2", "b", "1", Severity::critical),
                                          sample::vulnerable("CVE-3", "c", "1", Severity::medium)},
                                         "[severity]\nmedium = \"allow\"\n"));
    EXPECT_LT(text.find("Blocking (1)"), text.find("CVE-2"));
    EXPECT_LT(text.find("CVE-2"), text.find("Warnings (1)"));
    EXPECT_LT(text.find("Warnings (1)"), text.find("CVE-1"));
    EXPECT_FALSE(has(text, "CVE-3"));
    EXPECT_TRUE(has(text, "1 block, 1 warn, 1 allowed"));
}

TEST(Table, NamesTheRuleAndWhereItStands) {
    auto const text = table_of(
        report_of({sample::finding(Severity::high, "2")}, "[severity]\nhigh = \"block\"\n"));
    EXPECT_TRUE(has(text, "Rules: severity.high is block (global.toml:3:1)\n")) << text;
    EXPECT_TRUE(has(text, "Policy: global.toml  sha256:")) << text;
    EXPECT_FALSE(has(text, "built-in")) << text;
}

TEST(Table, SaysWhenNobodyWroteAPolicy) {
    EXPECT_TRUE(has(table_of(sample::report()),
                    "Policy: built-in (critical blocks, high blocks if fixed, the rest warns)"));
}

TEST(Table, SaysWhyAPlatformIsNotCoveredAndWhatDecidesThat) {
    auto scan = sample::scan();
    scan.platforms = {sample::platform({})};
    auto const text = flat(table_of(sample::report_of(scan, policy::built_in())));
    EXPECT_TRUE(text.starts_with("BLOCKED"));
    EXPECT_TRUE(has(text,
                    "\n  blocks: linux/amd64 is uncovered: no package was found: Clair cannot tell "
                    "what is in the"))
        << text;
    EXPECT_TRUE(has(text, "scan.uncovered is block (built-in)")) << text;
    EXPECT_TRUE(has(text, "scan.uncovered = \"warn\" in global.toml\n")) << text;
    EXPECT_TRUE(has(text, "Coverage: none\n")) << text;
    auto const warned =
        flat(table_of(sample::report_of(scan, sample::policy("[scan]\nuncovered = \"warn\"\n"))));
    EXPECT_TRUE(has(warned, "\n  warning: linux/amd64 is uncovered")) << warned;
    EXPECT_TRUE(has(warned, "(global.toml:3:1)")) << warned;
    auto const allowed =
        flat(table_of(sample::report_of(scan, sample::policy("[scan]\nuncovered = \"allow\"\n"))));
    EXPECT_TRUE(has(allowed, "\n  note: linux/amd64 is uncovered")) << allowed;
}

TEST(Table, TellsTheAgeOfTheData) {
    auto report = sample::report();
    EXPECT_TRUE(has(table_of(report), "Data: of 2026-11-24T06:00:00Z, 6h00m old at the scan\n"));
    report.scan.scanner.data_date = sample::time("2026-11-20T12:00:00Z");
    EXPECT_TRUE(has(table_of(report), "Data: of 2026-11-20T12:00:00Z, 4d0h old at the scan\n"));
    report.scan.scanner.data_date = sample::time("2027-01-01T00:00:00Z");
    EXPECT_TRUE(has(table_of(report), "Data: of 2027-01-01T00:00:00Z\n"));
    report.scan.scanner.data_date.reset();
    report.scan.scanner.updaters.clear();
    EXPECT_TRUE(has(table_of(report), "Data: age not known\n"));
}

TEST(Table, KeepsIdsWholeAndFitsWhateverTheWidth) {
    for (std::size_t columns = 80; columns <= 160; ++columns) {
        for (auto const& report : {sample::report(), sample::report_of_two_platforms()}) {
            auto const text = table_of_width(report, columns);
            for (auto const line : split(text, '\n'))
                EXPECT_TRUE(width_of(line) <= columns || has(std::string(line), "@sha256:"))
                    << columns << ": " << line;
            EXPECT_TRUE(has(text, "CVE-2099-0001")) << columns;
        }
    }
}

TEST(Table, IsColouredOnlyWhenAsked) {
    EXPECT_FALSE(has(table_of(sample::report()), "\x1b"));
    RenderOptions options;
    options.has_colour = true;
    auto const text = table_of(sample::report(), options);
    EXPECT_TRUE(text.starts_with("\x1b[1;31mBLOCKED\x1b[0m"));
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\x1b')
            i = text.find('m', i);
        else
            plain += text[i];
    }
    EXPECT_EQ(plain, table_of(sample::report()));
}

TEST(Table, SaysWhyNothingWasDecided) {
    auto const text = table_of(sample::undecided_report());
    EXPECT_TRUE(has(text, "reason: while indexing: http://127.0.0.1:6060: connection refused"));
    EXPECT_FALSE(has(text, "ALLOWED"));
    EXPECT_FALSE(has(text, "Coverage"));
}

} // namespace
} // namespace clairgate::report
