#pragma once

#include <clairgate/base/error.hpp>

#include <boost/system/result.hpp>

#include <type_traits>
#include <utility>

namespace clairgate {

/// What `Result::value()` throws when there is none: a programmer's error, never a channel.
[[noreturn]] void throw_exception_from_error(Error const& error, boost::source_location const& at);

/// A value or the reason why there is none. Two states only; a discarded one is a compiler warning.
/// `Result<void>` succeeds with `ok()`.
template <class T>
struct [[nodiscard]] Result : boost::system::result<T, Error> {
    using boost::system::result<T, Error>::result;

    /// The error of a failed result with one more line of context; the value untouched otherwise.
    Result with_context(std::string where) && {
        if (this->has_value())
            return std::move(*this);
        return std::move(*this).error().with_context(std::move(where));
    }
};

/// The successful `Result<void>`.
inline Result<void> ok() {
    return Result<void>(boost::system::in_place_value);
}

} // namespace clairgate

#define CLAIRGATE_JOIN_(a, b) a##b
#define CLAIRGATE_JOIN(a, b) CLAIRGATE_JOIN_(a, b)

// TRY: the value of a Result, or return its error from the enclosing plain function. May be nested.
// (GNU statement expression; a co_await inside one is an internal compiler error of g++ 12.)
#define TRY(...) CLAIRGATE_TRY_AS(CLAIRGATE_JOIN(try_, __COUNTER__), __VA_ARGS__)
#define CLAIRGATE_TRY_AS(result, ...)                                                              \
    __extension__({                                                                                \
        auto&& result = (__VA_ARGS__);                                                             \
        if (!result.has_value())                                                                   \
            return std::move(result).error();                                                      \
        *std::move(result);                                                                        \
    })

// TRY_VOID: the same for Result<void>.
#define TRY_VOID(...) CLAIRGATE_TRY_VOID_AS(CLAIRGATE_JOIN(try_, __COUNTER__), __VA_ARGS__)
#define CLAIRGATE_TRY_VOID_AS(result, ...)                                                         \
    do {                                                                                           \
        auto&& result = (__VA_ARGS__);                                                             \
        if (!result.has_value())                                                                   \
            return std::move(result).error();                                                      \
    } while (false)

// CO_TRY(auto x, co_await f()): declares x from the value, or co_returns the error. A declaration,
// because `co_await` may not stand in a statement expression.
#define CO_TRY(declaration, ...)                                                                   \
    auto CLAIRGATE_JOIN(co_try_, __LINE__) = __VA_ARGS__;                                          \
    if (!CLAIRGATE_JOIN(co_try_, __LINE__).has_value())                                            \
        co_return std::move(CLAIRGATE_JOIN(co_try_, __LINE__)).error();                            \
    declaration = *std::move(CLAIRGATE_JOIN(co_try_, __LINE__))

// CO_TRY_VOID(co_await f()): the same for Result<void>.
#define CO_TRY_VOID(...)                                                                           \
    do {                                                                                           \
        auto co_try_result = __VA_ARGS__;                                                          \
        if (!co_try_result.has_value())                                                            \
            co_return std::move(co_try_result).error();                                            \
    } while (false)
