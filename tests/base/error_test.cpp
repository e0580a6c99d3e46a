#include <clairgate/base/error.hpp>
#include <clairgate/base/result.hpp>

#include <gtest/gtest.h>

#include <memory>

namespace clairgate {
namespace {

Result<int> half(int value) {
    if (value % 2 != 0)
        return Error(ErrorKind::usage, "odd");
    return value / 2;
}

Result<int> quarter(int value) {
    int const first = TRY(half(value));
    return half(first).with_context("second half");
}

Result<void> check(int value) {
    TRY_VOID(quarter(value));
    return ok();
}

TEST(Result, CarriesValuesAndErrorsThroughTry) {
    EXPECT_EQ(quarter(8).value(), 2);
    EXPECT_EQ(quarter(3).error().text(), "odd");
    EXPECT_EQ(quarter(6).error().text(), "second half: odd");
    EXPECT_TRUE(check(8).has_value());
    EXPECT_FALSE(check(7).has_value());
}

TEST(Result, MovesMoveOnlyValues) {
    auto const make = []() -> Result<std::unique_ptr<int>> { return std::make_unique<int>(7); };
    auto const use = [&]() -> Result<int> {
        auto pointer = TRY(make());
        return *pointer;
    };
    EXPECT_EQ(use().value(), 7);
}

TEST(Error, TellsWhereFromTheOutsideIn) {
    auto const error = Error(ErrorKind::policy, "unknown key")
                           .with_context("[severity]")
                           .with_context("policy")
                           .with_position({"global.toml", 3, 1})
                           .with_remedy("remove it");
    EXPECT_EQ(error.text(), "global.toml:3:1: policy: [severity]: unknown key");
    EXPECT_EQ(error.remedy(), "remove it");
}

TEST(ErrorKind, HasAWordForEveryKind) {
    for (int kind = 0; kind <= static_cast<int>(ErrorKind::file); ++kind)
        EXPECT_FALSE(to_string(static_cast<ErrorKind>(kind)).empty());
    EXPECT_EQ(to_string(ErrorKind::file), "file");
    EXPECT_EQ(to_string(ErrorKind::no_digest), "no_digest");
}

} // namespace
} // namespace clairgate
