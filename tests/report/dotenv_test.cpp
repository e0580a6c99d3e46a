#include "report/golden.hpp"
#include "report/hostile_texts.hpp"
#include "report/rendered.hpp"
#include "report/written_samples.hpp"
#include <clairgate/base/text.hpp>

#include <map>

namespace clairgate::report {
namespace {

std::string dotenv_of(Report const& report) {
    return rendered_by(render_dotenv, report);
}

std::map<std::string, std::string> parsed(std::string const& text) {
    std::map<std::string, std::string> out;
    EXPECT_TRUE(text.ends_with('\n'));
    for (auto const line : split(std::string_view(text).substr(0, text.size() - 1), '\n')) {
        auto const equals = line.find('=');
        EXPECT_NE(equals, std::string_view::npos) << line;
        auto const [at, is_fresh] = out.emplace(line.substr(0, equals), line.substr(equals + 1));
        EXPECT_TRUE(is_fresh) << line;
        EXPECT_EQ(at->first.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_"), std::string::npos);
    }
    return out;
}

TEST(Dotenv, LooksAsItShould) {
    expect_golden("everything.env", dotenv_of(sample::report_with_everything()));
    expect_golden("clean.env", dotenv_of(sample::clean_report()));
    expect_golden("undecided.env", dotenv_of(sample::undecided_with_findings()));
}

TEST(Dotenv, CountsWhatWrappersAskFor) {
    auto const env = parsed(dotenv_of(sample::report_with_everything()));
    EXPECT_EQ(env.at("CLAIRGATE_VERDICT"), "block");
    EXPECT_EQ(env.at("CLAIRGATE_ENFORCED"), "true");
    EXPECT_EQ(env.at("CLAIRGATE_DIGEST"), image::Digest::of("index").text());
    EXPECT_EQ(env.at("CLAIRGATE_IMAGE"),
              "registry.example/team/shop@" + image::Digest::of("index").text());
    EXPECT_EQ(env.at("CLAIRGATE_ENVIRONMENT"), "prod");
    EXPECT_EQ(env.at("CLAIRGATE_FINDINGS"), "5");
    EXPECT_EQ(env.at("CLAIRGATE_BLOCK"), "2");
    EXPECT_EQ(env.at("CLAIRGATE_WARN"), "2");
    EXPECT_EQ(env.at("CLAIRGATE_ALLOW"), "1");
    EXPECT_EQ(env.at("CLAIRGATE_WAIVED"), "1");
    EXPECT_EQ(env.at("CLAIRGATE_NEW"), "2");
    EXPECT_EQ(env.at("CLAIRGATE_FIXED"), "1");
    EXPECT_EQ(env.at("CLAIRGATE_CRITICAL"), "1");
    EXPECT_EQ(env.at("CLAIRGATE_HIGH"), "2");
    EXPECT_EQ(env.at("CLAIRGATE_LOW"), "1");
    EXPECT_EQ(env.at("CLAIRGATE_UNKNOWN"), "1");
}

TEST(Dotenv, CountsNothingThatNobodyDecided) {
    auto const env = parsed(dotenv_of(sample::undecided_with_findings()));
    EXPECT_EQ(env.at("CLAIRGATE_VERDICT"), "undecided");
    EXPECT_FALSE(env.contains("CLAIRGATE_BLOCK"));
    EXPECT_FALSE(env.contains("CLAIRGATE_FINDINGS"));
    EXPECT_FALSE(parsed(dotenv_of(sample::clean_report())).contains("CLAIRGATE_NEW"));
}

TEST(Dotenv, SaysThatABlockDoesNotStopAnything) {
    auto const env =
        parsed(dotenv_of(sample::report(sample::policy("[scan]\nenforce = \"report\"\n"))));
    EXPECT_EQ(env.at("CLAIRGATE_VERDICT"), "block");
    EXPECT_EQ(env.at("CLAIRGATE_ENFORCED"), "false");
}

TEST(Dotenv, StaysWithinGitLabsLimits) {
    for (auto const& hostile : sample::hostile_texts()) {
        auto report = sample::report_with_everything();
        for (auto const* name : {"application", "cluster", "environment"})
            report.context[name] = hostile;
        auto const text = dotenv_of(report);
        ASSERT_LE(text.size(), 5U * 1024U);
        ASSERT_EQ(parsed(text).size(), 20U);
        ASSERT_EQ(text.find_first_of(" \"'`$\\#;&|<>()!*?[]{}~\t\r"), std::string::npos) << text;
    }
}

} // namespace
} // namespace clairgate::report
