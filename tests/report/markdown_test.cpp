#include "report/golden.hpp"
#include "report/hostile_texts.hpp"
#include "report/rendered.hpp"
#include "report/written_samples.hpp"
#include <clairgate/base/text.hpp>

namespace clairgate::report {
namespace {

std::string markdown_of(Report const& report) {
    return rendered_by(render_markdown, report);
}
std::string comment_of(Report const& report) {
    return rendered_by(render_comment, report);
}

constexpr std::size_t summary_bytes_max = 900U * 1024U;
constexpr std::size_t comment_bytes_max = 60'000;

TEST(Markdown, LooksAsItShould) {
    expect_golden("blocked.md", markdown_of(sample::report()));
    expect_golden("everything.md", markdown_of(sample::report_with_everything()));
    expect_golden("everything.comment.md", comment_of(sample::report_with_everything()));
    expect_golden("platforms.md",
                  markdown_of(sample::report_of_two_platforms(
                      sample::policy("[scan]\npartly_covered = \"block\"\n"))));
    expect_golden("clean.md", markdown_of(sample::clean_report()));
    expect_golden("undecided.comment.md", comment_of(sample::undecided_report()));
}

TEST(Markdown, SaysThatNothingWasDecided) {
    for (auto const& report : {sample::undecided_report(), sample::undecided_with_findings()}) {
        auto const text = markdown_of(report);
        EXPECT_TRUE(text.starts_with("## ❓ Undecided\n"));
        EXPECT_NE(text.find("Nothing was decided"), std::string::npos);
        EXPECT_EQ(text.find("Allowed"), std::string::npos);
        EXPECT_EQ(text.find("No known vulnerability"), std::string::npos);
    }
    EXPECT_NE(
        markdown_of(sample::undecided_with_findings()).find("\n5 findings of the scan, none "),
        std::string::npos);
}

TEST(Markdown, SaysThatNothingWasFound) {
    auto const text = markdown_of(sample::clean_report());
    EXPECT_TRUE(text.starts_with("## ✅ Allowed\n"));
    EXPECT_NE(text.find("No known vulnerability was found."), std::string::npos);
}

TEST(Markdown, TellsWhatBlocksBesideFindings) {
    auto const uncovered = markdown_of(
        sample::report_of_two_platforms(sample::policy("[scan]\npartly_covered = \"block\"\n")));
    EXPECT_NE(uncovered.find("**Blocks**: `linux/arm64`"), std::string::npos) << uncovered;
    auto const budget = markdown_of(sample::report_with_everything());
    EXPECT_NE(budget.find("**Blocks**: `"), std::string::npos) << budget;
    auto const reported =
        markdown_of(sample::report(sample::policy("[scan]\nenforce = \"report\"\n")));
    EXPECT_NE(reported.find("> **Not enforced**"), std::string::npos) << reported;
}

TEST(Markdown, CommentBeginsWithAMarkerThatStaysTheSame) {
    std::string const marker =
        "<!-- clairgate:comment registry.example/team/shop application=shop environment=prod -->\n";
    auto report = sample::report_with_everything();
    EXPECT_TRUE(comment_of(report).starts_with(marker));
    report.reference = report.reference.at(image::Digest::of("the next build"));
    EXPECT_TRUE(comment_of(report).starts_with(marker));
    report.context["environment"] = "staging";
    EXPECT_FALSE(comment_of(report).starts_with(marker));
    EXPECT_EQ(markdown_of(report).find("<!--"), std::string::npos);
}

TEST(Markdown, LeadsWithWhatTheChangeBrought) {
    auto const text = comment_of(sample::report_with_everything());
    auto const changed = text.find("### What changed");
    auto const before = text.find("### Blocking, as before");
    ASSERT_NE(changed, std::string::npos);
    ASSERT_NE(before, std::string::npos);
    EXPECT_LT(changed, before);
    EXPECT_LT(text.find("### What changed"), text.find("### What to do first"));
    EXPECT_NE(text.find("**2 new**, **1 fixed**, 3 unchanged"), std::string::npos);
    auto const without = comment_of(sample::report());
    EXPECT_EQ(without.find("What changed"), std::string::npos);
    EXPECT_NE(without.find("### Blocking (3)"), std::string::npos);
}

TEST(Markdown, StaysWithinTheLimitsAndSaysWhatIsMissing) {
    for (auto const& filler : {std::string(), std::string(400, '|'), std::string(400, ':')}) {
        auto report = sample::large_report(3000, filler);
        for (bool const is_compared : {false, true}) {
            if (is_compared)
                report.comparison = {
                    "b", std::vector<FixedFinding>(1000, {filler, filler, filler, filler, {}})};
            auto const summary = markdown_of(report);
            auto const comment = comment_of(report);
            EXPECT_LE(summary.size(), summary_bytes_max);
            EXPECT_LE(comment.size(), comment_bytes_max);
            for (auto const& text : {summary, comment}) {
                EXPECT_NE(text.find(" more findings**, see `-o json=FILE`"), std::string::npos);
                EXPECT_TRUE(text.ends_with("</details>\n"));
            }
        }
    }
}

TEST(Markdown, StaysWithinTheLimitsWhateverThePolicySays) {
    auto const report = sample::report();
    std::string const filler(2000, '|');
    auto account = account_of(report);
    policy::Judgement const judged{policy::Effect::block, {{}, filler, 1, 1, filler}, filler};
    for (std::size_t i = 0; i < 200; ++i)
        account.budget.push_back({finding::Severity::high, 1, 0, judged});
    ExceptionUse use;
    use.ids.assign(50, filler);
    use.owner = use.reason = use.expires = use.sentence = filler;
    use.matched = use.waived = 1;
    use.is_break_glass = true;
    account.exceptions.assign(200, use);
    account.policy.files.assign(200, {filler, filler, filler});
    account.policy.notes.assign(200, filler);
    account.policy.is_enforced = false;
    Record const record(report, account);
    EXPECT_LE(rendered({"", "", render_comment}, record).size(), comment_bytes_max);
    EXPECT_LE(rendered({"", "", render_markdown}, record).size(), summary_bytes_max);
}

// Every line begins with words or signs of ours.
std::string stray_line_in(std::string const& text) {
    static std::string_view const heads[] = {"| ",
                                             "## ",
                                             "### ",
                                             "- ",
                                             "1. ",
                                             "> ",
                                             "<details>",
                                             "</details>",
                                             "<!-- clairgate:comment ",
                                             "**",
                                             "Image ",
                                             "Warns: ",
                                             "No known "};
    for (auto const line : split(text, '\n')) {
        bool const is_ours = line.empty() || (line.front() >= '0' && line.front() <= '9') ||
                             std::any_of(std::begin(heads), std::end(heads), [&](auto head) {
                                 return line.starts_with(head);
                             });
        if (!is_ours)
            return std::string(line);
    }
    return {};
}

TEST(Markdown, KeepsHostileTextsInTheirLines) {
    for (auto const& hostile : sample::hostile_texts()) {
        auto report = sample::report_with_everything();
        for (auto& finding : report.scan.findings) {
            finding.id = finding.fixed_version = finding.package.name = hostile;
            finding.package.version = finding.package.source_name = hostile;
            finding.links = {hostile};
        }
        for (auto& layer : report.image.layers["linux/amd64"])
            layer.instruction = hostile;
        report.context["environment"] = hostile;
        report.comparison = {hostile, {{hostile, hostile, hostile, hostile, {}}}};
        report.verdict = sample::report_of(report.scan, *report.policy).verdict;
        for (auto const& text : {markdown_of(report), comment_of(report)}) {
            ASSERT_EQ(stray_line_in(text), "") << printable(hostile);
            for (auto const* marker : {"::", "##[", "##vso", "##teamcity", "@", "section_start:"})
                ASSERT_EQ(text.find(marker), std::string::npos) << printable(hostile);
            // Code spans are closed on their line, and cells are as many as in the head.
            for (auto const line : split(text, '\n'))
                ASSERT_EQ(std::count(line.begin(), line.end(), '`') % 2, 0) << line;
        }
    }
}

} // namespace
} // namespace clairgate::report
