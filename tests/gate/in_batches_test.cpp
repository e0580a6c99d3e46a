#include <clairgate/gate/in_batches.hpp>

#include <gtest/gtest.h>

#include <stdexcept>

namespace clairgate::gate {
namespace {

TEST(InBatches, GivesEveryResultInOrder) {
    for (std::size_t const count : {0U, 1U, 2U, 17U, 500U}) {
        std::vector<std::size_t> taken;
        std::function<std::size_t(std::size_t)> const make = [](std::size_t i) { return i * i; };
        std::function<void(std::size_t)> const take = [&](std::size_t one) {
            taken.push_back(one);
        };
        in_batches(count, make, take);
        ASSERT_EQ(taken.size(), count);
        for (std::size_t i = 0; i < count; ++i)
            EXPECT_EQ(taken[i], i * i);
    }
}

TEST(InBatches, ThrowsHereWhatWasThrownThere) {
    std::size_t taken = 0;
    std::function<int(std::size_t)> const make = [](std::size_t i) {
        if (i == 3)
            throw std::runtime_error("three");
        return 0;
    };
    std::function<void(int)> const take = [&](int) { ++taken; };
    EXPECT_THROW(in_batches(100, make, take), std::runtime_error);
    EXPECT_EQ(taken, 3U);
}

} // namespace
} // namespace clairgate::gate
