#include <clairgate/base/text.hpp>
#include <clairgate/policy/glob.hpp>

#include <algorithm>

namespace clairgate::policy {

namespace {

constexpr std::size_t word_bits = 64;

void set(std::span<std::uint64_t> places, std::size_t at) {
    places[at / word_bits] |= std::uint64_t{1} << (at % word_bits);
}

std::size_t byte_of(char c) {
    return static_cast<unsigned char>(c);
}

// 10xxxxxx: not the first byte of a character (RFC 3629).
bool is_continuation(char c) {
    return (byte_of(c) & 0xC0U) == 0x80U;
}

Error refuse(std::string message, std::string remedy) {
    return Error(ErrorKind::policy, std::move(message)).with_remedy(std::move(remedy));
}

} // namespace

void Glob::add_literal(char c) {
    auto& index = literal_of_[byte_of(c)];
    if (index == 0) {
        index = static_cast<std::uint8_t>(literals_.size()); // UTF-8 has less than 256 bytes
        literals_.emplace_back();
    }
    set(literals_[index], steps_++);
    literal_ += c;
    ++suffix_bytes_;
}

void Glob::add_star(bool is_double) {
    is_literal_ = false;
    suffix_bytes_ = 0;
    set(stars_, steps_);
    if (is_double)
        set(double_stars_, steps_);
    ++steps_;
}

void Glob::add_question() {
    is_literal_ = false;
    suffix_bytes_ = 0;
    set(questions_, steps_++);
    set(after_questions_, steps_);
}

Result<Glob> Glob::parse(std::string_view pattern) {
    if (pattern.empty())
        return refuse("an empty pattern matches nothing", "write ** for anything");
    if (pattern.size() > pattern_bytes_max)
        return refuse(cat("a pattern has at most ", pattern_bytes_max, " bytes"),
                      "write * for the part that varies");
    if (!is_utf8(pattern))
        return refuse("a pattern is not UTF-8", "save the file as UTF-8");
    Glob glob(pattern);
    while (!pattern.empty()) {
        char const c = pattern.front();
        // No two stars stand side by side, so that a place is never more than one star ahead.
        auto const stars = std::min(pattern.find_first_not_of('*'), pattern.size());
        pattern.remove_prefix(std::max<std::size_t>(stars, 1));
        if (stars > 0) {
            glob.add_star(stars > 1);
        } else if (c == '?') {
            glob.add_question();
        } else if (c != '\\') {
            glob.add_literal(c);
        } else if (!pattern.empty()) {
            glob.add_literal(pattern.front());
            pattern.remove_prefix(1);
        } else {
            return refuse("a pattern ends with a backslash that escapes nothing",
                          "write two backslashes for one");
        }
    }
    if (glob.is_literal_)
        glob.literals_ = {}; // it compares bytes: policy files hold many of these
    return glob;
}

// From every place at once over one byte of the text; false when no place is left.
bool Glob::advance(Places& places, char c) const {
    auto const& literals = literals_[literal_of_[byte_of(c)]];
    bool const is_start = !is_continuation(c);
    std::uint64_t stepped = 0; // bits that leave a word for the next one
    std::uint64_t skipped = 0;
    std::uint64_t any = 0;
    for (std::size_t word = 0; word <= steps_ / word_bits; ++word) {
        auto const here = places[word];
        auto const stays = double_stars_[word] | (c == '/' ? 0 : stars_[word]) |
                           (is_start ? 0 : after_questions_[word]);
        auto const moves = here & (literals[word] | (is_start && c != '/' ? questions_[word] : 0));
        auto next = (here & stays) | moves << 1U | stepped;
        stepped = moves >> (word_bits - 1);
        auto const skips = next & stars_[word]; // a star may match nothing
        next |= skips << 1U | skipped;
        skipped = skips >> (word_bits - 1);
        places[word] = next;
        any |= next;
    }
    return any != 0;
}

bool Glob::matches(std::string_view text) const {
    if (is_literal_)
        return text == literal_;
    std::string_view const literal = literal_;
    if (!text.ends_with(literal.substr(literal.size() - suffix_bytes_)))
        return false; // most texts end here, before the automaton starts
    Places places{1 | (stars_[0] & 1U) << 1U};
    for (char const c : text)
        if (!advance(places, c))
            return false;
    return (places[steps_ / word_bits] >> (steps_ % word_bits) & 1U) != 0;
}

} // namespace clairgate::policy
