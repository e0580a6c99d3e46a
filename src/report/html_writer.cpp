#include <clairgate/base/bytes.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/report/html_writer.hpp>
#include <clairgate/report/links.hpp>
#include <clairgate/report/shown.hpp>

#include <array>
#include <charconv>

namespace clairgate::report {

namespace {

// What a byte may be: itself, itself unless it could be half of a marker, a reference, or part of a
// character that `visible` looks at first.
enum class Class : std::uint8_t { plain, marker, reference, unseen };

constexpr std::array<Class, 256> classes_of_bytes() {
    std::array<Class, 256> out{};
    for (std::size_t byte = 0; byte < out.size(); ++byte)
        if (byte < 0x20 || byte >= 0x7F)
            out[byte] = Class::unseen;
    for (char const c : std::string_view("&<>\"'`="))
        out[static_cast<unsigned char>(c)] = Class::reference;
    for (char const c : std::string_view(":#"))
        out[static_cast<unsigned char>(c)] = Class::marker;
    return out;
}
constexpr auto classes = classes_of_bytes();

Class class_of(char c) {
    return classes[static_cast<unsigned char>(c)];
}

// Whether ":" or "#" could make a marker that a CI system acts on: with what is before it, or with
// whatever follows this text or stands before it.
bool may_be_marker(std::string_view text, std::size_t i) {
    return i == 0 || i + 1 == text.size() || completes_marker(text, i);
}

std::string_view reference_to(char c) {
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    case '`':
        return "&#96;";
    case '=':
        return "&#61;";
    case ':':
        return "&#58;";
    default:
        return "&#35;";
    }
}

} // namespace

// The text as far as nothing in it needs `visible`.
std::size_t HtmlWriter::escape(std::string_view text, bool is_visible) {
    std::size_t from = 0;
    std::size_t i = 0;
    for (; i < text.size(); ++i) {
        auto const what = class_of(text[i]);
        if (what == Class::plain || (what == Class::marker && !may_be_marker(text, i)))
            continue;
        if (what == Class::unseen && is_visible)
            continue;
        if (what == Class::unseen)
            break;
        put(text.substr(from, i - from));
        put(reference_to(text[i]));
        from = i + 1;
    }
    put(text.substr(from, i - from));
    return i;
}

HtmlWriter& HtmlWriter::text(std::string_view untrusted, std::size_t bytes_max) {
    // Nearly every text is short and plain: one pass does.
    auto const done = untrusted.size() <= bytes_max ? escape(untrusted, false) : 0;
    if (done == untrusted.size())
        return *this;
    auto const rest = shown(untrusted.substr(done), bytes_max - done, visible_);
    escape(rest.text, true);
    if (rest.is_cut)
        put("…");
    return *this;
}

HtmlWriter& HtmlWriter::lines(std::string_view untrusted, std::size_t bytes_max) {
    for (;;) {
        auto const line = untrusted.substr(0, untrusted.find('\n'));
        bool const is_crlf = line.ends_with('\r') && line.size() < untrusted.size();
        text(line.substr(0, line.size() - (is_crlf ? 1 : 0)), bytes_max);
        if (line.size() == untrusted.size() || line.size() > bytes_max)
            return *this;
        put("&#10;");
        bytes_max -= line.size();
        untrusted.remove_prefix(line.size() + 1);
    }
}

HtmlWriter& HtmlWriter::number(std::uint64_t number) {
    char digits[24];
    auto const end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    put({digits, static_cast<std::size_t>(end - digits)});
    return *this;
}

HtmlWriter& HtmlWriter::time(SystemTime time) {
    auto const full = to_rfc3339(time);
    std::string_view const view(full);
    put("<time datetime=\"");
    put(view);
    put("\">");
    put(view.substr(0, 10));
    put(' ');
    put(view.substr(11, 5));
    put(" UTC</time>");
    return *this;
}

HtmlWriter& HtmlWriter::link(std::string_view untrusted) {
    if (!https_url(untrusted))
        return text(untrusted);
    put("<a target=\"_blank\" rel=\"noopener noreferrer nofollow\" href=\"");
    escape(untrusted, true);
    put("\">");
    text(untrusted.substr(std::string_view("https://").size()), 120);
    put("</a>");
    return *this;
}

HtmlWriter& HtmlWriter::hash_of(Fixed content) {
    put("sha256-");
    put(to_base64(sha256(content.text())));
    return *this;
}

} // namespace clairgate::report
