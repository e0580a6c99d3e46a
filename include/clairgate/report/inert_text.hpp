#pragma once

#include <clairgate/base/text.hpp>
#include <clairgate/report/out.hpp>

#include <array>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace clairgate::report {

/// Text that may stand on a terminal and in a CI log: made of our own words, of numbers, and of
/// text from outside after `inert`. There is no other way to get one.
class InertText {
  public:
    InertText() = default;
    InertText(Fixed text) : text_(text.text()) {}
    std::string const& text() const { return text_; }
    bool empty() const { return text_.empty(); }

  private:
    explicit InertText(std::string text) : text_(std::move(text)) {}
    friend InertText inert(std::string_view untrusted, bool is_utf8);
    friend InertText said(std::initializer_list<class InertPiece> pieces);
    std::string text_;
};

/// Text from outside, on one line: base/text.hpp's `printable`, and the markers that CI systems act
/// on anywhere in a line ("##[", "##vso[", "##teamcity[", "::", "section_start:") are broken with a
/// backslash. ASCII alone when `is_utf8` is false.
InertText inert(std::string_view untrusted, bool is_utf8);

/// A literal, a number or an InertText as a parameter; it must not outlive them.
class InertPiece {
  public:
    template <std::size_t N>
    consteval InertPiece(char const (&literal)[N]) : text_(literal, N - 1) {}
    constexpr InertPiece(Fixed text) : text_(text.text()) {}
    InertPiece(InertText const& text) : text_(text.text()) {}
    template <std::integral Number>
        requires(!std::same_as<Number, bool> && !std::same_as<Number, char>)
    InertPiece(Number number) {
        auto* const end = std::to_chars(digits_.begin(), digits_.end(), number).ptr;
        digit_count_ = static_cast<std::size_t>(end - digits_.begin());
    }
    std::string_view text() const {
        return digit_count_ == 0 ? text_ : std::string_view(digits_.data(), digit_count_);
    }

  private:
    std::string_view text_;
    std::array<char, 24> digits_{};
    std::size_t digit_count_ = 0;
};

/// said({"clears ", 3, " of ", package}): the pieces as one text.
InertText said(std::initializer_list<InertPiece> pieces);
/// The texts with `separator` between them.
InertText joined(std::vector<InertText> const& texts, Fixed separator);

} // namespace clairgate::report
