#include <clairgate/base/text.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <gate/program.hpp>
#include <support/temp_dir.hpp>

namespace clairgate::gate {
namespace {

TEST(PolicyInit, WritesFilesThatAreRightAndOverwritesNone) {
    for (auto const* from : {"", "devtron"}) {
        test::TempDir const folder;
        auto const path = (folder.path() / "policy").string();
        std::vector<std::string> arguments{"policy", "init", "--policy", path};
        if (*from != 0) {
            arguments.push_back("--from");
            arguments.push_back(from);
        }
        auto const ran = test::run_program(arguments);
        EXPECT_EQ(ran.status, 0) << ran.error;
        EXPECT_TRUE(std::filesystem::exists(folder.path() / "policy/global.toml"));
        auto const lint = test::run_program({"policy", "lint", "--policy", path});
        EXPECT_EQ(lint.status, 0) << lint.error;
        EXPECT_NE(lint.out.find("0 warnings"), std::string::npos) << lint.out;
        if (*from == 0) {
            auto const tested = test::run_program({"policy", "test", "--policy", path});
            EXPECT_EQ(tested.status, 0) << tested.out << tested.error;
        }
        EXPECT_EQ(test::run_program(arguments).status, 2) << "a second time";
    }
}

TEST(PolicyInit, KnowsOneOtherProduct) {
    EXPECT_EQ(test::run_program({"policy", "init", "--from", "quay"}).status, 2);
}

} // namespace
} // namespace clairgate::gate
