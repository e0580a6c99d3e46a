#include <clairgate/base/text.hpp>
#include <clairgate/report/formats.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <gate/policy_tree.hpp>
#include <gate/program.hpp>
#include <gate/sample_report.hpp>

namespace clairgate::gate {
namespace {

TEST(PolicyDiff, NamesExactlyTheVerdictsThatFlip) {
    test::PolicyTree before, after;
    before.put("global.toml", "");
    after.put("global.toml", "[severity]\nlow = \"block\"\n");
    std::vector<std::string> arguments{"policy", "diff", before.text(), after.text()};
    for (auto const severity : finding::severities) {
        auto const file = (before.path() / cat(finding::to_string(severity), ".json")).string();
        std::ofstream(file) << report::json_of(test::sample_report(severity, ""));
        arguments.push_back(file);
    }
    auto const ran = test::run_program(arguments);
    ASSERT_EQ(ran.status, 0) << ran.error;
    EXPECT_NE(ran.out.find("low.json: warn -> block"), std::string::npos) << ran.out;
    EXPECT_NE(ran.out.find("severity.low is block"), std::string::npos) << ran.out;
    EXPECT_NE(ran.out.find("1 of 6 verdicts flip"), std::string::npos) << ran.out;
}

TEST(PolicyDiff, NeedsTwoSidesAndReports) {
    EXPECT_EQ(test::run_program({"policy", "diff", "a", "b"}).status, 2);
    EXPECT_EQ(test::run_program({"policy", "diff", "/nowhere", "/nowhere", "r.json"}).status, 2);
}

} // namespace
} // namespace clairgate::gate
