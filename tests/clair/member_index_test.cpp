#include <clairgate/clair/member_index.hpp>

#include <gtest/gtest.h>

namespace clairgate::clair {
namespace {

TEST(MemberIndex, FindsEveryMemberByItsKey) {
    auto const index = MemberIndex::of(R"({"b":2,"":0,"a":{"x":1},"10":10,"9":9})");
    ASSERT_TRUE(index.has_value());
    EXPECT_EQ(index->size(), 5U);
    EXPECT_EQ(index->value(index->find("a")), R"({"x":1})");
    EXPECT_EQ(index->value(index->find("9")), "9");
    EXPECT_EQ(index->value(index->find("")), "0");
    for (auto const* const key : {"x", "c", "1", "100"})
        EXPECT_EQ(index->find(key), MemberIndex::absent) << key;
}

TEST(MemberIndex, IsEmptyForNothing) {
    for (auto const* const text : {"", "null", "{}"})
        EXPECT_EQ(MemberIndex::of(text).value().size(), 0U) << text;
}

TEST(MemberIndex, RefusesDuplicateKeysAndOtherTypes) {
    for (auto const* const text : {R"({"a":1,"b":2,"a":1})", "[]", "1", "\"a\"", "{\"a\":1"})
        EXPECT_EQ(MemberIndex::of(text).error().kind(), ErrorKind::protocol) << text;
}

} // namespace
} // namespace clairgate::clair
