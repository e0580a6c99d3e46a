#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/base/time.hpp>

#include <limits>
#include <string>
#include <string_view>

namespace clairgate::policy {

/// How a condition compares a fact with the value that a policy file gives: ">= 7.0", "< 30d".
enum class Relation { less, at_most, at_least, greater };
std::string_view to_string(Relation relation); ///< "<="

template <class T>
struct Comparison {
    Relation relation = Relation::at_least;
    T value{};

    /// Whether the fact stands so to the value. What is not a number stands in no relation.
    bool holds(T fact) const {
        switch (relation) {
        case Relation::less:
            return fact < value;
        case Relation::at_most:
            return fact <= value;
        case Relation::at_least:
            return fact >= value;
        case Relation::greater:
            return fact > value;
        }
        return false;
    }
    /// The shortest spelling that reads back as the same comparison: ">= 7.5", "< 30d".
    std::string text() const;
    friend bool operator==(Comparison const&, Comparison const&) = default;
};
template <>
std::string Comparison<double>::text() const;
template <>
std::string Comparison<Duration>::text() const;

/// ">= 7.0", "> 9", "<0.1", "<= 3": plain decimals from 0 to `largest`, at most nine digits on each
/// side of the point. Kind policy, with the right spelling as remedy: a bare number (its side is a
/// guess), a sign, an exponent, NaN or infinity, and what no number from 0 to `largest` satisfies.
Result<Comparison<double>>
parse_number_comparison(std::string_view text,
                        double largest = std::numeric_limits<double>::infinity());

/// ">= 30d", "< 1h30m": durations as base/time.hpp `parse_duration` reads them. Kind policy, as
/// above.
Result<Comparison<Duration>> parse_duration_comparison(std::string_view text);

} // namespace clairgate::policy
