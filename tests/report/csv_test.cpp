#include "report/csv_reader.hpp"
#include "report/golden.hpp"
#include "report/hostile_texts.hpp"
#include "report/rendered.hpp"
#include "report/written_samples.hpp"
#include <clairgate/base/text.hpp>

#include <algorithm>

namespace clairgate::report {
namespace {

std::string csv_of(Report const& report) {
    return rendered_by(render_csv, report);
}

sample::CsvRows parsed(Report const& report) {
    auto rows = sample::parse_csv(csv_of(report));
    EXPECT_TRUE(rows.has_value());
    return rows.value_or(sample::CsvRows());
}

std::string value(sample::CsvRows const& rows, std::size_t row, std::string_view column) {
    auto const& head = rows.at(0);
    auto const at = std::find(head.begin(), head.end(), column) - head.begin();
    return rows.at(row).at(static_cast<std::size_t>(at));
}

TEST(Csv, LooksAsItShould) {
    expect_golden("everything.csv", csv_of(sample::report_with_everything()));
    expect_golden("platforms.csv", csv_of(sample::report_of_two_platforms()));
    expect_golden("clean.csv", csv_of(sample::clean_report()));
    expect_golden("undecided.csv", csv_of(sample::undecided_with_findings()));
}

TEST(Csv, HasEveryFactUnderItsName) {
    auto const report = sample::report_with_everything();
    auto const rows = parsed(report);
    std::size_t row = 0;
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (value(rows, i, "package") == "libssl3")
            row = i;
    ASSERT_NE(row, 0U);
    std::pair<char const*, std::string> const expected[] = {
        {"kind", "finding"},
        {"action", "block"},
        {"platform", "linux/amd64"},
        {"rule", "severity.high is block-if-fixed"},
        {"place", "built-in"},
        {"remedy", "upgrade libssl3 to 3.0.17-1~deb12u2"},
        {"waived", "false"},
        {"severity", "high"},
        {"id", "CVE-2099-0001"},
        {"aliases", "DSA-5000-1 GHSA-aaaa-bbbb-cccc"},
        {"installed", "3.0.11-1~deb12u1"},
        {"fixed_in", "3.0.17-1~deb12u2"},
        {"source", "openssl"},
        {"ecosystem", "debian"},
        {"distribution", "debian 12 (bookworm)"},
        {"layer", image::Digest::of("layer").text()},
        {"instruction", "RUN apt-get install | tee x"},
        {"base_layer", "false"},
        {"new", "true"},
        {"published", "2026-02-03T04:05:06Z"},
        {"purl", "pkg:deb/debian/libssl3@3.0.11-1~deb12u1?arch=amd64&distro=debian-12"},
        {"updater", "debian/updater"},
        {"links", "https://example.org/CVE-2099-0001"}};
    for (auto const& [column, text] : expected)
        EXPECT_EQ(value(rows, row, column), text) << column;
}

TEST(Csv, TellsTheVerdictFirst) {
    auto const rows = parsed(sample::clean_report());
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(value(rows, 1, "kind"), "image");
    EXPECT_EQ(value(rows, 1, "action"), "pass");
    EXPECT_EQ(value(rows, 2, "kind"), "coverage");
    EXPECT_EQ(value(rows, 2, "action"), "allow");
}

TEST(Csv, SaysThatNothingWasDecided) {
    auto const rows = parsed(sample::undecided_with_findings());
    ASSERT_EQ(rows.size(), 7U);
    for (std::size_t i = 1; i < rows.size(); ++i)
        EXPECT_EQ(value(rows, i, "action"), "undecided");
    EXPECT_NE(value(rows, 1, "sentence").find("the policy could not be read"), std::string::npos);
    EXPECT_EQ(parsed(sample::undecided_report()).size(), 2U);
}

TEST(Csv, HasNoWordOnWhatIsNewWithoutABaseline) {
    auto const rows = parsed(sample::report());
    for (std::size_t i = 1; i < rows.size(); ++i)
        EXPECT_EQ(value(rows, i, "new"), "");
}

TEST(Csv, KeepsHostileTextsInTheirCells) {
    for (auto const& hostile : sample::hostile_texts()) {
        auto report = sample::report_with_everything();
        for (auto& finding : report.scan.findings) {
            finding.id = finding.updater = finding.distribution = hostile;
            finding.package = {hostile,
                               hostile,
                               hostile,
                               hostile,
                               hostile,
                               hostile,
                               hostile,
                               hostile,
                               hostile,
                               hostile};
            finding.aliases = finding.links = {hostile, hostile};
            finding.cvss = {{hostile, hostile, 9.8}};
        }
        for (auto& layer : report.image.layers["linux/amd64"])
            layer.instruction = hostile;
        report.verdict = sample::report_of(report.scan, *report.policy).verdict;
        auto const text = csv_of(report);
        auto const rows = sample::parse_csv(text);
        ASSERT_TRUE(rows.has_value()) << printable(text);
        ASSERT_EQ(rows->size(), 9U);
        for (auto const line : split(text, '\n'))
            ASSERT_TRUE(line.empty() || line.starts_with("\"finding\"") ||
                        line.starts_with("\"image\"") || line.starts_with("\"coverage\"") ||
                        line.starts_with("\"budget\"") || line.starts_with("\"kind\""));
        ASSERT_EQ(text.find("##"), std::string::npos) << printable(text);
    }
}

} // namespace
} // namespace clairgate::report
