#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <utility>

namespace clairgate::attest::test {

/// Gives broken copies of a text: one to three bytes or slices changed, removed, doubled or moved.
/// The same seed gives the same copies everywhere.
class Mutator {
  public:
    /// `alphabet`: the bytes that are written into the text.
    Mutator(unsigned seed, std::string alphabet) : engine_(seed), alphabet_(std::move(alphabet)) {}

    std::string operator()(std::string text) {
        for (auto left = 1 + below(3); left > 0; --left)
            change(text);
        return text;
    }
    std::size_t below(std::size_t bound) { return engine_() % bound; }

  private:
    char any_byte() { return alphabet_[below(alphabet_.size())]; }

    void change(std::string& text) {
        if (text.empty())
            return;
        auto const at = below(text.size());
        auto const slice = text.substr(at, 1 + below(16));
        switch (below(6)) {
        case 0:
            text[at] = any_byte();
            break;
        case 1:
            text.insert(text.begin() + static_cast<std::ptrdiff_t>(at), any_byte());
            break;
        case 2:
            text.erase(at, 1 + below(3));
            break;
        case 3:
            text.insert(at, slice);
            break;
        case 4:
            text.erase(at, slice.size());
            text.insert(below(text.size() + 1), slice);
            break;
        default:
            text.resize(below(8) == 0 ? at : text.size());
        }
    }

    std::mt19937 engine_;
    std::string alphabet_;
};

} // namespace clairgate::attest::test
