#include <gtest/gtest.h>

#include <gate/program.hpp>

namespace clairgate::gate {
namespace {

TEST(Data, RefusesOtherWordsBeforeAnythingIsStarted) {
    for (auto const& words : std::vector<std::vector<std::string>>{
             {"data"}, {"data", "import"}, {"data", "status", "x"}, {"data", "improt", "f"}}) {
        auto const ran = test::run_program(words);
        EXPECT_EQ(ran.status, 2);
        EXPECT_NE(ran.error.find("data import FILE"), std::string::npos) << ran.error;
    }
}

} // namespace
} // namespace clairgate::gate
