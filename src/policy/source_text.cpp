#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/policy/source_text.hpp>

#include <algorithm>
#include <utility>

namespace clairgate::policy {

namespace {

constexpr std::size_t mistakes_max = 20;

std::size_t bytes_of_character(char front) {
    auto const first = static_cast<unsigned char>(front);
    return first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

// Takes one character off the front of well-formed UTF-8.
char32_t take_character(std::string_view& text) {
    auto const first = static_cast<unsigned char>(text.front());
    auto const bytes = bytes_of_character(text.front());
    char32_t code = bytes == 1 ? first : first & (0x7FU >> bytes);
    for (std::size_t i = 1; i < bytes; ++i)
        code = (code << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
    text.remove_prefix(bytes);
    return code;
}

std::string code_point(char32_t code) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (auto rest = static_cast<std::uint32_t>(code); rest != 0 || out.size() < 4; rest /= 16)
        out.insert(out.begin(), digits[rest % 16]);
    return "U+" + out;
}

bool is_control(char32_t c) {
    return (c < 0x20 && c != '\t') || (c >= 0x7F && c <= 0x9F);
}

// A reviewer would not see these, or would see the text around them in another order.
bool is_hidden(char32_t c) {
    return c == 0xAD || c == 0x61C || c == 0x180E || (c >= 0x200B && c <= 0x200F) ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
           (c >= 0xE0000 && c <= 0xE0FFF);
}

// Tells keys and punctuation from strings and comments (TOML 1.0), a character at a time.
class Lexer {
  public:
    struct Step {
        std::size_t bytes;    ///< a run of quotes is one step, everything else one character
        bool is_code = false; ///< outside of strings and comments
    };

    /// `rest` is what is left of the line, not empty.
    Step next(std::string_view rest) {
        auto const character = bytes_of_character(rest.front());
        if (std::exchange(is_escaped_, false))
            return {character};
        return state_ == State::code ? in_code(rest, character) : in_text(rest, character);
    }

    /// How many bytes from here on are printable ASCII that changes nothing: most of a file.
    std::size_t plain(std::string_view rest) const {
        bool const is_basic = state_ == State::basic || state_ == State::long_basic;
        std::size_t bytes = 0;
        if (is_escaped_)
            return bytes;
        for (char const c : rest) {
            bool const ends = state_ == State::code ? c == '"' || c == '\'' || c == '#' || c == '.'
                              : state_ == State::comment ? false
                              : is_basic                 ? c == '"' || c == '\\'
                                                         : c == '\'';
            if (ends || c < ' ' || c > '~')
                break;
            ++bytes;
        }
        return bytes;
    }

    void end_line() {
        is_escaped_ = false;
        if (state_ != State::long_basic && state_ != State::long_literal)
            state_ = State::code;
    }

  private:
    enum class State { code, comment, basic, literal, long_basic, long_literal };

    Step in_text(std::string_view rest, std::size_t character) {
        bool const is_basic = state_ == State::basic || state_ == State::long_basic;
        char const quote = is_basic ? '"' : '\'';
        is_escaped_ = is_basic && rest.front() == '\\';
        if (state_ == State::comment || rest.front() != quote)
            return {character};
        if (state_ == State::basic || state_ == State::literal) {
            state_ = State::code;
            return {1};
        }
        // Up to two quotes may stand before the three that end a long string.
        auto const run = std::min(rest.find_first_not_of(quote), rest.size());
        auto const quotes = std::min<std::size_t>(run, 5);
        if (quotes >= 3)
            state_ = State::code;
        return {quotes};
    }

    Step in_code(std::string_view rest, std::size_t character) {
        if (rest.starts_with("\"\"\"") || rest.starts_with("'''")) {
            state_ = rest.front() == '"' ? State::long_basic : State::long_literal;
            return {3, true};
        }
        if (rest.front() == '"')
            state_ = State::basic;
        else if (rest.front() == '\'')
            state_ = State::literal;
        else if (rest.front() == '#')
            state_ = State::comment;
        return {character, true};
    }

    State state_ = State::code;
    bool is_escaped_ = false;
};

class TextReader {
  public:
    explicit TextReader(SourceFile const& file) : file_(file) {}

    std::vector<Error> mistakes() {
        if (file_.bytes.size() > limits::policy_file_bytes) {
            say(0, 0, cat("larger than ", limits::policy_file_bytes / limits::kib, " KiB"));
            return std::move(mistakes_);
        }
        std::string_view rest = file_.bytes;
        if (rest.starts_with("\xEF\xBB\xBF")) // a byte order mark in front is harmless
            rest.remove_prefix(3);
        for (std::uint32_t number = 1; !rest.empty() && mistakes_.size() < mistakes_max; ++number) {
            auto const end = rest.find('\n');
            auto text = rest.substr(0, end);
            rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
            if (end != std::string_view::npos && text.ends_with('\r'))
                text.remove_suffix(1);
            line(text, number);
        }
        return std::move(mistakes_);
    }

  private:
    void say(std::uint32_t line, std::uint32_t column, std::string message) {
        mistakes_.push_back(
            Error(ErrorKind::policy, std::move(message)).with_position({file_.path, line, column}));
    }

    // At most one mistake a line: the first tells what the file is.
    void line(std::string_view text, std::uint32_t number) {
        std::uint32_t column = 1;
        if (!is_utf8(text)) {
            while (!text.empty() && take_if_valid(text))
                ++column;
            return say(number, column, "not UTF-8: save the file as UTF-8");
        }
        std::size_t dots = 0;
        while (!text.empty()) {
            if (auto const plain = lexer_.plain(text); plain > 0) {
                column += static_cast<std::uint32_t>(plain);
                text.remove_prefix(plain);
                continue;
            }
            auto const step = lexer_.next(text);
            for (auto const end = text.size() - step.bytes; text.size() > end; ++column) {
                auto const code = take_character(text);
                if (auto const wrong = wrong_with(code, step.is_code); !wrong.empty())
                    return give_up_line(number, column, wrong);
                if (step.is_code && code == '.' && ++dots > dots_per_line_max)
                    return give_up_line(
                        number, column, cat("more than ", dots_per_line_max, " dots on one line"));
            }
        }
        lexer_.end_line();
    }

    // The rest of the line is not read: whether it ends in a string is no longer known, and the
    // file is refused anyway.
    void give_up_line(std::uint32_t number, std::uint32_t column, std::string message) {
        say(number, column, std::move(message));
        lexer_.end_line();
    }

    static std::string wrong_with(char32_t code, bool is_code) {
        if (is_control(code))
            return cat("control character ", code_point(code));
        if (is_hidden(code))
            return cat("invisible character ",
                       code_point(code),
                       ": it hides or reorders what a reader sees");
        // TOML 1.0 has none of these; letters of another script would look like another key.
        if (is_code && code >= 0x80)
            return cat(code_point(code), " outside of strings and comments");
        return {};
    }

    static bool take_if_valid(std::string_view& text) {
        for (std::size_t bytes = 1; bytes <= std::min<std::size_t>(4, text.size()); ++bytes) {
            if (is_utf8(text.substr(0, bytes))) {
                text.remove_prefix(bytes);
                return true;
            }
        }
        return false;
    }

    SourceFile const& file_;
    Lexer lexer_;
    std::vector<Error> mistakes_;
};

} // namespace

std::vector<Error> mistakes_of_text(SourceFile const& file) {
    return TextReader(file).mistakes();
}

std::string look_alike_note(std::string_view word) {
    if (!is_utf8(word))
        return {};
    while (!word.empty()) {
        auto const code = take_character(word);
        if (code >= 0x80)
            return cat(" (it has ", code_point(code), ", which is no ASCII letter)");
    }
    return {};
}

} // namespace clairgate::policy
