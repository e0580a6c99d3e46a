#pragma once

#include <clairgate/base/text.hpp>
#include <clairgate/io/task.hpp>

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace clairgate::io {

/// The outcome of `task`, or kind timeout when the deadline passes first. The loser is cancelled
/// and waited for, so `task` must honour cancellation (every leaf of io does).
template <class T>
Task<Result<T>>
before(Clock const& clock, Deadline deadline, std::string what, Task<Result<T>> task) {
    using namespace boost::asio::experimental::awaitable_operators;
    auto race = co_await (std::move(task) || sleep_for(deadline.remaining(clock)));
    if (race.index() == 0)
        co_return std::get<0>(std::move(race));
    co_return Error(ErrorKind::timeout, cat("no end of ", what, " before its deadline"));
}

/// Runs `make(i)` for i in [0, count), at most `limit` at a time; results in order of i. Every task
/// is waited for. Kind cancelled for those that were not started when the caller was cancelled.
template <class T>
Task<std::vector<Result<T>>> for_each_concurrent(std::size_t count,
                                                 std::size_t limit,
                                                 std::function<Task<Result<T>>(std::size_t)> make);

} // namespace clairgate::io

#include <clairgate/io/race_impl.hpp>
