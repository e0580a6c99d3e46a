#include <clairgate/base/text.hpp>

#include <gtest/gtest.h>

#include <gate/policy_tree.hpp>
#include <gate/program.hpp>

namespace clairgate::gate {
namespace {

std::string test_of(std::string const& name, std::string const& more) {
    return cat("[[test]]\nname = \"",
               name,
               "\"\n",
               more,
               "[[test.finding]]\nid = \"CVE-2024-0001\"\nseverity = \"critical\"\n");
}

test::Ran run(test::PolicyTree const& tree, std::vector<std::string> const& more = {}) {
    std::vector<std::string> arguments{"policy", "test", "--policy", tree.text()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return test::run_program(arguments);
}

TEST(PolicyTest, TellsOfEachTestLikeATestRunner) {
    test::PolicyTree tree;
    tree.put("global.toml", "[severity]\ncritical = \"warn\"\n")
        .put("application/shop.toml", "[severity]\ncritical = \"block\"\n")
        .put("tests/a.toml",
             test_of("it warns", "expect = \"warn\"\n") +
                 test_of("shop is stricter", "application = \"shop\"\nexpect = \"block\"\n"));
    auto const good = run(tree);
    EXPECT_EQ(good.status, 0) << good.error;
    EXPECT_EQ(good.out, "ok   it warns\nok   shop is stricter\n2 tests, 0 failed\n");
    tree.put("tests/b.toml", test_of("it blocks", "expect = \"block\"\n") + "expect = \"block\"\n");
    auto const bad = run(tree);
    EXPECT_EQ(bad.status, 1) << bad.error;
    EXPECT_NE(bad.out.find("FAIL it blocks (tests/b.toml:2): expected block, got warn: critical, "
                           "no fix known: severity.critical is warn (global.toml:3:1)\n"
                           "     (tests/b.toml:5): CVE-2024-0001: expected block, got warn: "),
              std::string::npos)
        << bad.out;
    EXPECT_NE(bad.out.find("ok   it warns\n"), std::string::npos) << bad.out;
    EXPECT_NE(bad.out.find("\n3 tests, 1 failed\n"), std::string::npos) << bad.out;
}

TEST(PolicyTest, NamedFilesAreReadInsteadOfTheFolders) {
    test::PolicyTree tree, elsewhere;
    tree.put("global.toml", "")
        .put("tests/a.toml", test_of("of the folder", "expect = \"pass\"\n"));
    elsewhere.put("mine.toml", test_of("named", "expect = \"block\"\n"));
    auto const file = (elsewhere.path() / "mine.toml").string();
    auto const ran = run(tree, {file});
    EXPECT_EQ(ran.status, 0) << ran.error;
    EXPECT_EQ(ran.out, "ok   named\n1 test, 0 failed\n");
    EXPECT_EQ(run(tree, {file + ".none"}).status, 2);
}

TEST(PolicyTest, NoTestsAreNoSuccess) {
    test::PolicyTree tree;
    tree.put("global.toml", "");
    for (auto const* text : {"", "\n"}) {
        auto const ran = run(tree);
        EXPECT_EQ(ran.status, 2);
        EXPECT_NE(ran.error.find("there is no policy test"), std::string::npos) << ran.error;
        EXPECT_NE(ran.error.find("tests/NAME.toml"), std::string::npos) << ran.error;
        tree.put("tests/empty.toml", text);
    }
}

TEST(PolicyTest, AllMistakesOfAllFilesEndIt) {
    test::PolicyTree tree;
    tree.put("global.toml", "[severity]\ncritcal = \"block\"\n")
        .put("tests/a.toml", "[[test]]\nexpct = \"pass\"\n")
        .put("tests/b.toml", "tests = 1\n");
    auto const ran = run(tree);
    EXPECT_EQ(ran.status, 2);
    EXPECT_EQ(ran.out, "");
    for (auto const* must : {"global.toml:3:1", "tests/a.toml:3:1", "tests/b.toml:2:1"})
        EXPECT_NE(ran.error.find(must), std::string::npos) << must << "\n" << ran.error;
}

TEST(PolicyTest, ATestOfALevelThatIsNotThereIsAMistake) {
    test::PolicyTree tree;
    tree.put("global.toml", "")
        .put("tests/a.toml", test_of("n", "environment = \"prod\"\nexpect = \"block\"\n"));
    auto const ran = run(tree);
    EXPECT_EQ(ran.status, 2);
    EXPECT_NE(ran.error.find("tests/a.toml:2:1: there is no environment/prod.toml"),
              std::string::npos)
        << ran.error;
}

} // namespace
} // namespace clairgate::gate
