#include "report/golden.hpp"
#include "report/hostile_texts.hpp"
#include "report/rendered.hpp"
#include "report/written_samples.hpp"
#include "report/xml_reader.hpp"
#include <clairgate/base/text.hpp>

#include <algorithm>

namespace clairgate::report {
namespace {

std::string junit_of(Report const& report) {
    return rendered_by(render_junit, report);
}

sample::XmlElement parsed(Report const& report) {
    auto root = sample::parse_xml(junit_of(report));
    EXPECT_TRUE(root.has_value());
    return root.value_or(sample::XmlElement());
}

struct Counted {
    std::size_t tests = 0, failures = 0, errors = 0, skipped = 0;
};

Counted counted(sample::XmlElement const& suite) {
    Counted out;
    for (auto const& test : suite.children) {
        out.tests += test.name == "testcase" ? 1U : 0U;
        for (auto const& child : test.children) {
            out.failures += child.name == "failure" ? 1U : 0U;
            out.errors += child.name == "error" ? 1U : 0U;
            out.skipped += child.name == "skipped" ? 1U : 0U;
        }
    }
    return out;
}

// What the suites say of themselves is what is in them.
void expect_true_counts(sample::XmlElement const& root) {
    Counted all;
    for (auto const& suite : root.children) {
        auto const counts = counted(suite);
        EXPECT_EQ(suite.attributes.at("tests"), std::to_string(counts.tests));
        EXPECT_EQ(suite.attributes.at("failures"), std::to_string(counts.failures));
        EXPECT_EQ(suite.attributes.at("errors"), std::to_string(counts.errors));
        EXPECT_EQ(suite.attributes.at("skipped"), std::to_string(counts.skipped));
        all.tests += counts.tests;
        all.failures += counts.failures;
        all.errors += counts.errors;
    }
    EXPECT_EQ(root.attributes.at("tests"), std::to_string(all.tests));
    EXPECT_EQ(root.attributes.at("failures"), std::to_string(all.failures));
    EXPECT_EQ(root.attributes.at("errors"), std::to_string(all.errors));
}

std::vector<std::string> names(sample::XmlElement const& suite) {
    std::vector<std::string> out;
    for (auto const& test : suite.children)
        if (test.name == "testcase")
            out.push_back(test.attributes.at("name"));
    return out;
}

TEST(JUnit, LooksAsItShould) {
    expect_golden("blocked.junit.xml", junit_of(sample::report()));
    expect_golden("everything.junit.xml", junit_of(sample::report_with_everything()));
    expect_golden("platforms.junit.xml",
                  junit_of(sample::report_of_two_platforms(
                      sample::policy("[scan]\npartly_covered = \"block\"\n"))));
    expect_golden("clean.junit.xml", junit_of(sample::clean_report()));
    expect_golden("undecided.junit.xml", junit_of(sample::undecided_with_findings()));
}

TEST(JUnit, CountsWhatItHolds) {
    for (auto const& report : {sample::report(),
                               sample::report_with_everything(),
                               sample::report_of_two_platforms(),
                               sample::clean_report(),
                               sample::undecided_report(),
                               sample::undecided_with_findings()})
        expect_true_counts(parsed(report));
}

TEST(JUnit, TellsWhatBlocksFirst) {
    auto const root = parsed(sample::report());
    ASSERT_EQ(root.children.size(), 1U);
    EXPECT_EQ(root.children[0].attributes.at("name"), "linux/amd64");
    EXPECT_EQ(names(root.children[0]),
              (std::vector<std::string>{"CVE-2099-0003 in zlib1g",
                                        "CVE-2099-0001 in libssl3",
                                        "CVE-2099-0001 in openssl",
                                        "CVE-2099-0002 in perl-base",
                                        "CVE-2099-0004 in requests",
                                        "Clair has data for all packages"}));
    auto const& worst = root.children[0].children.at(1);
    ASSERT_EQ(worst.children.size(), 1U);
    EXPECT_EQ(worst.children[0].name, "failure");
    EXPECT_EQ(worst.children[0].attributes.at("type"), "block");
}

TEST(JUnit, SkipsWhatAnExceptionLetsThrough) {
    auto const root = parsed(sample::report_with_everything());
    for (auto const& suite : root.children) {
        for (auto const& test : suite.children) {
            if (test.name != "testcase" || test.attributes.at("name") != "CVE-2099-0003 in zlib1g")
                continue;
            ASSERT_EQ(test.children.size(), 1U);
            EXPECT_EQ(test.children[0].name, "skipped");
            EXPECT_NE(test.children[0].attributes.at("message").find("not reachable"),
                      std::string::npos);
            return;
        }
    }
    FAIL() << "no case of the waived finding";
}

TEST(JUnit, HasACaseOfTheBudget) {
    auto const root = parsed(sample::report_with_everything());
    ASSERT_GE(root.children.size(), 2U);
    EXPECT_EQ(root.children[0].attributes.at("name"), "budget");
    EXPECT_EQ(root.children[0].attributes.at("failures"), "1");
}

TEST(JUnit, IsAnErrorWhereNothingWasDecided) {
    auto const root = parsed(sample::undecided_report());
    EXPECT_EQ(root.attributes.at("errors"), "1");
    auto const with_findings = parsed(sample::undecided_with_findings());
    auto const& suite = with_findings.children.back();
    EXPECT_EQ(counted(suite).skipped, 5U);
    EXPECT_EQ(counted(suite).tests, 5U);
}

TEST(JUnit, HasAPassingCaseWhereNothingWasFound) {
    auto const root = parsed(sample::clean_report());
    EXPECT_EQ(root.attributes.at("failures"), "0");
    auto const all = names(root.children.at(0));
    EXPECT_NE(std::find(all.begin(), all.end(), "no known vulnerability"), all.end());
}

TEST(JUnit, NamesThePlatformWhereThereAreSeveral) {
    auto const root = parsed(sample::report_of_two_platforms());
    ASSERT_EQ(root.children.size(), 2U);
    for (auto const& suite : root.children)
        for (auto const& name : names(suite))
            EXPECT_TRUE(name.ends_with(" on " + suite.attributes.at("name"))) << name;
}

TEST(JUnit, SaysHowManyItLeavesOut) {
    auto const report = sample::large_report(10'100, "");
    auto const root = parsed(report);
    expect_true_counts(root);
    auto const& last = root.children.at(0).children.at(10'001);
    EXPECT_EQ(last.attributes.at("name"), "more findings than are listed here");
    EXPECT_EQ(last.children.at(0).attributes.at("message"), "100 more, see -o json=FILE");
    EXPECT_EQ(last.children.at(0).name, "skipped");
}

TEST(JUnit, GivesHostileTextsBack) {
    for (auto const& hostile : sample::hostile_texts()) {
        auto report = sample::report();
        for (auto& finding : report.scan.findings) {
            finding.id = hostile;
            finding.package.name = hostile;
            finding.package.version = hostile;
            finding.package.ecosystem = hostile;
            finding.links = {hostile};
        }
        report = sample::report_of(report.scan, *report.policy);
        auto const text = junit_of(report);
        auto const root = sample::parse_xml(text);
        ASSERT_TRUE(root.has_value()) << printable(text);
        expect_true_counts(*root);
        std::string scratch;
        auto const shown = visible(hostile, scratch);
        auto const cut = shown.size() > 200 ? cat(front(shown, 200), "…") : std::string(shown);
        ASSERT_EQ(names(root->children.at(0)).at(0), cat(cut, " in ", cut));
        for (auto const* marker : {"::", "##", "section_start:", "travis_fold:"})
            ASSERT_EQ(text.find(marker), std::string::npos) << printable(text);
        ASSERT_EQ(text.find("<system-out"), std::string::npos);
    }
}

} // namespace
} // namespace clairgate::report
