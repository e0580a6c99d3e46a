#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/policy/source_text.hpp>

#include <algorithm>
#include <optional>

namespace clairgate::policy {

namespace {

constexpr std::size_t mistakes_max = 20;

// Takes one character off the front of well-formed UTF-8.
char32_t take_character(std::string_view& text) {
    auto const first = static_cast<unsigned char>(text.front());
    std::size_t const bytes = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
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

// Dots that can separate the parts of a key: "..." in prose counts once.
std::size_t separating_dots(std::string_view line) {
    std::size_t dots = 0;
    char last = '.';
    for (char const c : line) {
        if (c == '.' && last != '.')
            ++dots;
        if (c != ' ' && c != '\t')
            last = c;
    }
    return dots;
}

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
        if (separating_dots(text) > dots_per_line_max)
            return say(number, 1, cat("more than ", dots_per_line_max, " dots on one line"));
        for (; !text.empty(); ++column) {
            auto const code = take_character(text);
            if (is_control(code))
                return say(number, column, cat("control character ", code_point(code)));
            if (is_hidden(code))
                return say(number,
                           column,
                           cat("invisible character ",
                               code_point(code),
                               ": it hides or reorders what a reader sees"));
        }
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
