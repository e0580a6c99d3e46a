#include <clairgate/base/text.hpp>

#include <gtest/gtest.h>

#include <gate/policy_tree.hpp>
#include <gate/program.hpp>

namespace clairgate::gate {
namespace {

TEST(PolicyPush, PublishesNothingThatIsWrong) {
    test::PolicyTree tree;
    tree.put("global.toml", "[severity]\ncritcal = \"block\"\n");
    auto const wrong = test::run_program(
        {"policy", "push", "127.0.0.1:1/org/policy:1", "--policy", tree.text(), "--timeout", "2s"});
    EXPECT_EQ(wrong.status, 2) << wrong.error;
    tree.put("global.toml", "");
    auto const away = test::run_program(
        {"policy", "push", "127.0.0.1:1/org/policy:1", "--policy", tree.text(), "--timeout", "2s"});
    EXPECT_EQ(away.status, 3) << away.error;
    EXPECT_EQ(test::run_program({"policy", "push"}).status, 2);
    EXPECT_EQ(test::run_program({"policy", "push", "a b", "--policy", tree.text()}).status, 2);
}

} // namespace
} // namespace clairgate::gate
