#include <clairgate/base/text.hpp>
#include <clairgate/policy/glob.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

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

// It is in a set of places between the pattern's steps, in all of them at once.
struct Glob::Automaton {
    static constexpr std::size_t words_max = pattern_bytes_max / word_bits + 1;
    using Places = std::array<std::uint64_t, words_max>;

    void add_literal(char c) {
        auto& index = literal_of[byte_of(c)];
        if (index == 0) {
            index = static_cast<std::uint8_t>(literals.size()); // UTF-8 has less than 256 bytes
            literals.emplace_back();
        }
        set(literals[index], steps++);
    }
    void add_star(bool is_double) {
        set(stars, steps);
        if (is_double)
            set(double_stars, steps);
        ++steps;
    }
    void add_question() {
        set(questions, steps++);
        set(after_questions, steps);
    }
    bool advance(Places& places, char c) const;
    bool matches(std::string_view text) const;

    std::size_t steps = 0;
    Places stars{}; ///< places before a '*' or "**"
    Places double_stars{};
    Places questions{};
    Places after_questions{};
    std::vector<Places> literals{Places{}};     ///< places before a byte; the first: before none
    std::array<std::uint8_t, 256> literal_of{}; ///< which of `literals` is a byte's
};

// From every place at once over one byte of the text; false when no place is left.
bool Glob::Automaton::advance(Places& places, char c) const {
    auto const& before_byte = literals[literal_of[byte_of(c)]];
    bool const is_start = !is_continuation(c);
    std::uint64_t stepped = 0; // bits that leave a word for the next one
    std::uint64_t skipped = 0;
    std::uint64_t any = 0;
    for (std::size_t word = 0; word <= steps / word_bits; ++word) {
        auto const here = places[word];
        auto const stays = double_stars[word] | (c == '/' ? 0 : stars[word]) |
                           (is_start ? 0 : after_questions[word]);
        auto const moves =
            here & (before_byte[word] | (is_start && c != '/' ? questions[word] : 0));
        auto next = (here & stays) | moves << 1U | stepped;
        stepped = moves >> (word_bits - 1);
        auto const skips = next & stars[word]; // a star may match nothing
        next |= skips << 1U | skipped;
        skipped = skips >> (word_bits - 1);
        places[word] = next;
        any |= next;
    }
    return any != 0;
}

bool Glob::Automaton::matches(std::string_view text) const {
    Places places{1 | (stars[0] & 1U) << 1U};
    for (char const c : text)
        if (!advance(places, c))
            return false;
    return (places[steps / word_bits] >> (steps % word_bits) & 1U) != 0;
}

void Glob::add_literal(char c) {
    literal_ += c;
    ++suffix_bytes_;
}

void Glob::add_star(bool is_double) {
    bool const is_first_sign = kind_ == Kind::literal;
    kind_ = !is_first_sign ? Kind::any : is_double ? Kind::double_star : Kind::star;
    suffix_bytes_ = 0;
}

void Glob::add_question() {
    kind_ = Kind::any;
    suffix_bytes_ = 0;
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
    Automaton automaton;
    while (!pattern.empty()) {
        char const c = pattern.front();
        // No two stars stand side by side, so that a place is never more than one star ahead.
        auto const stars = std::min(pattern.find_first_not_of('*'), pattern.size());
        pattern.remove_prefix(std::max<std::size_t>(stars, 1));
        if (stars > 0) {
            glob.add_star(stars > 1);
            automaton.add_star(stars > 1);
        } else if (c == '?') {
            glob.add_question();
            automaton.add_question();
        } else if (c == '\\' && pattern.empty()) {
            return refuse("a pattern ends with a backslash that escapes nothing",
                          "write two backslashes for one");
        } else {
            auto const literal = c == '\\' ? pattern.front() : c;
            pattern.remove_prefix(c == '\\' ? 1 : 0);
            glob.add_literal(literal);
            automaton.add_literal(literal);
        }
    }
    if (glob.kind_ == Kind::any)
        glob.automaton_ = std::make_shared<Automaton const>(std::move(automaton));
    return glob;
}

// The text ends with what stands behind the star: whether it begins with what stands before it, in
// bytes of its own, and the star may stand for the rest.
bool Glob::matches_around_star(std::string_view text) const {
    auto const prefix = std::string_view(literal_).substr(0, literal_.size() - suffix_bytes_);
    if (text.size() < literal_.size() || !text.starts_with(prefix))
        return false;
    auto const rest = text.substr(prefix.size(), text.size() - literal_.size());
    return kind_ == Kind::double_star || rest.find('/') == std::string_view::npos;
}

bool Glob::matches(std::string_view text) const {
    if (kind_ == Kind::literal)
        return text == literal_;
    if (suffix_bytes_ > 0) { // most texts end here, by their last byte
        auto const suffix = std::string_view(literal_).substr(literal_.size() - suffix_bytes_);
        if (text.empty() || text.back() != suffix.back() || !text.ends_with(suffix))
            return false;
    }
    return kind_ == Kind::any ? automaton_->matches(text) : matches_around_star(text);
}

} // namespace clairgate::policy
