#include <clairgate/base/text.hpp>

#include <gtest/gtest.h>

#include <gate/policy_tree.hpp>
#include <gate/program.hpp>

namespace clairgate::gate {
namespace {

TEST(PolicyLint, TellsAllMistakesOfAllLevels) {
    test::PolicyTree tree;
    tree.put("global.toml", "[severity]\ncritcal = \"block\"\n")
        .put("application/shop.toml", "[[allow]]\nid = [\"CVE-2024-0001\"]\n")
        .put("environment/prod.toml", "cluster = \"nowhere\"\n");
    auto const ran = test::run_program({"policy", "lint", "--policy", tree.text()});
    EXPECT_EQ(ran.status, 2);
    for (auto const* must :
         {"global.toml:3:1", "application/shop.toml:2:1", "environment/prod.toml:2:1"})
        EXPECT_NE(ran.error.find(must), std::string::npos) << must << "\n" << ran.error;
}

TEST(PolicyLint, WarnsOfWhatHasNoEffect) {
    test::PolicyTree tree;
    tree.put("global.toml",
             "[severity]\ncritical = \"block\"\n[[lock]]\nkey = \"severity.critical\"\n")
        .put("application/shop.toml",
             "[severity]\ncritical = \"allow\"\n[[allow]]\nid = [\"CVE-2024-0001\"]\n"
             "reason = \"r\"\nowner = \"o\"\nexpires = 2020-01-01\n");
    auto const ran = test::run_program({"policy", "lint", "--policy", tree.text()});
    EXPECT_EQ(ran.status, 0) << ran.error;
    EXPECT_NE(ran.out.find("application/shop.toml:3:1: warning: severity.critical has no effect"),
              std::string::npos)
        << ran.out;
    EXPECT_NE(ran.out.find("expired on 2020-01-01"), std::string::npos) << ran.out;
    EXPECT_NE(ran.out.find("2 files, 2 warnings"), std::string::npos) << ran.out;
    EXPECT_EQ(
        test::run_program({"policy", "lint", "--policy", tree.text(), "--warn-status"}).status, 10);
}

TEST(PolicyLint, ReadsTheTestsToo) {
    test::PolicyTree tree;
    tree.put("global.toml", "[severity]\ncritcal = \"block\"\n")
        .put("tests/a.toml", "[[test]]\nexpct = \"pass\"\n");
    auto const ran = test::run_program({"policy", "lint", "--policy", tree.text()});
    EXPECT_EQ(ran.status, 2);
    EXPECT_NE(ran.error.find("global.toml:3:1"), std::string::npos) << ran.error;
    EXPECT_NE(ran.error.find("tests/a.toml:3:1: unknown key expct"), std::string::npos)
        << ran.error;
}

} // namespace
} // namespace clairgate::gate
