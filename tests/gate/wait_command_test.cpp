#include <gtest/gtest.h>

#include <gate/program.hpp>
#include <support/loopback_server.hpp>

namespace clairgate::gate {
namespace {

TEST(WaitCommand, NeedsSomethingToWaitFor) {
    auto const ran = test::run_program({"wait"});
    EXPECT_EQ(ran.status, 2);
    EXPECT_NE(ran.error.find("--image"), std::string::npos);
}

TEST(WaitCommand, EndsWithFourWhenTheFileNeverComes) {
    auto const ran = test::run_program({"wait",
                                        "--image",
                                        "127.0.0.1:1/app",
                                        "--digest-file",
                                        "/nowhere/digest",
                                        "--wait-timeout",
                                        "20ms"});
    EXPECT_EQ(ran.status, 4) << ran.error;
    EXPECT_EQ(ran.out, "");
}

} // namespace
} // namespace clairgate::gate
