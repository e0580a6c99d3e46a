#include <clairgate/base/text.hpp>
#include <clairgate/report/links.hpp>
#include <clairgate/report/markdown_writer.hpp>
#include <clairgate/report/shown.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

namespace clairgate::report {

namespace {

constexpr std::array<bool, 256> bytes_outside_code() {
    std::array<bool, 256> out{};
    for (char const c : {'`', '|', '@', ':', '#'})
        out[static_cast<unsigned char>(c)] = true;
    return out;
}
constexpr auto is_outside_code = bytes_outside_code();

bool stands_outside(std::string_view text, std::size_t i) {
    return is_outside_code[static_cast<unsigned char>(text[i])] &&
           ((text[i] != ':' && text[i] != '#') || completes_marker(text, i));
}

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

} // namespace

bool is_noticed_by_target(std::string_view url) {
    static constexpr std::string_view places[] = {"/issues/",
                                                  "/pull/",
                                                  "/commit/",
                                                  "/discussions/",
                                                  "/merge_requests/",
                                                  "/work_items/",
                                                  "/epics/",
                                                  "/snippets/"};
    return std::any_of(std::begin(places), std::end(places), [&](auto place) {
        return url.find(place) != std::string_view::npos;
    });
}

void MarkdownWriter::number(std::size_t number) {
    char digits[24];
    auto const end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    put({digits, static_cast<std::size_t>(end - digits)});
}

void MarkdownWriter::count(std::size_t number_of, Fixed noun) {
    number(number_of);
    put(' ');
    put(noun.text());
    if (number_of != 1)
        put('s');
}

void MarkdownWriter::date(SystemTime time) {
    put(std::string_view(to_rfc3339(time)).substr(0, 10));
}

// CommonMark takes one space off both ends of a span that has one at both.
void MarkdownWriter::span(std::string_view text) {
    if (text.empty())
        return;
    bool const is_stripped = text.front() == ' ' && text.back() == ' ' &&
                             text.find_first_not_of(' ') != std::string_view::npos;
    put(is_stripped ? "` " : "`");
    put(text);
    put(is_stripped ? " `" : "`");
}

void MarkdownWriter::reference(char c) {
    put("&#");
    number(static_cast<unsigned char>(c));
    put(';');
}

void MarkdownWriter::code(std::string_view untrusted, std::size_t bytes_max) {
    auto const kept = shown(untrusted, bytes_max, scratch_);
    std::size_t from = 0;
    for (std::size_t i = 0; i < kept.text.size(); ++i) {
        if (!stands_outside(kept.text, i))
            continue;
        span(kept.text.substr(from, i - from));
        reference(kept.text[i]);
        from = i + 1;
    }
    span(kept.text.substr(from));
    if (kept.is_cut)
        put("…");
}

void MarkdownWriter::link(std::string_view untrusted,
                          std::size_t bytes_max,
                          std::string_view untrusted_url,
                          std::size_t url_bytes_max) {
    auto const url = https_url(untrusted_url);
    if (!url || url->size() > url_bytes_max || untrusted.empty())
        return code(untrusted, bytes_max);
    put('[');
    code(untrusted, bytes_max);
    put("](");
    constexpr std::string_view plain = "/.-";
    bool is_scheme = true; // its colon stays, so that people and scanners see a URL
    for (char const c : *url) {
        bool const is_plain =
            is_word(c) || plain.find(c) != std::string_view::npos || (c == ':' && is_scheme);
        is_scheme = is_scheme && c != ':';
        if (is_plain)
            put(c);
        else
            reference(c);
    }
    put(')');
}

void MarkdownWriter::hidden_word(std::string_view text) {
    constexpr std::string_view plain = "._/";
    constexpr std::string_view hex_digits = "0123456789ABCDEF";
    for (std::size_t i = 0; i < text.size(); ++i) {
        char const c = text[i];
        bool const is_single = (c == '-' || c == ':') && i > 0 && is_word(text[i - 1]) &&
                               !(c == ':' && completes_marker(text, i));
        if (is_word(c) || is_single || plain.find(c) != std::string_view::npos) {
            put(c);
            continue;
        }
        auto const byte = static_cast<unsigned char>(c);
        put('%');
        put(hex_digits[byte >> 4U]);
        put(hex_digits[byte & 0xFU]);
    }
}

void MarkdownWriter::hidden(Fixed label,
                            std::string_view repository,
                            std::map<std::string, std::string> const& context) {
    constexpr std::size_t word_bytes_max = 300;
    put("<!-- ");
    put(label.text());
    put(' ');
    hidden_word(repository.substr(0, 2 * word_bytes_max));
    for (auto const& [key, value] : context) {
        put(' ');
        hidden_word(std::string_view(key).substr(0, word_bytes_max));
        put('=');
        hidden_word(std::string_view(value).substr(0, word_bytes_max));
    }
    put(" -->\n");
}

} // namespace clairgate::report
