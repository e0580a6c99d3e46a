#pragma once

#include <clairgate/io/race.hpp>

#include <cstddef>
#include <functional>

namespace clairgate::io {

/// Runs `make(i)` for i in [0, count), at most `limit` at a time, each to its end whatever becomes
/// of the others; the error is the first by order of i. Name the function object before the
/// `co_await` (see `for_each_concurrent`).
Task<Result<void>> side_by_side(std::size_t count,
                                std::size_t limit,
                                std::function<Task<Result<void>>(std::size_t)> make);

} // namespace clairgate::io
