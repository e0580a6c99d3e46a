#include <clairgate/base/text.hpp>
#include <clairgate/report/links.hpp>
#include <clairgate/report/prose.hpp>
#include <clairgate/report/shown.hpp>

#include <algorithm>
#include <array>

namespace clairgate::report {

namespace {

constexpr std::string_view mark = "…"; // of what was cut

// What is put before a byte; NUL: nothing.
using Escapes = std::array<char, 256>;

constexpr Escapes no_escapes() {
    return {};
}

// Within an embedded link "\", "[" and "]" are escaped, and nothing else may begin one; braces are
// doubled everywhere (3.11.5).
constexpr Escapes message_escapes() {
    Escapes out{};
    for (char const c : {'\\', '[', ']'})
        out[static_cast<unsigned char>(c)] = '\\';
    out['{'] = '{';
    out['}'] = '}';
    return out;
}

constexpr std::array escapes_of{no_escapes(), message_escapes()};

void append_escaped(std::string& out, std::string_view text, Escapes const& escapes) {
    std::size_t from = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const escape = escapes[static_cast<unsigned char>(text[i])];
        if (escape == '\0')
            continue;
        out += text.substr(from, i - from);
        out += escape;
        from = i;
    }
    out += text.substr(from);
}

std::size_t longest_run(std::string_view text, char of) {
    std::size_t longest = 0;
    std::size_t run = 0;
    for (char const c : text) {
        run = c == of ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    return longest;
}

} // namespace

Prose& Prose::number(std::size_t number) {
    text::append(text_, number);
    return *this;
}

Prose& Prose::quote(std::string_view untrusted, std::size_t bytes_max) {
    if (kind_ == Kind::markdown) // escapes do not stop links and mentions: see markdown_writer.hpp
        return span(untrusted, bytes_max);
    auto const piece = shown(untrusted, bytes_max - mark.size(), scratch_);
    if (kind_ == Kind::plain)
        text_ += piece.text;
    else
        append_escaped(text_, piece.text, escapes_of.at(static_cast<std::size_t>(kind_)));
    if (piece.is_cut)
        text_ += mark;
    return *this;
}

Prose& Prose::span(std::string_view untrusted, std::size_t bytes_max) {
    if (untrusted.empty())
        return *this;
    auto const piece = shown(untrusted, bytes_max - mark.size(), scratch_);
    auto const fence = longest_run(piece.text, '`') + 1;
    // A span loses one space at both ends where it has both, unless it is nothing but spaces; a
    // backtick there would be the fence's.
    bool const is_stripped = piece.text.starts_with(' ') && piece.text.ends_with(' ') &&
                             piece.text.find_first_not_of(' ') != std::string_view::npos;
    bool const is_padded = is_stripped || piece.text.starts_with('`') || piece.text.ends_with('`');
    text_.append(fence, '`');
    if (is_padded)
        text_ += ' ';
    text_ += piece.text;
    if (piece.is_cut)
        text_ += mark;
    if (is_padded)
        text_ += ' ';
    text_.append(fence, '`');
    return *this;
}

Prose& Prose::link(std::string_view untrusted) {
    auto const url = https_url(untrusted);
    if (!url)
        return *this;
    bool const has_autolinks = kind_ == Kind::markdown;
    if (has_autolinks)
        text_ += '<';
    append_escaped(text_,
                   *url,
                   has_autolinks ? escapes_of.front() // nothing is an escape inside "<…>"
                                 : escapes_of.at(static_cast<std::size_t>(kind_)));
    if (has_autolinks)
        text_ += '>';
    return *this;
}

} // namespace clairgate::report
