#include <clairgate/base/text.hpp>
#include <clairgate/report/formats.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <gate/policy_tree.hpp>
#include <gate/program.hpp>
#include <gate/sample_report.hpp>

namespace clairgate::gate {
namespace {

std::string allow(char const* id, char const* expires) {
    return cat(
        "[[allow]]\nid = \"", id, "\"\nreason = \"r\"\nowner = \"o\"\nexpires = ", expires, "\n");
}

// The global file has one that is used by sample reports, and one that is not.
void put_exceptions(test::PolicyTree& tree) {
    tree.put("global.toml",
             allow("CVE-2099-0001", "2999-01-01") + allow("CVE-2099-0002", "2999-01-01"))
        .put("application/shop.toml", allow("CVE-2099-0003", "2020-01-01"));
}

std::string put_report(test::PolicyTree const& tree, report::Report const& report) {
    auto const file = (tree.path() / "report.json").string();
    std::ofstream(file) << report::json_of(report);
    return file;
}

test::Ran run(test::PolicyTree const& tree, std::vector<std::string> const& more = {}) {
    std::vector<std::string> arguments{"policy", "prune", "--policy", tree.text(), "--warn-status"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return test::run_program(arguments);
}

TEST(PolicyPrune, WithoutReportsItTellsTheExpired) {
    test::PolicyTree tree;
    put_exceptions(tree);
    auto const ran = run(tree);
    EXPECT_EQ(ran.status, 10) << ran.error;
    EXPECT_EQ(ran.out,
              "application/shop.toml:2-6: delete allow CVE-2099-0003: expired on 2020-01-01\n"
              "1 of 3 exceptions to delete\n"
              "no reports were given, so only expired ones are told; for unused ones: "
              "clairgate policy prune reports/*.json\n");
}

TEST(PolicyPrune, ReportsShowWhatIsUnused) {
    test::PolicyTree tree;
    put_exceptions(tree);
    auto const file = put_report(tree, test::sample_report(finding::Severity::high, ""));
    auto const ran = run(tree, {file});
    EXPECT_EQ(ran.status, 10) << ran.error;
    EXPECT_NE(ran.out.find("global.toml:7-11: delete allow CVE-2099-0002: the one report has no "
                           "finding that it speaks of\n"),
              std::string::npos)
        << ran.out;
    EXPECT_EQ(ran.out.find("CVE-2099-0001"), std::string::npos) << ran.out;
    EXPECT_NE(ran.out.find("2 of 3 exceptions to delete\n"), std::string::npos) << ran.out;
}

TEST(PolicyPrune, NothingToDeleteEndsWithZero) {
    test::PolicyTree tree;
    tree.put("global.toml", "").put("application/shop.toml", allow("CVE-2099-0003", "2999-01-01"));
    auto report = test::sample_report(finding::Severity::high, "");
    report.context["application"] = "other";
    auto const ran = run(tree, {put_report(tree, report)});
    EXPECT_EQ(ran.status, 0) << ran.error;
    EXPECT_EQ(ran.out,
              "0 of 1 exception to delete\n"
              "1 more may be in use: no report is of an image that they apply to\n");
}

TEST(PolicyPrune, AReportThatCouldNotDecideShowsNothing) {
    test::PolicyTree tree;
    put_exceptions(tree);
    auto report = test::sample_report(finding::Severity::high, "");
    report.verdict.reset();
    report.undecided_reason = "Clair did not answer";
    auto const ran = run(tree, {put_report(tree, report)});
    EXPECT_EQ(ran.status, 10) << ran.error;
    EXPECT_NE(ran.out.find("1 of 3 exceptions to delete\n"), std::string::npos) << ran.out;
    EXPECT_NE(ran.out.find("1 of 1 reports could not decide"), std::string::npos) << ran.out;
}

TEST(PolicyPrune, EndsWithTheMistakesOfWhatItReads) {
    test::PolicyTree tree;
    tree.put("global.toml", "[[allow]]\nid = \"CVE-1\"\n").put("report.json", "");
    EXPECT_EQ(run(tree).status, 2);
    tree.put("global.toml", "");
    auto const ran = run(tree, {(tree.path() / "report.json").string()});
    EXPECT_EQ(ran.status, 3);
    EXPECT_NE(ran.error.find("report.json"), std::string::npos) << ran.error;
    EXPECT_NE(run(tree, {"/nowhere.json"}).status, 0);
}

} // namespace
} // namespace clairgate::gate
