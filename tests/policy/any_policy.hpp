#pragma once

#include <clairgate/finding/finding.hpp>
#include <clairgate/policy/origin.hpp>

#include <cstdint>
#include <initializer_list>
#include <random>
#include <string>
#include <string_view>

/// Policy files and findings for tests of properties. They are about few ids, packages and days,
/// so that they meet.
namespace clairgate::sample {

/// A generator that says how to see its case again.
class Random {
  public:
    Random() : seed_(std::random_device{}()), engine_(seed_) {}
    std::size_t below(std::size_t bound) { return engine_() % bound; }
    bool chance(std::size_t percent) { return below(100) < percent; }
    template <class T>
    T one_of(std::initializer_list<T> choices) {
        return choices.begin()[below(choices.size())];
    }
    std::uint32_t seed() const { return seed_; }
    std::mt19937& engine() { return engine_; }

  private:
    std::uint32_t seed_;
    std::mt19937 engine_;
};

/// The text of a policy file of that level, without mistakes.
std::string any_policy(Random& random, policy::Level level);
/// The text of an exception.
std::string any_allow(Random& random);
/// A finding with or without any of the facts that conditions ask for.
finding::Finding any_finding(Random& random);

} // namespace clairgate::sample
