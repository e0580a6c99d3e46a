#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/base/time.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>
#include <vector>

namespace clairgate::io {

/// An asynchronous computation of ours: a coroutine on the one event loop. Awaited by its caller it
/// may take references; spawned it takes everything by value.
template <class T>
using Task = boost::asio::awaitable<T>;

using Executor = boost::asio::any_io_executor;

/// Completes after `duration`, or with kind cancelled.
Task<Result<void>> sleep_for(Duration duration);

} // namespace clairgate::io
