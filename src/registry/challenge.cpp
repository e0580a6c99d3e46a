#include <clairgate/base/text.hpp>
#include <clairgate/registry/challenge.hpp>

namespace clairgate::registry {

namespace {

bool is_token(char c) {
    bool const is_alnum =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return is_alnum || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

// A cursor over the header's grammar; every step consumes or fails, so the whole is linear.
class Cursor {
  public:
    explicit Cursor(std::string_view text) : rest_(text) {}

    bool at_end() const { return rest_.empty(); }
    bool take(char c) {
        if (rest_.empty() || rest_.front() != c)
            return false;
        rest_.remove_prefix(1);
        return true;
    }
    void skip_spaces() {
        while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t'))
            rest_.remove_prefix(1);
    }
    void skip_separators() {
        do
            skip_spaces();
        while (take(','));
    }
    void skip_one() {
        if (!rest_.empty())
            rest_.remove_prefix(1);
    }
    std::string_view token() {
        std::size_t length = 0;
        while (length < rest_.size() && is_token(rest_[length]))
            ++length;
        auto const out = rest_.substr(0, length);
        rest_.remove_prefix(length);
        return out;
    }
    std::string value() {
        if (!take('"'))
            return std::string(token());
        std::string out;
        while (!rest_.empty() && rest_.front() != '"') {
            if (rest_.front() == '\\' && rest_.size() > 1)
                rest_.remove_prefix(1);
            out += rest_.front();
            rest_.remove_prefix(1);
        }
        take('"');
        return out;
    }

  private:
    std::string_view rest_;
};

} // namespace

std::vector<Challenge> parse_challenges(std::string_view header) {
    constexpr std::size_t challenges_max = 16;
    std::vector<Challenge> challenges;
    Cursor cursor(header);
    for (cursor.skip_separators(); !cursor.at_end(); cursor.skip_separators()) {
        auto const word = cursor.token();
        if (word.empty()) {
            cursor.skip_one();
            continue;
        }
        cursor.skip_spaces();
        if (cursor.take('=')) { // a parameter of the challenge before
            cursor.skip_spaces();
            auto value = cursor.value();
            if (!challenges.empty())
                challenges.back().parameters.emplace(to_lower(word), std::move(value));
            continue;
        }
        if (challenges.size() == challenges_max)
            return challenges;
        challenges.push_back({to_lower(word), {}});
    }
    return challenges;
}

} // namespace clairgate::registry
