#pragma once

#include <clairgate/base/result.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::policy {

/// A pattern over names of packages, images and purls. `*` matches any run without '/', `**` any
/// run at all, `?` one UTF-8 character but '/', a backslash makes the next character literal;
/// everything else is itself, case included. The whole text must match. Time is linear in the
/// text, whatever the pattern.
class Glob {
  public:
    static constexpr std::size_t pattern_bytes_max = 256;

    /// Kind policy: empty, too long, not UTF-8, or ending with a backslash that escapes nothing.
    static Result<Glob> parse(std::string_view pattern);

    bool matches(std::string_view text) const;
    /// As it was given.
    std::string const& pattern() const { return pattern_; }
    /// Whether it matches one text alone.
    bool is_literal() const { return is_literal_; }

  private:
    // A set of places between the pattern's steps: the automaton is in all of them at once.
    static constexpr std::size_t words_max = pattern_bytes_max / 64 + 1;
    using Places = std::array<std::uint64_t, words_max>;

    explicit Glob(std::string_view pattern) : pattern_(pattern) {}
    void add_literal(char c);
    void add_star(bool is_double);
    void add_question();
    bool advance(Places& places, char c) const;

    std::string pattern_;
    std::string literal_; ///< the literal bytes: the one text it matches, when it is literal
    bool is_literal_ = true;
    std::size_t suffix_bytes_ = 0; ///< of `literal_`: what every match ends with
    std::size_t steps_ = 0;
    Places stars_{}; ///< places before a '*' or "**"
    Places double_stars_{};
    Places questions_{};
    Places after_questions_{};
    std::vector<Places> literals_{Places{}};     ///< places before a byte; the first: before none
    std::array<std::uint8_t, 256> literal_of_{}; ///< which of `literals_` is a byte's
};

} // namespace clairgate::policy
