#pragma once

#include <clairgate/base/result.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

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
    bool is_literal() const { return kind_ == Kind::literal; }

  private:
    struct Automaton;
    // All but the last are compared byte by byte: literal bytes alone, or around one star.
    enum class Kind { literal, star, double_star, any };

    explicit Glob(std::string_view pattern) : pattern_(pattern) {}
    void add_literal(char c);
    void add_star(bool is_double);
    void add_question();
    bool matches_around_star(std::string_view text) const;

    // What most texts need comes first: a policy has many patterns, and they are asked in turn.
    std::string literal_; ///< the literal bytes: the one text it matches, when it is literal
    std::size_t suffix_bytes_ = 0; ///< of `literal_`: what every match ends with
    Kind kind_ = Kind::literal;
    std::string pattern_;
    std::shared_ptr<Automaton const> automaton_; ///< where the kind needs it; copies share it
};

} // namespace clairgate::policy
