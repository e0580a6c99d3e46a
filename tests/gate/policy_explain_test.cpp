#include <clairgate/base/text.hpp>

#include <gtest/gtest.h>

#include <gate/policy_tree.hpp>
#include <gate/program.hpp>

namespace clairgate::gate {
namespace {

TEST(PolicyExplain, TellsEachValueItsOriginAndWhoLockedIt) {
    test::PolicyTree tree;
    tree.put("global.toml",
             "[severity]\ncritical = \"block\"\nlow = \"warn\"\n"
             "[[lock]]\nkey = \"severity.critical\"\n")
        .put("environment/prod.toml", "cluster = \"east\"\n[scan]\nuncovered = \"warn\"\n")
        .put("cluster/east.toml", "[severity]\nlow = \"block\"\n")
        .put("application/shop.toml", "[severity]\ncritical = \"allow\"\n");
    auto const ran = test::run_program({"policy",
                                        "explain",
                                        "--policy",
                                        tree.text(),
                                        "--environment",
                                        "prod",
                                        "--application",
                                        "shop",
                                        "--id",
                                        "CVE-2024-0001"});
    ASSERT_EQ(ran.status, 0) << ran.error;
    for (auto const* must :
         {"application shop, environment prod, cluster east",
          "global.toml cluster/east.toml environment/prod.toml application/shop.toml",
          "\nfrom folder, untrusted\n",
          "severity.critical       block           global.toml:3:1  locked by "
          "global.toml:5:1",
          "holds against allow (application/shop.toml:3:1)",
          "severity.low            block           cluster/east.toml:3:1",
          "overrides warn (global.toml:4:1)",
          "note: scan.uncovered has no effect",
          "CVE-2024-0001:"})
        EXPECT_NE(ran.out.find(must), std::string::npos) << must << "\n" << ran.out;
}

TEST(PolicyExplain, EndsWithTheMistakesOfTheFiles) {
    test::PolicyTree tree;
    tree.put("global.toml", "[severity]\ncritcal = \"block\"\n");
    auto const ran = test::run_program({"policy", "explain", "--policy", tree.text()});
    EXPECT_EQ(ran.status, 2);
    EXPECT_NE(ran.error.find("global.toml:3:1"), std::string::npos) << ran.error;
}

} // namespace
} // namespace clairgate::gate
