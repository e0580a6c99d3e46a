#include <clairgate/report/columns.hpp>
#include <clairgate/report/terminal_writer.hpp>

namespace clairgate::report {

namespace {

Fixed sgr_of(TerminalWriter::Colour colour) {
    switch (colour) {
    case TerminalWriter::Colour::bold:
        return "\x1b[1m";
    case TerminalWriter::Colour::red:
        return "\x1b[1;31m";
    case TerminalWriter::Colour::yellow:
        return "\x1b[1;33m";
    case TerminalWriter::Colour::green:
        return "\x1b[1;32m";
    case TerminalWriter::Colour::magenta:
        return "\x1b[1;35m";
    case TerminalWriter::Colour::dim:
        return "\x1b[2m";
    }
    return "";
}

} // namespace

InertText TerminalWriter::safe(std::string_view untrusted, std::size_t columns) const {
    auto const whole = safe(untrusted);
    if (width_of(whole.text()) <= columns)
        return whole;
    auto cut = fitted(whole.text(), columns, options_.is_utf8);
    return safe(cut); // what was cut is inert already: it stays as it is
}

InertText TerminalWriter::day(SystemTime when) {
    constexpr std::size_t date_bytes = 10;
    return inert(to_rfc3339(when).substr(0, date_bytes), true);
}

InertText TerminalWriter::coloured(Fixed text, Colour colour) const {
    if (!options_.has_colour)
        return text;
    return said({sgr_of(colour), text, "\x1b[0m"});
}

void TerminalWriter::line(InertPiece const& text) {
    put(text.text());
    put('\n');
}

void TerminalWriter::title(InertPiece const& text) {
    put('\n');
    if (options_.has_colour)
        put("\x1b[1m");
    put(text.text());
    if (options_.has_colour)
        put("\x1b[0m");
    put('\n');
}

void TerminalWriter::say(InertPiece const& head, InertPiece const& sentence, Fixed indent) {
    put(wrapped(head.text(), sentence.text(), options_.columns, indent.text()));
}

} // namespace clairgate::report
