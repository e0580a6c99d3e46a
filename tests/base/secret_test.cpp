#include <clairgate/base/secret.hpp>

#include <gtest/gtest.h>

#include <ostream>
#include <type_traits>
#include <utility>

namespace clairgate {
namespace {

template <class T>
concept Printable = requires(std::ostream& out, T const& value) { out << value; };

static_assert(!Printable<Secret>);
static_assert(!std::is_convertible_v<Secret, std::string>);
static_assert(!std::is_convertible_v<Secret, std::string_view>);

TEST(Secret, IsEmptyAfterItWasMovedFrom) {
    Secret first("hunter2");
    Secret const second(std::move(first));
    EXPECT_EQ(second.reveal(), "hunter2");
    EXPECT_TRUE(first.empty()); // NOLINT(bugprone-use-after-move): the claim under test
    Secret third("x");
    third = second;
    EXPECT_EQ(third.reveal(), "hunter2");
}

} // namespace
} // namespace clairgate
