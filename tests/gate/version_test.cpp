#include <clairgate/gate/version.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <gate/program.hpp>

namespace clairgate::gate {
namespace {

TEST(Version, IsThreeNumbersOnStandardOutput) {
    EXPECT_EQ(std::count(version().begin(), version().end(), '.'), 2);
    auto const ran = test::run_program({"version"});
    EXPECT_EQ(ran.status, 0);
    EXPECT_EQ(ran.out, "clairgate " + std::string(version()) + "\n");
    EXPECT_EQ(ran.error, "");
}

} // namespace
} // namespace clairgate::gate
