#include <clairgate/io/side_by_side.hpp>

namespace clairgate::io {

Task<Result<void>> side_by_side(std::size_t count,
                                std::size_t limit,
                                std::function<Task<Result<void>>(std::size_t)> make) {
    auto results = co_await for_each_concurrent<void>(count, limit, std::move(make));
    for (auto& result : results)
        if (!result.has_value())
            co_return std::move(result).error();
    co_return ok();
}

} // namespace clairgate::io
