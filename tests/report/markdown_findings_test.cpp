#include "report/written_samples.hpp"
#include <clairgate/base/text.hpp>
#include <clairgate/report/markdown_parts.hpp>

#include <gtest/gtest.h>

namespace clairgate::report {
namespace {

constexpr MarkdownLimits limits{100'000, 100'000, 100'000, 100'000, 3, 2, 500};

template <class Write>
std::string written(Write write) {
    std::string text;
    Out out([&](std::string_view piece) { text += piece; });
    MarkdownWriter markdown(out);
    write(markdown);
    out.finish();
    return text;
}

std::string table_of(Report const& report, std::size_t end = 100'000) {
    Record const record(report);
    return written([&](MarkdownWriter& out) {
        auto const positions = worst_first(record, policy::Effect::block, std::nullopt);
        write_findings(out, record, positions, limits, end);
    });
}

TEST(MarkdownFindings, AreATableWithALinkAndTheWayIn) {
    auto const text = table_of(sample::report_with_everything());
    EXPECT_NE(text.find("| Severity | Package | Installed | Fixed in | Advisory | Brought in by |\n"
                        "| --- | --- | --- | --- | --- | --- |\n"),
              std::string::npos)
        << text;
    EXPECT_NE(
        text.find("| high | `libssl3` | `3.0.11-1~deb12u1` | `3.0.17-1~deb12u2` | "
                  "[`CVE-2099-0001`](https://example.org/CVE-2099-0001) | `RUN apt-get install "
                  "`&#124;` tee x` |\n"),
        std::string::npos)
        << text;
}

TEST(MarkdownFindings, NameThePlatformWhereThereAreSeveral) {
    auto const text = table_of(sample::report_of_two_platforms());
    EXPECT_NE(text.find(" | Advisory | Platform |\n"), std::string::npos) << text;
    EXPECT_NE(text.find(" | all |\n"), std::string::npos) << text;
    EXPECT_NE(text.find(" | `linux/amd64` |\n"), std::string::npos) << text;
}

TEST(MarkdownFindings, TellTheScoreThatGaveTheSeverity) {
    auto const text = table_of(sample::report());
    EXPECT_NE(text.find("| critical 9.8 | `zlib1g` |"), std::string::npos) << text;
    EXPECT_NE(text.find("| no fix known |"), std::string::npos) << text;
}

TEST(MarkdownFindings, DoNotLinkWhereTheLinkWouldBeSeen) {
    auto report = sample::report();
    for (auto& finding : report.scan.findings)
        finding.links = {"https://github.com/a/b/issues/1", "http://example.org/x"};
    EXPECT_EQ(table_of(report).find("]("), std::string::npos);
}

TEST(MarkdownFindings, SayHowManyAreMissing) {
    auto const report = sample::large_report(20, "");
    EXPECT_NE(table_of(report).find("\n**7 more findings**, see `-o json=FILE`\n"),
              std::string::npos)
        << table_of(report);
    auto const full = table_of(report, 0);
    EXPECT_NE(full.find("\n**10 more findings**"), std::string::npos) << full;
}

TEST(MarkdownChanges, TellWhatIsNewFixedAndUnchanged) {
    auto const report = sample::report_with_everything();
    Record const record(report);
    auto const text = written([&](MarkdownWriter& out) { write_changes(out, record, limits); });
    EXPECT_NE(text.find("**2 new**, **1 fixed**, 3 unchanged since `registry.example/team/shop`"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("**New and blocking (1)**"), std::string::npos) << text;
    EXPECT_NE(text.find("<summary>New warnings (1)</summary>"), std::string::npos) << text;
    EXPECT_NE(text.find("- high: `CVE-2098-0007` in `curl` `7.88.1`\n"), std::string::npos) << text;
}

TEST(MarkdownChanges, AreSilentWithoutABaseline) {
    auto const report = sample::report();
    Record const record(report);
    EXPECT_EQ(written([&](MarkdownWriter& out) { write_changes(out, record, limits); }), "");
}

TEST(MarkdownChanges, SayHowManyFixedOnesAreMissing) {
    auto report = sample::report();
    report.comparison = {"b", std::vector<FixedFinding>(5, {"CVE-1", "p", "a", "1", {}})};
    Record const record(report);
    auto const text = written([&](MarkdownWriter& out) { write_changes(out, record, limits); });
    EXPECT_NE(text.find("- 3 more, see `-o json=FILE`\n"), std::string::npos) << text;
}

} // namespace
} // namespace clairgate::report
