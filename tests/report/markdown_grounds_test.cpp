#include "report/written_samples.hpp"
#include <clairgate/base/text.hpp>
#include <clairgate/report/markdown_parts.hpp>

#include <gtest/gtest.h>

namespace clairgate::report {
namespace {

constexpr MarkdownLimits limits{100'000, 100'000, 100'000, 100'000, 3, 2, 500};

template <class Write>
std::string written(Report const& report, Write write) {
    Record const record(report);
    std::string text;
    Out out([&](std::string_view piece) { text += piece; });
    MarkdownWriter markdown(out);
    write(markdown, record, limits);
    out.finish();
    return text;
}

TEST(MarkdownFirstSteps, NameTheUpgradesAndTheNewerBase) {
    auto const text = written(sample::report_with_everything(), write_first_steps);
    EXPECT_NE(text.find("1. Build again on the newer base image (`sha256:"), std::string::npos)
        << text;
    EXPECT_NE(text.find("): 2 findings from the one below\n"), std::string::npos) << text;
    EXPECT_NE(text.find("1. Upgrade `openssl` `3.0.11-1~deb12u1` to `3.0.17-1~deb12u2`: clears 2 "
                        "(2 high)\n"),
              std::string::npos)
        << text;
}

TEST(MarkdownFirstSteps, SayWhatHasNoFix) {
    auto const text = written(sample::report(), write_first_steps);
    EXPECT_NE(text.find("1 blocking finding without a known fix"), std::string::npos) << text;
    EXPECT_EQ(text.find("newer base"), std::string::npos) << text;
}

TEST(MarkdownFirstSteps, AreSilentWhereNothingBlocks) {
    EXPECT_EQ(written(sample::clean_report(), write_first_steps), "");
    EXPECT_EQ(written(sample::undecided_report(), write_first_steps), "");
}

TEST(MarkdownDates, TellWhenExceptionsEndAndWhatThenBlocks) {
    auto const text = written(sample::report_with_everything(), write_dates);
    EXPECT_NE(text.find("- `CVE-2099-0003` until `2026-12-01` **(ends soon)** by `team-shop`, lets "
                        "through 1: `not reachable`\n"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("- 1 of the policy match nothing in this image\n"), std::string::npos)
        << text;
    EXPECT_NE(text.find("### Allowed today, blocking later\n\n- 2026-12-02: `CVE-2099-0003` in "
                        "`zlib1g`\n"),
              std::string::npos)
        << text;
    EXPECT_EQ(written(sample::report(), write_dates), "");
}

TEST(MarkdownGrounds, NameRulesFilesAndData) {
    auto const text = written(sample::report_with_everything(), write_grounds);
    EXPECT_NE(text.find("- Rule `severity.high is block-if-fixed` (`built-in`)\n"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("- Policy `global.toml` `sha256:"), std::string::npos) << text;
    EXPECT_NE(text.find("- Vulnerability data of 2026-11-24\n"), std::string::npos) << text;
    auto old = sample::report();
    old.run.finished += std::chrono::hours(24 * 3);
    auto const built_in = written(old, write_grounds);
    EXPECT_NE(built_in.find("- Policy: built-in"), std::string::npos) << built_in;
    EXPECT_NE(built_in.find("2026-11-24, 3 days old at the scan\n"), std::string::npos) << built_in;
    auto const unknown = written(sample::clean_report(), write_grounds);
    EXPECT_NE(unknown.find("age not known"), std::string::npos) << unknown;
}

TEST(MarkdownGrounds, SayHowMuchIsMissing) {
    auto const report = sample::report();
    auto account = account_of(report);
    account.policy.files.assign(5, {"file.toml", "sha256:00", "folder"});
    account.policy.notes.assign(6, "a note");
    Record const record(report, account);
    std::string text;
    Out out([&](std::string_view piece) { text += piece; });
    MarkdownWriter markdown(out);
    write_grounds(markdown, record, limits);
    out.finish();
    EXPECT_NE(text.find("- 3 more, see `-o json=FILE`\n"), std::string::npos) << text;
    EXPECT_NE(text.find("- 4 more, see `-o json=FILE`\n"), std::string::npos) << text;
    EXPECT_NE(text.find("- more rules, see `-o json=FILE`\n"), std::string::npos) << text;
}

} // namespace
} // namespace clairgate::report
