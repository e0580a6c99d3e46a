#include <gtest/gtest.h>

#include <gate/program.hpp>

namespace clairgate::gate {
namespace {

TEST(ConfigShow, TellsEachValueWithItsOrigin) {
    auto const ran = test::run_program({"config", "show", "--origin"},
                                       {{"CLAIRGATE_CLAIR_URL", "http://clair:6060"}});
    EXPECT_EQ(ran.status, 0) << ran.error;
    EXPECT_NE(ran.out.find("clair-url = http://clair:6060"), std::string::npos);
    EXPECT_NE(ran.out.find("# environment CLAIRGATE_CLAIR_URL"), std::string::npos);
}

TEST(ConfigShow, NeedsItsWord) {
    EXPECT_EQ(test::run_program({"config"}).status, 2);
    EXPECT_EQ(test::run_program({"config", "shwo"}).status, 2);
}

} // namespace
} // namespace clairgate::gate
