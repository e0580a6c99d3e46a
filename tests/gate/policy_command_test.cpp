#include <clairgate/base/text.hpp>
#include <clairgate/gate/policy_command.hpp>

#include <gtest/gtest.h>

#include <gate/program.hpp>
#include <set>

namespace clairgate::gate {
namespace {

TEST(PolicyCommand, ListsItsWordsAndSuggestsTheNearest) {
    auto const bare = test::run_program({"policy"});
    EXPECT_EQ(bare.status, 2);
    auto const wrong = test::run_program({"policy", "explan"});
    EXPECT_EQ(wrong.status, 2);
    EXPECT_NE(wrong.error.find("did you mean explain"), std::string::npos) << wrong.error;
    std::set<std::string_view> names;
    for (auto const& one : policy_subcommands()) {
        EXPECT_TRUE(names.insert(one.name).second);
        EXPECT_NE(bare.out.find(cat("policy ", one.name)), std::string::npos);
        EXPECT_FALSE(one.help.empty());
    }
}

} // namespace
} // namespace clairgate::gate
