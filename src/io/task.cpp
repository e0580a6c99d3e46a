#include <clairgate/io/task.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace clairgate::io {

Task<Result<void>> sleep_for(Duration duration) {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    constexpr Duration century = std::chrono::hours(24 * 36525); // more overflows nanoseconds
    timer.expires_after(std::min(duration, century));
    auto const outcome =
        co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    if (std::get<0>(outcome))
        co_return Error(ErrorKind::cancelled, "cancelled");
    co_return ok();
}

} // namespace clairgate::io
