#pragma once

#include <clairgate/base/text.hpp>
#include <clairgate/io/task.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace clairgate::io {

/// What an exception that reached the edge of a task means: kind cancelled for Asio's
/// operation_aborted (an await after cancellation throws it), else an internal error.
Error error_from(std::exception_ptr const& thrown);

/// `task` with its exceptions turned into errors, so that a race ends at the first *outcome*:
/// Asio's `||` waits for the first *success* and would wait out the timer when a task throws.
template <class T>
Task<Result<T>> without_exceptions(Task<Result<T>> task) {
    std::exception_ptr thrown;
    try {
        co_return co_await std::move(task);
    } catch (...) {
        thrown = std::current_exception();
    }
    co_return error_from(thrown);
}

/// The outcome of `task`, or kind timeout when the deadline passes first. The loser is cancelled
/// and waited for, so `task` must honour cancellation (every leaf of io does).
template <class T>
Task<Result<T>>
before(Clock const& clock, Deadline deadline, std::string what, Task<Result<T>> task) {
    using namespace boost::asio::experimental::awaitable_operators;
    std::exception_ptr thrown;
    try {
        auto race =
            co_await (without_exceptions(std::move(task)) || sleep_for(deadline.remaining(clock)));
        if (race.index() == 0)
            co_return std::get<0>(std::move(race));
        if (!std::get<1>(race).has_value()) // we were cancelled from outside
            co_return std::get<1>(race).error();
        co_return Error(ErrorKind::timeout, cat("no end of ", what, " before its deadline"));
    } catch (...) {
        thrown = std::current_exception();
    }
    co_return error_from(thrown);
}

namespace detail {

template <class T>
struct Fan {
    std::function<Task<Result<T>>(std::size_t)> make;
    std::vector<std::optional<Result<T>>> results;
    std::size_t next = 0;
};

// One of the `limit` workers: takes the next index until there is none. An exception here is the
// cancellation of the whole; what it left undone is filled in afterwards.
template <class T>
Task<void> work_on(std::shared_ptr<Fan<T>> fan) {
    while (fan->next < fan->results.size()) {
        auto const index = fan->next++;
        auto result = co_await without_exceptions<T>(fan->make(index));
        fan->results[index].emplace(std::move(result));
    }
}

} // namespace detail

/// Runs `make(i)` for i in [0, count), at most `limit` at a time; results in order of i. Every task
/// is waited for. Kind cancelled for those that were not started when the caller was cancelled.
/// Name the function object before the `co_await` (g++ 12 destroys a temporary one twice).
template <class T>
Task<std::vector<Result<T>>> for_each_concurrent(std::size_t count,
                                                 std::size_t limit,
                                                 std::function<Task<Result<T>>(std::size_t)> make) {
    auto const executor = co_await boost::asio::this_coro::executor;
    auto fan = std::make_shared<detail::Fan<T>>();
    fan->make = std::move(make);
    fan->results.resize(count);
    using Worker = decltype(boost::asio::co_spawn(
        executor, std::declval<Task<void>>(), boost::asio::deferred));
    std::vector<Worker> workers;
    for (std::size_t i = 0; i < std::min(std::max<std::size_t>(limit, 1), count); ++i)
        workers.push_back(
            boost::asio::co_spawn(executor, detail::work_on<T>(fan), boost::asio::deferred));
    std::vector<std::exception_ptr> thrown;
    if (!workers.empty()) {
        auto group = boost::asio::experimental::make_parallel_group(std::move(workers));
        auto outcome = co_await group.async_wait(boost::asio::experimental::wait_for_all(),
                                                 boost::asio::use_awaitable);
        thrown = std::move(std::get<1>(outcome));
    }
    std::exception_ptr first;
    for (auto const& one : thrown)
        first = first ? first : one;
    std::vector<Result<T>> results;
    for (auto& result : fan->results) {
        if (result)
            results.push_back(std::move(*result));
        else if (first)
            results.push_back(error_from(first));
        else
            results.push_back(Error(ErrorKind::cancelled, "not started"));
    }
    co_return results;
}

} // namespace clairgate::io
