#include <clairgate/io/world.hpp>

#include <gtest/gtest.h>

namespace clairgate::io {
namespace {

TEST(Environment, TakesAnEmptyVariableAsUnset) {
    Environment const environment({{"A", "1"}, {"EMPTY", ""}});
    EXPECT_EQ(environment.value("A"), "1");
    EXPECT_EQ(environment.value("EMPTY"), std::nullopt);
    EXPECT_EQ(environment.value("MISSING"), std::nullopt);
    EXPECT_EQ(environment.all().size(), 2U);
}

} // namespace
} // namespace clairgate::io
