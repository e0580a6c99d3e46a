#pragma once

#include <clairgate/base/result.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <optional>
#include <system_error>
#include <thread>
#include <vector>

namespace clairgate::gate {

/// Makes the results for 0 … count-1 on all cores and takes them in that order on this thread, at
/// most a batch of them in memory. `make` shares nothing that it changes; what it throws is thrown
/// here.
template <class T>
void in_batches(std::size_t count,
                std::function<T(std::size_t)> const& make,
                std::function<void(T)> const& take) {
    auto const cores = std::max<std::size_t>(std::thread::hardware_concurrency(), 1);
    auto const batch = std::min(count, cores * 8);
    for (std::size_t begin = 0; begin < count; begin += batch) {
        auto const size = std::min(batch, count - begin);
        std::vector<std::optional<T>> results(size);
        std::vector<std::exception_ptr> thrown(size);
        std::atomic<std::size_t> next = 0;
        auto const work = [&] {
            for (auto i = next.fetch_add(1); i < size; i = next.fetch_add(1)) {
                try {
                    results[i].emplace(make(begin + i));
                } catch (...) {
                    thrown[i] = std::current_exception(); // rethrown below
                }
            }
        };
        {
            std::vector<std::jthread> helpers;
            for (std::size_t i = 1; i < std::min(cores, size); ++i) {
                try {
                    helpers.emplace_back(work);
                } catch (std::system_error const&) {
                    break; // no more threads to be had: fewer do
                }
            }
            work();
        }
        for (std::size_t i = 0; i < size; ++i) {
            if (thrown[i])
                std::rethrow_exception(thrown[i]);
            auto& result = results[i];
            CLAIRGATE_ASSERT(result.has_value());
            take(*std::move(result));
        }
    }
}

} // namespace clairgate::gate
