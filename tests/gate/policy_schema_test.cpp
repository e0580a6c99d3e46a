#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <gate/program.hpp>

namespace clairgate::gate {
namespace {

TEST(PolicySchema, PrintsASchemaThatNeedsNoPolicy) {
    auto const ran = test::run_program({"policy", "schema"});
    ASSERT_EQ(ran.status, 0) << ran.error;
    auto const schema = nlohmann::json::parse(ran.out);
    EXPECT_EQ(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    EXPECT_TRUE(schema["properties"].contains("severity"));
}

TEST(PolicySchema, TakesNoArgument) {
    EXPECT_EQ(test::run_program({"policy", "schema", "x"}).status, 2);
}

} // namespace
} // namespace clairgate::gate
